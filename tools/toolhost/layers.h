#pragma once

#include "engine/base/result.h"
#include "tools/sandbox/linux/command_order.h"

namespace lares::toolhost {

// Each sets or checks one layer around this process and what it will start, in this order, and is
// called once, by the only thread. An error says which layer is missing; then nothing may run.

/// Namespaces of its own, process 1 in them, no capabilities, a root that cannot be written.
[[nodiscard]] Result<void> check_isolation(const CommandOrder& order);

/// That /usr and each folder are those that the order names, and read-only where it says so.
[[nodiscard]] Result<void> check_folders(const CommandOrder& order);

[[nodiscard]] Result<void> set_limits(const OrderLimits& limits);

/// Landlock, with the version of it that is in force; then files are denied that were not before.
[[nodiscard]] Result<long> restrict_files(const CommandOrder& order);

/// seccomp; then calls are denied that were not before.
[[nodiscard]] Result<void> restrict_calls();

}  // namespace lares::toolhost
