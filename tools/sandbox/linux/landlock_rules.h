#pragma once

#include "tools/sandbox/linux/landlock_abi.h"

#include <span>

namespace lares::landlock {

/// What may be done with an open file or folder, and below it.
struct Rule {
    int fd = -1;
    std::uint64_t rights = 0;  ///< those that this kernel does not know are left out
};

/// The version of Landlock that the kernel has; 0: none, or it is switched off. Any thread.
[[nodiscard]] long abi();

/// Takes from this thread, for good, every right to files that no rule gives and that this ABI
/// knows, and with them TCP (ABI 4), abstract sockets and signals to others (ABI 6). The thread has
/// set no_new_privs. 0, or the errno of the system: then nothing is in force.
[[nodiscard]] int restrict_this_thread(std::span<const Rule> rules, long abi);

}  // namespace lares::landlock
