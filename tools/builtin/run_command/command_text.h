#pragma once

#include "tools/builtin/run_command/apply_changes.h"
#include "tools/sandbox/command_runner.h"

#include <optional>
#include <string>

namespace lares {

/// What a command came to, besides what it printed.
struct CommandReport {
    CommandOutcome outcome;
    CommandLimits limits;
    /// What it changed and what became of that. Nothing: it could only read, or did not end by
    /// itself, so that nothing was kept.
    std::optional<AppliedChanges> applied;
    std::vector<LeftOutChange> left_out;
    std::size_t n_not_copied = 0;  ///< links, pipes and the like, which the command did not see
    bool is_too_large = false;     ///< the folder was, to be copied: the command could only read it
    std::string fault;             ///< why its changes could not be looked at; else empty
};

/// For the model: how it ended, what it printed, what it changed, as tools/registry/README.md has
/// it; for the user one sentence's end: "exit status 0, 3 changes".
[[nodiscard]] ToolText command_text(const CommandReport& report);

}  // namespace lares
