#pragma once

#include "tools/builtin/changes/change_tools.h"

namespace lares {

/// Makes a folder and those before it that are missing, each a change of its own. Any thread.
[[nodiscard]] ToolText make_folder(const ToolPath& path, const ChangeTools& tools);

}  // namespace lares
