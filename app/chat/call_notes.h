#pragma once

#include "app/chat/chat_message.h"
#include "tools/policy/broker.h"

namespace lares::app {

/// What is kept of a tool call beside its text and result (Part::data), for whoever looks at it
/// later: the activity of the right panel. All of it is ready to be shown.

/// While the user is asked, and if the call is refused.
void noteRequest(Part& call, const PermissionRequest& request);
/// When it ran, or was not let.
void noteOutcome(Part& call, const ToolOutcome& outcome);

}  // namespace lares::app
