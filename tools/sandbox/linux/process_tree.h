#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>

namespace lares {

/// What the processes below one use together, at one moment.
struct TreeUse {
    unsigned n_process = 0;
    std::uint64_t resident_bytes = 0;  ///< memory that two share counts twice
    std::uint64_t written_bytes = 0;   ///< to disks, since they began; of those that ended too
};

/// Everything that descends from `root`, without itself, as /proc shows it. Other processes come
/// and go meanwhile, so one that is new may be missing. Any thread.
[[nodiscard]] TreeUse use_of_tree(pid_t root);

/// How many threads there are on this system, or in this container: cheap to ask, and it grows when
/// a tree does.
[[nodiscard]] std::uint64_t n_thread_of_system();

/// A process' parent; 0: there is no such process.
[[nodiscard]] pid_t parent_of(pid_t process);

/// Ticks of the system's clock at which it started: with its number it is this process and no
/// other.
[[nodiscard]] std::string start_of(pid_t process);

}  // namespace lares
