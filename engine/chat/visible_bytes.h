#pragma once

#include "engine/tokenizer/bpe_tokenizer.h"

#include <string_view>

namespace lares {

/// What a generated token adds to the answer's text; nothing for a control token, but for the tags
/// that the output parser has to see even where a vocabulary calls them control tokens
/// (spec: tokenizer.md §4.1).
[[nodiscard]] std::string_view visible_bytes(const BpeTokenizer& tokenizer, TokenId id);

}  // namespace lares
