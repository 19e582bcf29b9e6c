#include "tools/sandbox/confinement.h"

#include "tools/sandbox/linux/landlock_abi.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

namespace lares {
namespace {

/// Below this a file cannot be renamed into another folder at all.
constexpr long kOldestAbi = 2;

/// Numbers are the same on every architecture since Landlock came.
constexpr long kCreateRuleset = 444;
constexpr long kAddRule = 445;
constexpr long kRestrictSelf = 446;

Error cannot_confine(const char* what) {
    return {ErrorCode::Unsupported, std::string("the system could not confine the tool (") + what +
                                        ": " + std::generic_category().message(errno) +
                                        "), so it did not run"};
}

/// 0: the kernel has none, or it is switched off.
long landlock_abi() {
    static const long kAbi =
        std::max(0L, ::syscall(kCreateRuleset, nullptr, 0, landlock::kCreateRulesetVersion));
    return kAbi;
}

std::uint64_t rights_of(long abi) {
    using namespace landlock;
    std::uint64_t rights = kExecute | kWriteFile | kReadFile | kReadDir | kRemoveDir | kRemoveFile |
                           kMakeChar | kMakeDir | kMakeReg | kMakeSock | kMakeFifo | kMakeBlock |
                           kMakeSym | kRefer;
    if (abi >= 3) rights |= kTruncate;
    if (abi >= 5) rights |= kIoctlDev;
    return rights;
}

Result<void> restrict_files(std::span<const ConfinedFolder> folders, long abi) {
    using namespace landlock;
    RulesetAttributes attributes;
    attributes.handled_access_fs = rights_of(abi);
    std::size_t size = sizeof attributes.handled_access_fs;
    if (abi >= 4) {
        attributes.handled_access_net = kNetBindTcp | kNetConnectTcp;
        size = offsetof(RulesetAttributes, scoped);
    }
    if (abi >= 6) {
        attributes.scoped = kScopeAbstractUnixSocket | kScopeSignal;
        size = sizeof attributes;
    }
    const UniqueNativeHandle ruleset(
        static_cast<int>(::syscall(kCreateRuleset, &attributes, size, 0)));
    if (!ruleset) return cannot_confine("Landlock");
    for (const ConfinedFolder& one : folders) {
        PathBeneathAttributes beneath;
        beneath.allowed_access = kReadFile | kReadDir;
        if (one.is_for_changes) {
            beneath.allowed_access |=
                kWriteFile | kRemoveDir | kRemoveFile | kMakeDir | kMakeReg | kRefer | kTruncate;
        }
        beneath.allowed_access &= attributes.handled_access_fs;
        beneath.parent_fd = one.folder->native();
        if (::syscall(kAddRule, ruleset.get(), kRulePathBeneath, &beneath, 0) != 0)
            return cannot_confine("Landlock");
    }
    if (::syscall(kRestrictSelf, ruleset.get(), 0) != 0) return cannot_confine("Landlock");
    return {};
}

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;  // no filter
#endif

/// What no file tool calls. Everything else stays, since a C library calls what it likes.
constexpr std::array kRefused = {
    SYS_socket,
    SYS_socketpair,
    SYS_connect,
    SYS_bind,
    SYS_listen,
    SYS_accept,
    SYS_accept4,
    SYS_execve,
    SYS_execveat,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_kill,
    SYS_tkill,
    SYS_tgkill,
    SYS_pidfd_open,
    SYS_pidfd_getfd,
    SYS_pidfd_send_signal,
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_unshare,
    SYS_setns,
    SYS_open_by_handle_at,
    SYS_mknodat,
    SYS_symlinkat,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_init_module,
    SYS_finit_module,
    SYS_kexec_load,
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
    SYS_setxattr,
    SYS_lsetxattr,

    SYS_fchownat,
    SYS_fchown,
    SYS_personality,
    SYS_swapon,
    SYS_reboot,
    SYS_setuid,
    SYS_setgid,
    SYS_setgroups,
#ifdef SYS_symlink
    SYS_symlink,
    SYS_mknod,
    SYS_chown,
    SYS_lchown,
    SYS_fork,
    SYS_vfork,
#endif
};

Result<void> restrict_calls() {
    constexpr std::uint32_t kRefusal = SECCOMP_RET_ERRNO | EPERM;
    std::vector<sock_filter> filter;
    filter.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)));
    filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0));
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, kRefusal));
    filter.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
#if defined(__x86_64__)
    // The x32 calls have numbers of their own, beside these.
    filter.push_back(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1));
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, kRefusal));
#endif
    for (const auto call : kRefused) {
        filter.push_back(
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(call), 0, 1));
        filter.push_back(BPF_STMT(BPF_RET | BPF_K, kRefusal));
    }
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    sock_fprog program{};
    program.len = static_cast<unsigned short>(filter.size());
    program.filter = filter.data();
    if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        return cannot_confine("seccomp");
    return {};
}

/// The kernel says ENOSYS or EINVAL where it was built without.
bool has_seccomp() {
    const std::uint32_t action = SECCOMP_RET_ERRNO;
    return kArchitecture != 0 && ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

}  // namespace

Result<std::vector<std::string>> confine_this_thread(std::span<const ConfinedFolder> folders) {
    std::vector<std::string> layers;
    const long abi = landlock_abi();
    const bool wants_seccomp = has_seccomp();
    if (abi < kOldestAbi && !wants_seccomp) return layers;
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return cannot_confine("no_new_privs");
    if (abi >= kOldestAbi) {
        RETURN_IF_ERROR(restrict_files(folders, abi));
        layers.emplace_back("landlock");
    }
    if (wants_seccomp) {
        RETURN_IF_ERROR(restrict_calls());
        layers.emplace_back("seccomp");
    }
    return layers;
}

}  // namespace lares
