#pragma once

#include "engine/base/result.h"
#include "tools/sandbox/command_runner.h"
#include "tools/sandbox/linux/command_launch.h"

#include <stop_token>
#include <string>

namespace lares {

/// Watches a sandbox until nothing of it is left: reads what it prints, and ends it when it uses
/// more than the spec's limits or when `stop` says so. An error when its layers did not come into
/// force (Unsupported, with what was missing: nothing of the script has run) or could not be
/// watched (Io). `nonce` is what lares-toolhost must say when they are. Takes about one thread's
/// time while it prints, and little else.
[[nodiscard]] Result<CommandOutcome> supervise(LaunchedCommand launched,
                                               const CommandSpec& spec,
                                               const std::string& nonce,
                                               const std::stop_token& stop);

}  // namespace lares
