#pragma once

#include "tools/sandbox/windows_path.h"

#include <string_view>

namespace lares {

/// Whether a change at this path, relative to a granted folder, could later run as a program or
/// change what programs do: what is below `.git` or `.ssh`, start-up files of a shell, desktop and
/// service files, scripts and build files. A grant does not cover those: each is asked for, whether
/// it exists or not. Letter case does not matter, nor that of letters which some disks take for
/// another's other case. Any thread.
[[nodiscard]] bool is_sensitive_path(std::string_view relative);

/// Whether a path, relative to the home folder, is of what programs keep there for themselves:
/// names with a "." in front; on Windows also AppData and the user's part of the registry.
[[nodiscard]] bool is_hidden_in_home(std::string_view relative, PathStyle style = kNativePaths);

}  // namespace lares
