#pragma once

#include "app/chat/chat_controller.h"
#include "tools/policy/change_plan.h"

namespace lares::app {

/// What the broker asks, in the window's words; which message it is about is for the caller to
/// fill in. Any thread.
[[nodiscard]] PermissionQuestion questionOf(const PermissionPlan& plan);

}  // namespace lares::app
