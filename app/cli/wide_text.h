#pragma once

#include <string>
#include <string_view>

// Windows only: its own text is UTF-16, ours UTF-8 everywhere else.
namespace lares::cli {

/// What is no valid UTF-16 (a name may hold half a pair) becomes U+FFFD.
[[nodiscard]] std::string utf8FromWide(std::wstring_view text);

}  // namespace lares::cli
