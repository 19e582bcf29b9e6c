#pragma once

#include <string_view>

namespace lares {

/// Whether a change at this path, relative to a granted folder, could later run as a program or
/// change what programs do: what is below `.git` or `.ssh`, start-up files of a shell, desktop and
/// service files, scripts and build files. A grant does not cover those: each is asked for, whether
/// it exists or not. Letter case does not matter. Any thread.
[[nodiscard]] bool is_sensitive_path(std::string_view relative);

}  // namespace lares
