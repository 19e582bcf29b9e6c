#pragma once

#include <string>
#include <string_view>

namespace lares {

/// Vocabulary files store byte strings as text in GPT-2's alphabet of 256 printable characters
/// (Radford et al. 2019, bytes_to_unicode): bytes 33–126, 161–172 and 174–255 stand for themselves
/// as code points, the other 68, in order, are U+0100 … U+0143. (spec: tokenizer.md §3)
/// Appends the bytes that `stored` stands for; false if a character is not in the alphabet, and
/// then `bytes` has grown by an unspecified amount.
[[nodiscard]] bool append_alphabet_bytes(std::string_view stored, std::string& bytes);

}  // namespace lares
