#pragma once

#include "tools/builtin/tool_text.h"

namespace lares {

/// Files whose name fits the pattern, in the folder and below it; links are not followed, at most
/// 200,000 entries are looked at and 30 paths shown. One thread a call.
[[nodiscard]] ToolText find_files(const ToolPath& folder,
                                  const std::string& pattern,
                                  const RunLimits& limits);

}  // namespace lares
