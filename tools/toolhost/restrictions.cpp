#include "tools/sandbox/linux/call_filter.h"
#include "tools/sandbox/linux/landlock_rules.h"
#include "tools/sandbox/native_handle.h"
#include "tools/toolhost/layers.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

namespace lares::toolhost {
namespace {

namespace ll = landlock;

constexpr std::uint64_t kRead = ll::kReadFile | ll::kReadDir;
constexpr std::uint64_t kRun = kRead | ll::kExecute;
/// No sockets, devices and pipes: those are found by others later.
constexpr std::uint64_t kChange = ll::kWriteFile | ll::kTruncate | ll::kRemoveDir |
                                  ll::kRemoveFile | ll::kMakeDir | ll::kMakeReg | ll::kMakeSym |
                                  ll::kRefer;

struct Place {
    std::string path;
    std::uint64_t rights = 0;
};

std::vector<Place> allowed_places(const CommandOrder& order) {
    std::vector<Place> places = {
        {"/usr", kRun},
        {"/etc", kRead},
        {"/proc", kRead},
        {"/dev", kRead | ll::kWriteFile | ll::kIoctlDev},
        {"/dev/shm", kRun | kChange},
        {"/tmp", kRun | kChange},
        {kHomePlace, kRun | kChange},
        {kToolhostPlace, ll::kReadFile | ll::kExecute},
        {kScriptPlace, ll::kReadFile},
    };
    // Links into /usr on most systems; folders on others.
    for (const char* path : {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}) {
        if (::access(path, F_OK) == 0) places.push_back({path, kRun});
    }
    for (const OrderFolder& one : order.folders)
        places.push_back({one.place, one.is_writable ? kRun | kChange : kRun});
    return places;
}

int result_of(long returned) {
    return returned < 0 ? errno : 0;
}

/// 0 or the errno of opening the folder of our own files.
int open_own_place() {
    const UniqueNativeHandle own(::open(kOwnPlace, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return own ? 0 : errno;
}

Error not_in_force(const std::string& layer, int error) {
    const std::string why =
        error == 0 ? std::string("it is not in force") : std::generic_category().message(error);
    return {ErrorCode::Unsupported, layer + ": " + why};
}

constexpr std::uint32_t kNewNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                                         CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
constexpr std::uint32_t kSpecialBits = S_ISUID | S_ISGID;

/// What no command needs, or what reaches other things than files and its own processes.
constexpr std::array kRefused = {
    // sockets: those of socketpair stay, and they need none of these
    SYS_socket,
    SYS_connect,
    SYS_bind,
    SYS_listen,
    SYS_accept,
    SYS_accept4,
    // other processes
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_pidfd_getfd,
    SYS_process_madvise,
    SYS_kcmp,
    // mounts, namespaces
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_unshare,
    SYS_setns,
    SYS_open_tree,
    SYS_move_mount,
    SYS_fsopen,
    SYS_fsconfig,
    SYS_fsmount,
    SYS_fspick,
    SYS_mount_setattr,
    SYS_open_by_handle_at,
    SYS_name_to_handle_at,
    SYS_fanotify_init,
    SYS_quotactl,
    // large or rarely used parts of the kernel
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_personality,
    SYS_syslog,
    SYS_acct,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_swapon,
    SYS_swapoff,
    SYS_reboot,
    SYS_sethostname,
    SYS_setdomainname,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_clock_adjtime,
    SYS_adjtimex,
    SYS_vhangup,
    // marks on files that outlive the command
    SYS_mknodat,
    // memory that no process is seen to hold
    SYS_memfd_create,
    SYS_shmget,
    SYS_msgget,
    SYS_semget,
    SYS_mq_open,
#ifdef SYS_memfd_secret
    SYS_memfd_secret,
#endif
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef SYS_quotactl_fd
    SYS_quotactl_fd,
#endif
#ifdef SYS_mknod
    SYS_mknod,
#endif
#ifdef SYS_modify_ldt
    SYS_modify_ldt,
    SYS_iopl,
    SYS_ioperm,
#endif
};

void refuse_special_bits(CallFilter& filter) {
    filter.refuse_where_bits(SYS_fchmod, 1, kSpecialBits);
    filter.refuse_where_bits(SYS_fchmodat, 2, kSpecialBits);
    filter.refuse_where_bits(SYS_openat, 3, kSpecialBits);
    filter.refuse_where_bits(SYS_mkdirat, 2, kSpecialBits);
#ifdef SYS_open
    filter.refuse_where_bits(SYS_chmod, 1, kSpecialBits);
    filter.refuse_where_bits(SYS_open, 2, kSpecialBits);
    filter.refuse_where_bits(SYS_creat, 1, kSpecialBits);
    filter.refuse_where_bits(SYS_mkdir, 1, kSpecialBits);
#endif
    // Its mode lies in memory, where a filter cannot look: everybody has a way without it.
    filter.refuse(SYS_openat2, ENOSYS);
}

CallFilter filter_for_commands() {
    CallFilter filter(ForeignCalls::Kill);
    for (const auto call : kRefused) filter.refuse(call);
    refuse_special_bits(filter);
    filter.refuse_where_bits(SYS_clone, 0, kNewNamespaces);
    filter.refuse(SYS_clone3, ENOSYS);  // its flags too; the C library then uses clone
    // Pairs of connected sockets, but none that can send to a third: streams and packets in order
    // (1 and 5) stay, datagrams (2) and raw ones (3, which the system makes datagrams of) go.
    filter.refuse_where_different(SYS_socketpair, 0, AF_UNIX);
    filter.refuse_where_bits(SYS_socketpair, 1, SOCK_DGRAM);
    filter.refuse_where_equal(SYS_ioctl, 1, TIOCSTI);
    filter.refuse_where_equal(SYS_ioctl, 1, TIOCLINUX);
    // As on a disk that keeps none, which cp and install take for an answer.
    for (const long call : {SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr})
        filter.refuse(call, EOPNOTSUPP);
    // It takes space on a disk that is not counted as written.
    filter.refuse(SYS_fallocate, EOPNOTSUPP);
    filter.refuse_above(SYS_landlock_restrict_self);
    return filter;
}

}  // namespace

Result<long> restrict_files(const CommandOrder& order) {
    const long abi = ll::abi();
    if (abi < 1) return not_in_force("Landlock", ENOSYS);
    if (const int error = open_own_place()) return not_in_force("the sandbox's own files", error);
    std::vector<UniqueNativeHandle> open;
    std::vector<ll::Rule> rules;
    for (const Place& place : allowed_places(order)) {
        open.emplace_back(::open(place.path.c_str(), O_PATH | O_CLOEXEC));
        if (!open.back()) return not_in_force(place.path, errno);
        rules.push_back({open.back().get(), place.rights});
    }
    if (const int error = ll::restrict_this_thread(rules, abi))
        return not_in_force("Landlock", error);
    if (open_own_place() != EACCES) return not_in_force("Landlock", 0);
    return abi;
}

Result<void> restrict_calls() {
    if (!CallFilter::is_available()) return not_in_force("seccomp", ENOSYS);
    if (const int error = filter_for_commands().install()) return not_in_force("seccomp", error);
    const bool holds = result_of(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) == EPERM &&
                       result_of(::syscall(SYS_unshare, CLONE_NEWUSER)) == EPERM &&
                       result_of(::syscall(SYS_clone3, nullptr, 0)) == ENOSYS;
    if (!holds) return not_in_force("seccomp", 0);
    return {};
}

}  // namespace lares::toolhost
