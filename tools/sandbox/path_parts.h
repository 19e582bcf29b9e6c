#pragma once

#include "tools/sandbox/windows_path.h"

#include <optional>
#include <string>
#include <string_view>

namespace lares {

// Paths taken apart as text: absolute, with "/" between names on every system. No file is looked
// at. Any thread.

/// From a folder to what is in it: "/a/b" and "/a/b/c/d" make "c/d"; the folder itself makes "".
/// Nothing when it is not inside. Both are normalised. On Windows upper and lower case are the
/// same.
[[nodiscard]] std::optional<std::string> relative_to(std::string_view folder,
                                                     std::string_view path,
                                                     PathStyle style = kNativePaths);
/// It is the folder, or inside it.
[[nodiscard]] bool is_in_folder(std::string_view folder,
                                std::string_view path,
                                PathStyle style = kNativePaths);

/// "/a/b/c" → "/a/b", and "c". A root ("/", "C:/") is its own parent.
[[nodiscard]] std::string parent_path(std::string_view path);
[[nodiscard]] std::string last_component(std::string_view path);
[[nodiscard]] bool is_root_path(std::string_view path);
/// A name in a folder: "/a" and "b" make "/a/b", "C:/" and "b" make "C:/b".
[[nodiscard]] std::string path_in(std::string folder, std::string_view name);

/// A folder as settings name it (a home, our own data) in the form that `relative_to` takes: on
/// Windows normalised, elsewhere as it is. Empty: no absolute path.
[[nodiscard]] std::string plain_folder(const std::string& path, PathStyle style = kNativePaths);

}  // namespace lares
