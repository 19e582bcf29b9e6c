#pragma once

#include "tools/policy/broker.h"

#include <span>
#include <string>
#include <vector>

namespace lares {

/// One question of one card, made of those of one or more calls.
struct PermissionPlan {
    std::string verb;    ///< "Move", "Read the file"
    std::string object;  ///< "12 files from Downloads to Invoices", "notes.txt"
    /// One a change, in the order in which they will happen; none where nothing is changed.
    std::vector<PlannedChange> changes;
    std::vector<std::string> paths;           ///< of what is read
    std::vector<std::string> folders;         ///< that a yes for longer covers; none: only once
    std::optional<PlannedCommand> command;    ///< that would run
    std::optional<PlannedServerCall> server;  ///< of a tool server's tool
    std::optional<std::string> note;          ///< that would be kept
    ToolEffect effect = ToolEffect::ReadFolders;

    /// Whether a yes may be for longer than once.
    [[nodiscard]] bool can_last() const { return !folders.empty() || server.has_value(); }
};

/// Precondition: at least one request; all change something, or there is only one. Any thread.
[[nodiscard]] PermissionPlan plan_of(std::span<const PermissionRequest> requests);

}  // namespace lares
