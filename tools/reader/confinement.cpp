#include "tools/reader/confinement.h"

#include "tools/sandbox/linux/call_filter.h"
#include "tools/sandbox/linux/landlock_rules.h"
#include "tools/sandbox/native_handle.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sched.h>
#include <string>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace lares::reader {
namespace {

namespace ll = landlock;

/// Own formats: the largest document, what it unpacks to, its texts.
constexpr ReaderLimits kComputing = {std::uint64_t{1} << 30, 30, 0, 0};
/// pdftotext: it says what went wrong into a file in memory.
constexpr ReaderLimits kProgram = {std::uint64_t{2} << 30, 60, std::uint64_t{64} << 10, 32};

Error not_in_force(const std::string& layer, int error) {
    const std::string why =
        error == 0 ? std::string("it is not in force") : std::generic_category().message(error);
    return {ErrorCode::Unsupported, "cannot be read safely here (" + layer + ": " + why +
                                        "), so it was not read. Paste the text out of it."};
}

bool set_limit(__rlimit_resource resource, std::uint64_t most) {
    const rlimit limit{most, most};
    return ::setrlimit(resource, &limit) == 0;
}

Result<void> set_limits(const ReaderLimits& limits) {
    const bool are_set = set_limit(RLIMIT_CORE, 0) && set_limit(RLIMIT_NPROC, 0) &&
                         set_limit(RLIMIT_FSIZE, limits.written_file_bytes) &&
                         set_limit(RLIMIT_CPU, limits.processor_seconds) &&
                         set_limit(RLIMIT_AS, limits.address_space_bytes) &&
                         set_limit(RLIMIT_NOFILE, limits.first_refused_file);
    if (!are_set) return not_in_force("setrlimit", errno);
    return {};
}

/// All that a C library needs to compute and to end.
constexpr std::array kComputingCalls = {
    SYS_read,         SYS_write,          SYS_lseek,     SYS_fstat,         SYS_close,
    SYS_brk,          SYS_munmap,         SYS_mremap,    SYS_madvise,       SYS_futex,
    SYS_getpid,       SYS_gettid,         SYS_getrandom, SYS_clock_gettime, SYS_rt_sigreturn,
    SYS_rt_sigaction, SYS_rt_sigprocmask,
    SYS_wait4,  // for pdftotext, which is a process of ours
    SYS_exit,         SYS_exit_group,
};

/// And what a dynamic linker and a program that opens its tables need besides. Opening is for
/// Landlock to judge.
constexpr std::array kProgramCalls = {
    SYS_execve,
    SYS_openat,
    SYS_pread64,
    SYS_writev,
    SYS_readv,
    SYS_newfstatat,
    SYS_faccessat,
    SYS_readlinkat,
    SYS_getdents64,
    SYS_fcntl,
    SYS_fadvise64,
    SYS_mmap,
    SYS_mprotect,
    SYS_set_tid_address,
    SYS_set_robust_list,
    SYS_prlimit64,
    SYS_sigaltstack,
    SYS_sched_getaffinity,
    SYS_sched_yield,
    SYS_getcwd,
    SYS_uname,
    SYS_sysinfo,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_getppid,
    SYS_clock_getres,
    SYS_gettimeofday,
#ifdef SYS_rseq
    SYS_rseq,
#endif
#ifdef SYS_arch_prctl
    SYS_arch_prctl,
#endif
#ifdef SYS_open
    SYS_open,
    SYS_stat,
    SYS_lstat,
    SYS_access,
    SYS_readlink,
    SYS_time,
#endif
};

constexpr int kSetOwnEx = 15;  // F_SETOWN_EX, which only GNU's headers name

int result_of(long returned) {
    return returned < 0 ? errno : 0;
}

Result<void> list_calls(bool is_for_program) {
    if (!CallFilter::is_available()) return not_in_force("seccomp", ENOSYS);
    CallFilter filter(ForeignCalls::Kill);
    for (const auto call : kComputingCalls) filter.allow(call);
    if (is_for_program) {
        filter.refuse_where_different(SYS_prlimit64, 0, 0);  // of another process
        // Whom the kernel tells when something can be read: a way to signal anybody.
        for (const int order : {F_SETOWN, F_SETSIG, kSetOwnEx})
            filter.refuse_where_equal(SYS_fcntl, 1, static_cast<std::uint32_t>(order));
        for (const auto call : kProgramCalls) filter.allow(call);
    } else {
        // Memory to compute with, and none that could run.
        filter.refuse_where_bits(SYS_mmap, 2, PROT_EXEC);
        filter.allow(SYS_mmap);
    }
    if (const int error = filter.install_as_list(EPERM)) return not_in_force("seccomp", error);
    bool holds =
        result_of(::syscall(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) == EPERM &&
        // Impossible together, so that nothing starts where the filter is missing.
        result_of(::syscall(SYS_clone, CLONE_NEWNS | CLONE_FS, 0, 0, 0, 0)) == EPERM &&
        result_of(::syscall(SYS_kill, ::getpid(), 0)) == EPERM;
    if (!is_for_program) {
        holds = holds && result_of(::syscall(SYS_openat, AT_FDCWD, "/", O_PATH)) == EPERM &&
                result_of(::syscall(SYS_execve, "/", nullptr, nullptr)) == EPERM;
    }
    if (!holds) return not_in_force("seccomp", 0);
    return {};
}

/// What pdftotext opens: libraries, and tables of poppler's for Asian scripts.
constexpr std::array kReadFolders = {"/usr/lib", "/usr/lib64", "/lib", "/lib64",
                                     "/usr/share/poppler"};

/// The dynamic linker, which the kernel opens to run a program.
constexpr std::array kLinkers = {"/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1",
                                 "/lib64/ld-linux-aarch64.so.1"};

/// Whether a folder that is always there can be opened.
bool is_landlocked() {
    return result_of(::syscall(SYS_openat, AT_FDCWD, "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) ==
               EACCES &&
           result_of(::syscall(SYS_openat, AT_FDCWD, "/usr", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) ==
               EACCES;
}

Result<void> restrict_files(const std::vector<ll::Rule>& rules, long abi) {
    if (const int error = ll::restrict_this_thread(rules, abi))
        return not_in_force("Landlock", error);
    if (!is_landlocked()) return not_in_force("Landlock", 0);
    return {};
}

Result<void> forbid_new_privileges() {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return not_in_force("no_new_privs", errno);
    return {};
}

}  // namespace

Result<void> confine_to_computing() {
    RETURN_IF_ERROR(forbid_new_privileges());
    // The list of calls has none that opens anything, so an old kernel without Landlock will do.
    if (const long abi = ll::abi(); abi >= 1) RETURN_IF_ERROR(restrict_files({}, abi));
    RETURN_IF_ERROR(set_limits(kComputing));
    return list_calls(false);
}

Result<void> confine_to_program(const char* program) {
    const long abi = ll::abi();
    if (abi < 1) return not_in_force("Landlock", ENOSYS);
    std::vector<UniqueNativeHandle> open;
    std::vector<ll::Rule> rules;
    const auto add = [&](const char* path, std::uint64_t rights) {
        UniqueNativeHandle place(::open(path, O_PATH | O_CLOEXEC));
        if (!place) return;  // not on every system
        rules.push_back({place.get(), rights});
        open.push_back(std::move(place));
    };
    for (const char* folder : kReadFolders) add(folder, ll::kReadFile | ll::kReadDir);
    add("/etc/ld.so.cache", ll::kReadFile);
    for (const char* linker : kLinkers) add(linker, ll::kReadFile | ll::kExecute);
    add(program, ll::kReadFile | ll::kExecute);
    RETURN_IF_ERROR(forbid_new_privileges());
    RETURN_IF_ERROR(restrict_files(rules, abi));
    open.clear();
    RETURN_IF_ERROR(set_limits(kProgram));
    return list_calls(true);
}

}  // namespace lares::reader
