#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lares {

/// The absolute path that a call means: "~" and "~/x" begin in `home`, a relative one in
/// `only_folder`; "." and ".." are worked out by the text alone, without looking at the file
/// system, and neither they nor doubled or trailing slashes are left. Nothing when the path breaks
/// the bounds of path_bounds.h or when it begins nowhere (no home, no only folder, "~somebody").
/// Any thread.
[[nodiscard]] std::optional<std::string> absolute_path(std::string_view called,
                                                       const std::string& home,
                                                       const std::string& only_folder);

/// From a folder to what is in it: "/a/b" and "/a/b/c/d" make "c/d"; the folder itself makes "".
/// Nothing when it is not inside. Both are normalised.
[[nodiscard]] std::optional<std::string> relative_to(std::string_view folder,
                                                     std::string_view path);

/// "/a/b/c" → "/a/b", and "c". "/" is its own parent.
[[nodiscard]] std::string parent_path(std::string_view path);
[[nodiscard]] std::string last_component(std::string_view path);

}  // namespace lares
