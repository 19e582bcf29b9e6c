#pragma once

#include <string>

namespace lares::test {

// Links for tests on Windows. Paths as FolderTree has them. Each says whether it made one.

/// A folder that leads to another one, which every user may make. Wine 8 cannot.
[[nodiscard]] bool make_junction(const std::string& path, const std::string& target);
/// A symbolic link to a file; needs the developer mode or an administrator. Wine 8 cannot.
[[nodiscard]] bool make_symbolic_link(const std::string& path, const std::string& target);
/// A link of the system below Wine, which Wine follows without a word; false on Windows itself.
[[nodiscard]] bool make_unix_link(const std::string& path, const std::string& target);
/// A second name of a file.
[[nodiscard]] bool make_hard_link(const std::string& path, const std::string& existing);
/// The name of at most 8 letters that something has besides its own; empty: none.
[[nodiscard]] std::string short_name_of(const std::string& path);

}  // namespace lares::test
