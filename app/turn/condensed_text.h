#pragma once

#include "engine/session/engine.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

/// What stands in a prompt for the beginning of a conversation that is no longer read word by word.
/// It was made from what users, documents and tools said, and is as little to be trusted.
struct CondensedText {
    std::string summary;        ///< as the model wrote it; empty: there is none
    bool isLeavingOut = false;  ///< some of the beginning is in no summary

    bool operator==(const CondensedText&) const = default;
};

/// A user's turn, with that before its words: the summary between a pair of tags that it cannot
/// close, and a sentence that it is a record. As what the user says it is data for every prompt
/// format, and no text in it becomes a special token. The same bytes for the same two texts, so
/// that the prompts of later turns begin alike.
[[nodiscard]] std::string condensedTurn(const CondensedText& condensed, std::string_view words);

/// Puts it before the first of `messages` that is no system message; where that is no user's, as a
/// message of its own.
void putCondensed(std::vector<Message>& messages, const CondensedText& condensed);

/// Where the turns of a conversation begin: at its first message that is no system message, and at
/// every later one of the user. What follows up to the next one answers it.
[[nodiscard]] std::vector<std::size_t> turnStarts(const std::vector<Message>& messages);

}  // namespace lares
