#pragma once

#include "tools/policy/broker.h"
#include "tools/policy/prepared_call.h"

#include <string>
#include <vector>

namespace lares {

/// A command that somebody said yes to.
struct CommandCall {
    std::string script;
    const CallPlace& place;  ///< the folder
    std::string conversation;
    std::string turn;
    bool keeps_changes = false;
};

/// Runs it: in a copy of its folder, what it changed there is then put in place through the
/// journal; or, where the folder may only be read or is too large to copy, in the folder itself,
/// read-only. Nothing that it did is kept when it did not end by itself. `layers`: what kept it in.
/// `options.commands` and `options.changes` are there. Any thread; takes as long as the command.
[[nodiscard]] ToolText run_in_sandbox(const CommandCall& call,
                                      const Broker::Options& options,
                                      const RunLimits& limits,
                                      std::vector<std::string>& layers);

}  // namespace lares
