#pragma once

#include "engine/tokenizer/bpe_tokenizer.h"

#include <cstddef>
#include <string_view>

namespace lares {

/// End of the pre-token that begins at `begin`: where the regular expression of `kind` stops when
/// it matches there (leftmost, first alternative wins). Every byte of a text belongs to one
/// pre-token. Llama3
///   (?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}
///   | ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
/// Tekken (U = \p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}, D = \p{Ll}\p{Lm}\p{Lo}\p{M})
///   [^\r\n\p{L}\p{N}]?[U]*[D]+|[^\r\n\p{L}\p{N}]?[U]+[D]*|\p{N}
///   | ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
/// A byte that is not valid UTF-8 counts as one code point of no class. (spec: tokenizer.md §2)
/// Cost  linear in the text over all calls for one text.
/// Precondition: begin < text.size().
[[nodiscard]] std::size_t pre_token_end(PreTokenizer kind,
                                        std::string_view text,
                                        std::size_t begin);

}  // namespace lares
