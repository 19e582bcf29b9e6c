#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace lares {

/// The path that UTF-8 text names, and its text, on every system. A std::filesystem::path made of
/// narrow text, and its string(), mean an old code page on Windows that lacks most characters.
/// Linux: the bytes as they are. Any thread.
[[nodiscard]] std::filesystem::path path_from_utf8(std::string_view text);
[[nodiscard]] std::string utf8_from_path(const std::filesystem::path& path);

}  // namespace lares
