#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace lares::test {

/// A file below tests/data.
[[nodiscard]] std::filesystem::path data_file(std::string_view relative);
/// A file below the root of the source tree.
[[nodiscard]] std::filesystem::path source_file(std::string_view relative);
/// A program of the build, by name: "lares-cli".
[[nodiscard]] std::filesystem::path program(std::string_view name);
/// A whole file's bytes; ends the test program with a message when it cannot be read.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

}  // namespace lares::test
