#include "tools/sandbox/confinement.h"

#include "tools/sandbox/linux/call_filter.h"
#include "tools/sandbox/linux/landlock_rules.h"

#include <array>
#include <cerrno>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

namespace lares {
namespace {

/// Below this a file cannot be renamed into another folder at all.
constexpr long kOldestAbi = 2;

Error cannot_confine(const char* what) {
    return {ErrorCode::Unsupported, std::string("the system could not confine the tool (") + what +
                                        ": " + std::generic_category().message(errno) +
                                        "), so it did not run"};
}

Result<void> restrict_files(std::span<const ConfinedFolder> folders, long abi) {
    using namespace landlock;
    std::vector<Rule> rules;
    for (const ConfinedFolder& one : folders) {
        std::uint64_t rights = kReadFile | kReadDir;
        if (one.is_for_changes) {
            rights |=
                kWriteFile | kRemoveDir | kRemoveFile | kMakeDir | kMakeReg | kRefer | kTruncate;
        }
        rules.push_back({one.folder->native(), rights});
    }
    errno = restrict_this_thread(rules, abi);
    if (errno != 0) return cannot_confine("Landlock");
    return {};
}

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
    CallFilter filter(ForeignCalls::Refuse);
    for (const auto call : kRefused) filter.refuse(call);
    errno = filter.install();
    if (errno != 0) return cannot_confine("seccomp");
    return {};
}

}  // namespace

Result<std::vector<std::string>> confine_this_thread(std::span<const ConfinedFolder> folders) {
    std::vector<std::string> layers;
    const long abi = landlock::abi();
    const bool wants_seccomp = CallFilter::is_available();
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
