#pragma once

#include "tools/builtin/tool_text.h"

namespace lares {

/// What is in a folder: folders first, then files with their sizes, each group by name; at most 50
/// lines. Its memory does not grow with the folder. One thread a call.
[[nodiscard]] ToolText list_folder(const ToolPath& path, const RunLimits& limits);

}  // namespace lares
