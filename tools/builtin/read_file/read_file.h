#pragma once

#include "tools/builtin/tool_text.h"

namespace lares {

/// The text of a file: valid UTF-8, or UTF-16 with its mark at the beginning; line ends become
/// "\n". At most 8,000 characters of it; a file above 16 MB is refused. One thread a call.
[[nodiscard]] ToolText read_file(const ToolPath& path, const RunLimits& limits);

}  // namespace lares
