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

}  // namespace lares
