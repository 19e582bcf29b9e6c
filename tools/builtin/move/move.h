#pragma once

#include "tools/builtin/changes/change_tools.h"

namespace lares {

/// Moves or renames a file or folder; `to` is its whole new path. Never replaces anything, and
/// never goes to another disk, so that undoing is one rename. Any thread.
[[nodiscard]] ToolText move(const ToolPath& from, const ToolPath& to, const ChangeTools& tools);

}  // namespace lares
