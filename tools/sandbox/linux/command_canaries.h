#pragma once

#include "tools/sandbox/command_runner.h"

#include <functional>

namespace lares {

using RunCommand = std::function<Result<CommandOutcome>(const CommandSpec&)>;

/// Attacks the sandbox that `run` makes, with commands of lares-toolhost's, and says whether every
/// attack was seen to be denied while what it was after was alive. Unsupported, with what was
/// wrong.
[[nodiscard]] Result<std::vector<std::string>> try_canaries(const std::string& toolhost,
                                                            const RunCommand& run);

}  // namespace lares
