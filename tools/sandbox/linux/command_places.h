#pragma once

#include "engine/base/result.h"
#include "tools/sandbox/command_runner.h"
#include "tools/sandbox/linux/command_order.h"

#include <string>
#include <vector>

namespace lares {

/// A folder of a command as bubblewrap gets it. It can only be named, so whether it is the right
/// one is looked at again inside, before anything runs.
struct BoundFolder {
    std::string source;  ///< its path at this moment
    OrderFolder order;
};

/// The folders of a command, those that others lie in first. InvalidArgument when the spec makes no
/// sense: a place that is not plain or belongs to the system, twice the same, a folder in another
/// one that is not there; limits of nothing; a working folder outside. Any thread.
[[nodiscard]] Result<std::vector<BoundFolder>> bound_folders(const CommandSpec& spec);

}  // namespace lares
