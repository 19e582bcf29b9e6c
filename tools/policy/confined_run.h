#pragma once

#include "tools/builtin/tool_text.h"
#include "tools/journal/change_log.h"
#include "tools/sandbox/confinement.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace lares {

/// What a tool came to in a confined thread, and which layers kept it there.
struct ConfinedOutcome {
    ToolText text;
    std::vector<std::string> layers;
};

/// Runs `work` in a thread of its own that the system confines to these folders, and waits for it.
/// The log that `work` gets writes into `log`, from the calling thread: the journal's file lies in
/// no folder of the tool's. Where the system has layers and one could not be put in place, nothing
/// runs and the text is the error. Any thread.
[[nodiscard]] ConfinedOutcome run_confined(std::span<const ConfinedFolder> folders,
                                           ChangeLog* log,
                                           const std::function<ToolText(ChangeLog*)>& work);

}  // namespace lares
