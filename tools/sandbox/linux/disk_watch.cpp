#include "tools/sandbox/linux/disk_watch.h"

#include <algorithm>
#include <array>
#include <sys/vfs.h>

namespace lares {
namespace {

/// Whoever was there before keeps this much.
constexpr std::uint64_t kFloorBytes = 64ULL << 20;

/// On other disks a command may be counted short, by a trick (children that nobody waits for): a
/// disk that got fuller by so much more than allowed says it too.
constexpr std::uint64_t kSurelyTooMuch = 4;

constexpr std::array<std::uint64_t, 5> kCountedSystems = {
    0xEF53,      // ext4
    0x9123683E,  // btrfs
    0x58465342,  // XFS
    0xF2F52010,  // F2FS
    0x794C7630,  // overlay
};

std::uint64_t free_bytes(const struct statfs& status) {
    return static_cast<std::uint64_t>(status.f_bavail) * static_cast<std::uint64_t>(status.f_bsize);
}

}  // namespace

DiskWatch::DiskWatch(const std::vector<CommandFolder>& folders, std::uint64_t max_written_bytes)
    : m_max(max_written_bytes) {
    for (const CommandFolder& one : folders) {
        struct statfs status {};
        if (!one.is_writable || ::fstatfs(one.folder->native(), &status) != 0) continue;
        const bool is_counted =
            std::find(kCountedSystems.begin(), kCountedSystems.end(),
                      static_cast<std::uint64_t>(status.f_type)) != kCountedSystems.end();
        m_disks.push_back({one.folder->native(), free_bytes(status), is_counted});
    }
}

bool DiskWatch::is_too_much(std::uint64_t written_bytes) const {
    if (written_bytes > m_max) return true;
    return std::any_of(m_disks.begin(), m_disks.end(), [&](const Disk& disk) {
        struct statfs status {};
        if (::fstatfs(disk.folder, &status) != 0) return false;
        const std::uint64_t now = free_bytes(status);
        if (now >= disk.free_bytes) return false;
        if (now < kFloorBytes && disk.free_bytes >= kFloorBytes) return true;
        return disk.free_bytes - now > m_max * (disk.is_counted ? kSurelyTooMuch : 1);
    });
}

}  // namespace lares
