#pragma once

#include <string>
#include <string_view>

// Windows only: its own text is UTF-16, ours UTF-8 everywhere.
namespace lares {

/// What is no valid UTF-16 (a name may hold half a pair) becomes U+FFFD. Any thread.
[[nodiscard]] std::string utf8_from_wide(std::wstring_view text);
/// What is no valid UTF-8 becomes U+FFFD. Any thread.
[[nodiscard]] std::wstring wide_from_utf8(std::string_view text);

}  // namespace lares
