#include "tools/sandbox/linux/pseudo_files.h"

#include <algorithm>
#include <array>
#include <linux/magic.h>
#include <sys/vfs.h>

namespace lares {
namespace {

constexpr std::array<unsigned long, 10> kPseudo = {
    PROC_SUPER_MAGIC, SYSFS_MAGIC,      CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, DEBUGFS_MAGIC,
    TRACEFS_MAGIC,    SECURITYFS_MAGIC, DEVPTS_SUPER_MAGIC, NSFS_MAGIC,          BPF_FS_MAGIC,
};

}  // namespace

bool is_pseudo_file(int fd) {
    struct statfs system {};
    if (::fstatfs(fd, &system) != 0) return true;  // nobody can say: fail closed
    const auto magic = static_cast<unsigned long>(system.f_type);
    return std::find(kPseudo.begin(), kPseudo.end(), magic) != kPseudo.end();
}

}  // namespace lares
