#pragma once

#include <string>
#include <string_view>

namespace lares {

/// What a program printed, as plain text in UTF-8: colours and cursor movements are taken out, a
/// line that was written over (\r, \b) is as it was last, bytes that are no text are U+FFFD, other
/// control characters and those that turn the direction of text are written as \u{7}. Any thread.
[[nodiscard]] std::string printed_text(std::string_view bytes);

}  // namespace lares
