#pragma once

#include "tools/builtin/get_time/local_time.h"
#include "tools/builtin/tool_text.h"

namespace lares {

/// "Sunday 22 November 2026, 15:58". Any thread.
[[nodiscard]] ToolText get_time(const LocalTime& now);

}  // namespace lares
