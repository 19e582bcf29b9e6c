#pragma once

#include "tools/sandbox/windows_path.h"

#include <optional>
#include <string>
#include <string_view>

namespace lares {

/// The absolute path that a call means, with "/" between names on every system: "~" and "~/x" begin
/// in `home`, a relative one in `only_folder`; "." and ".." are worked out by the text alone,
/// without looking at the file system, and neither they nor doubled or trailing slashes are left.
/// Nothing when the path breaks the bounds of path_bounds.h or when it begins nowhere (no home, no
/// only folder, "~somebody"). On Windows also when it is no plain path on a drive
/// (normalised_windows_path: `\\server\x`, `\x`, `C:x`, `nul`, `a.txt:stream`) or has a name that
/// looks_like_short_name. Any thread.
[[nodiscard]] std::optional<std::string> absolute_path(std::string_view called,
                                                       const std::string& home,
                                                       const std::string& only_folder,
                                                       PathStyle style = kNativePaths);
/// Why there is none, for the user.
[[nodiscard]] std::string no_absolute_path_reason(PathStyle style = kNativePaths);

/// From a folder to what is in it: "/a/b" and "/a/b/c/d" make "c/d"; the folder itself makes "".
/// Nothing when it is not inside. Both are normalised. On Windows upper and lower case are the
/// same.
[[nodiscard]] std::optional<std::string> relative_to(std::string_view folder,
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
