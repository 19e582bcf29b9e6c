#pragma once

#include "app/chat/chat_message.h"

#include <QString>

#include <cstddef>
#include <vector>

namespace lares::app {

/// Two or more calls of a message that follow each other and change files: shown as one line, so
/// that forty moves do not fill the screen.
struct ChangeRun {
    std::vector<std::size_t> calls;  ///< indices of its ToolCall parts
    std::size_t last = 0;            ///< of its last part: a call, or that call's result
};
[[nodiscard]] std::vector<ChangeRun> changeRunsOf(const ChatMessage& message);

/// "Moved 40 items", "Changing files: 12 of 40", "40 changes to files".
[[nodiscard]] QString sentenceOf(const ChangeRun& run, const ChatMessage& message);
/// Waiting and Running while any of them is; then Done if any was done.
[[nodiscard]] Part::CallState stateOf(const ChangeRun& run, const ChatMessage& message);
/// "2 failed · undone"
[[nodiscard]] QString detailOf(const ChangeRun& run, const ChatMessage& message);
/// What each of them did, one a line.
[[nodiscard]] QString linesOf(const ChangeRun& run, const ChatMessage& message);

}  // namespace lares::app
