#pragma once

#include <string>
#include <string_view>

namespace lares {

/// Lower case for comparing names: Latin, Greek and Cyrillic letters; everything else as it is,
/// bytes that are no text too. Any thread.
[[nodiscard]] std::u32string folded_name(std::string_view name);
/// The same letters in a text, which stays as long as it is: what is found in one is at the same
/// byte in the other. Precondition: valid UTF-8.
[[nodiscard]] std::string folded_text(std::string_view text);

}  // namespace lares
