#pragma once

#include "tools/sandbox/command_runner.h"

#include <cstdint>
#include <vector>

namespace lares {

/// How full the disks of a command's folders get while it runs. One thread at a time.
class DiskWatch {
public:
    /// Of the folders that it may change, each open as long as this.
    DiskWatch(const std::vector<CommandFolder>& folders, std::uint64_t max_written_bytes);

    /// Whether it wrote more than it may. `written_bytes` is what the system counted; where it
    /// counts nothing (memory, network, FUSE), a disk that got fuller by as much says it, whoever
    /// it was.
    [[nodiscard]] bool is_too_much(std::uint64_t written_bytes) const;

private:
    struct Disk {
        NativeHandle folder = kNoHandle;
        std::uint64_t free_bytes = 0;
        bool is_counted = false;
    };

    std::vector<Disk> m_disks;
    std::uint64_t m_max;
};

}  // namespace lares
