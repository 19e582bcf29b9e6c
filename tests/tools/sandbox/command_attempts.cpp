// Tries one thing that a command in the sandbox must not be able to do, by calls that a shell has
// no words for: command_attempts NAME [ARGUMENT…]. Exit status 0: it worked. 1: it was refused. 2:
// unknown name.
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <map>
#include <netinet/in.h>
#include <sched.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <vector>

namespace {

using Words = std::vector<std::string>;

int number(const Words& words, std::size_t i) {
    return i < words.size() ? std::atoi(words[i].c_str()) : 0;
}

/// A raw call that has no wrapper, or whose wrapper would check first.
bool called(long call, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0) {
    return ::syscall(call, a, b, c, d, e) >= 0;
}

long address(const void* pointer) {
    return reinterpret_cast<long>(pointer);
}

/// In a child, which may be killed for it: true when it lived to say so.
bool survives(const std::function<bool()>& attempt) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(attempt() ? 0 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool has_new(unsigned long flags) {
    const long child = ::syscall(SYS_clone, flags | SIGCHLD, nullptr, nullptr, nullptr, nullptr);
    if (child == 0) ::_exit(0);
    if (child < 0) return false;
    ::waitpid(static_cast<pid_t>(child), nullptr, 0);
    return true;
}

bool has_new_by_clone3(unsigned long flags) {
    clone_args arguments{};
    arguments.flags = flags;
    arguments.exit_signal = SIGCHLD;
    const long child = ::syscall(SYS_clone3, &arguments, sizeof arguments);
    if (child == 0) ::_exit(0);
    if (child < 0) return false;
    ::waitpid(static_cast<pid_t>(child), nullptr, 0);
    return true;
}

bool has_socket(int family, int type, int protocol = 0) {
    const int fd = ::socket(family, type, protocol);
    if (fd >= 0) ::close(fd);
    return fd >= 0;
}

socklen_t local(sockaddr_un& address, const std::string& name) {
    address = {};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), std::min(name.size(), sizeof address.sun_path - 1));
    if (name.starts_with('@')) address.sun_path[0] = '\0';
    return static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
}

bool connects(const std::string& name) {
    sockaddr_un to;
    const socklen_t size = local(to, name);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    return fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr*>(&to), size) == 0;
}

/// By the one kind of socket that there is: it is connected already, and asked to send elsewhere.
bool pair_sends(int type, const std::string& name) {
    sockaddr_un to;
    const socklen_t size = local(to, name);
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, type, 0, pair.data()) != 0) return false;
    const auto* address = reinterpret_cast<const sockaddr*>(&to);
    if (::connect(pair[0], address, size) == 0) return true;
    if (type == SOCK_STREAM || ::sendto(pair[0], "x", 1, 0, address, size) != 1) return false;
    char byte = 0;
    return ::recv(pair[1], &byte, 1, MSG_DONTWAIT) != 1;  // else it went to the other end after all
}

bool reaches_port(int type, int port) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* address = reinterpret_cast<const sockaddr*>(&to);
    const int fd = ::socket(AF_INET, type, 0);
    if (fd < 0) return false;
    if (type == SOCK_DGRAM) return ::sendto(fd, "x", 1, 0, address, sizeof to) == 1;
    return ::connect(fd, address, sizeof to) == 0;
}

bool listens() {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    return fd >= 0 && ::bind(fd, reinterpret_cast<const sockaddr*>(&any), sizeof any) == 0 &&
           ::listen(fd, 1) == 0;
}

bool has_special_bits(const char* path) {
    struct stat status {};
    return ::stat(path, &status) == 0 && (status.st_mode & (S_ISUID | S_ISGID)) != 0;
}

bool opens_with_user_bit(bool by_openat2) {
    ::unlink("special");
    open_how how{};
    how.flags = O_CREAT | O_WRONLY;
    how.mode = 04755;
    const long fd = by_openat2 ? ::syscall(SYS_openat2, AT_FDCWD, "special", &how, sizeof how)
                               : ::open("special", O_CREAT | O_WRONLY, 04755);
    return fd >= 0 && has_special_bits("special");
}

bool changes_mode(long call) {
    ::close(::open("special", O_CREAT | O_WRONLY, 0755));
    const int fd = ::open("special", O_WRONLY);
    (void)::syscall(call, call == SYS_fchmod ? fd : AT_FDCWD,
                    call == SYS_fchmod ? 04755L : address("special"), 04755, 0);
    return has_special_bits("special");
}

bool types_into_terminal(unsigned long request) {
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0) return false;
    ::setsid();
    const int slave = ::open(::ptsname(master), O_RDWR);  // the terminal of the new session
    return ::ioctl(slave, request, "x") == 0;
}

bool raises_capabilities() {
    __user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> data{};
    data[0].effective = data[0].permitted = 1U << CAP_SYS_ADMIN;
    return ::syscall(SYS_capset, &head, data.data()) == 0;
}

bool raises_limit(__rlimit_resource which) {
    rlimit limit{};
    ::getrlimit(which, &limit);
    const rlimit more{limit.rlim_max + 1, limit.rlim_max + 1};
    return ::setrlimit(which, &more) == 0;
}

bool reads_memory_of(pid_t process) {
    char byte = 0;
    iovec ours{&byte, 1}, theirs{reinterpret_cast<void*>(0x400000), 1};
    return ::process_vm_readv(process, &ours, 1, &theirs, 1, 0) == 1 || errno == EFAULT;
}

bool traces_a_child() {
    const pid_t child = ::fork();
    if (child == 0) {
        ::pause();
        ::_exit(0);
    }
    const bool traced = ::ptrace(PTRACE_SEIZE, child, nullptr, nullptr) == 0;
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    return traced;
}

bool opens_by_handle(const std::string& path) {
    alignas(file_handle) std::array<char, sizeof(file_handle) + 128> memory{};
    auto* const handle = reinterpret_cast<file_handle*>(memory.data());
    handle->handle_bytes = 128;
    int mount = 0;
    if (::name_to_handle_at(AT_FDCWD, path.c_str(), handle, &mount, 0) != 0) return false;
    const int root = ::open("/", O_RDONLY | O_DIRECTORY);
    return ::open_by_handle_at(root, handle, O_RDONLY) >= 0;
}

bool uses_32_bit_calls() {
#if defined(__x86_64__)
    return survives([] {
        long result = 20;  // getpid, there
        asm volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
        return result > 0;
    });
#else
    return false;
#endif
}

bool uses_x32_calls() {
    return survives([] { return ::syscall(0x40000000L + 39) > 0; });
}

bool runs_from_memory() {
    const int fd = static_cast<int>(::syscall(SYS_memfd_create, "x", 0));
    return fd >= 0;
}

const std::map<std::string, std::function<bool(const Words&)>>& attempts() {
    static const std::map<std::string, std::function<bool(const Words&)>> kAll = {
        {"control", [](const Words&) { return ::getpid() > 0; }},
        {"pair",
         [](const Words&) {
             std::array<int, 2> pair{};
             char byte = 0;
             return ::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) == 0 &&
                    ::write(pair[0], "x", 1) == 1 && ::read(pair[1], &byte, 1) == 1;
         }},
        // D: processes and the kernel
        {"signal", [](const Words& w) { return ::kill(number(w, 0), 0) == 0; }},
        {"ptrace-1", [](const Words&) { return ::ptrace(PTRACE_SEIZE, 1, nullptr, nullptr) == 0; }},
        {"ptrace-child", [](const Words&) { return traces_a_child(); }},
        {"vm-read-1", [](const Words&) { return reads_memory_of(1); }},
        {"vm-read-own", [](const Words&) { return reads_memory_of(::getpid()); }},
        {"pidfd-getfd",
         [](const Words&) {
             return called(SYS_pidfd_getfd, ::syscall(SYS_pidfd_open, ::getpid(), 0), 1, 0);
         }},
        {"unshare-user", [](const Words&) { return ::unshare(CLONE_NEWUSER) == 0; }},
        {"unshare-files", [](const Words&) { return ::unshare(CLONE_NEWNS) == 0; }},
        {"unshare-net", [](const Words&) { return ::unshare(CLONE_NEWNET) == 0; }},
        {"unshare-all",
         [](const Words&) {
             return ::unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET) == 0;
         }},
        {"clone-user", [](const Words&) { return has_new(CLONE_NEWUSER); }},
        {"clone-pid", [](const Words&) { return has_new(CLONE_NEWPID); }},
        {"clone-net", [](const Words&) { return has_new(CLONE_NEWUSER | CLONE_NEWNET); }},
        {"clone3-user", [](const Words&) { return has_new_by_clone3(CLONE_NEWUSER); }},
        {"clone3-plain", [](const Words&) { return has_new_by_clone3(0); }},
        {"setns",
         [](const Words& w) { return ::setns(::open(w.at(0).c_str(), O_RDONLY), 0) == 0; }},
        {"mount-memory",
         [](const Words&) { return ::mount("x", "/tmp", "tmpfs", 0, nullptr) == 0; }},
        {"mount-bind",
         [](const Words&) { return ::mount("/proc", "/tmp", nullptr, MS_BIND, nullptr) == 0; }},
        {"mount-again",
         [](const Words& w) {
             return ::mount(nullptr, w.at(0).c_str(), nullptr, MS_REMOUNT | MS_BIND, nullptr) == 0;
         }},
        {"unmount", [](const Words& w) { return ::umount2(w.at(0).c_str(), MNT_DETACH) == 0; }},
        {"fsopen", [](const Words&) { return called(SYS_fsopen, address("tmpfs"), 0); }},
        {"open-tree",
         [](const Words&) { return called(SYS_open_tree, AT_FDCWD, address("/usr"), 1); }},
        {"pivot-root",
         [](const Words&) { return called(SYS_pivot_root, address("/tmp"), address("/tmp")); }},
        {"chroot", [](const Words&) { return ::chroot("/tmp") == 0; }},
        {"io-uring",
         [](const Words&) {
             std::array<char, 256> parameters{};
             return called(SYS_io_uring_setup, 4, address(parameters.data()));
         }},
        {"bpf",
         [](const Words&) {
             std::array<std::uint32_t, 32> map = {2, 4, 4, 1};
             return called(SYS_bpf, 0, address(map.data()), sizeof map);
         }},
        {"perf",
         [](const Words&) {
             std::array<std::uint32_t, 32> event = {1, 128};
             return called(SYS_perf_event_open, address(event.data()), 0, -1, -1, 0);
         }},
        {"userfaultfd", [](const Words&) { return called(SYS_userfaultfd, 1); }},
        {"add-key",
         [](const Words&) {
             return called(SYS_add_key, address("user"), address("x"), address("x"), 1, -3);
         }},
        {"keyctl", [](const Words&) { return called(SYS_keyctl, 0, -3, 1); }},
        {"request-key",
         [](const Words&) {
             return called(SYS_request_key, address("user"), address("x"), 0, -3);
         }},
        {"file-handle", [](const Words& w) { return opens_by_handle(w.at(0)); }},
        {"personality", [](const Words&) { return called(SYS_personality, 0x0040000); }},
        {"32-bit", [](const Words&) { return uses_32_bit_calls(); }},
        {"x32", [](const Words&) { return uses_x32_calls(); }},
        {"setuid", [](const Words&) { return ::setuid(0) == 0 && ::getuid() == 0; }},
        {"setresuid", [](const Words&) { return ::setresuid(2, 2, 2) == 0; }},
        {"setgroups", [](const Words&) { return called(SYS_setgroups, 0, 0); }},
        {"capabilities", [](const Words&) { return raises_capabilities(); }},
        {"new-privileges",
         [](const Words&) { return ::prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0; }},
        {"no-seccomp", [](const Words&) { return ::prctl(PR_SET_SECCOMP, 0, 0) == 0; }},
        {"limit-processes", [](const Words&) { return raises_limit(RLIMIT_NPROC); }},
        {"limit-files", [](const Words&) { return raises_limit(RLIMIT_NOFILE); }},
        {"limit-size", [](const Words&) { return raises_limit(RLIMIT_FSIZE); }},
        {"limit-memory", [](const Words&) { return raises_limit(RLIMIT_AS); }},
        {"hostname", [](const Words&) { return ::sethostname("x", 1) == 0; }},
        {"clock",
         [](const Words&) {
             const timespec now{1, 0};
             return called(SYS_clock_settime, 0, address(&now));
         }},
        {"reboot",
         [](const Words&) {
             return called(SYS_reboot, 0xfee1dead, 672274793, 0, 0) || errno != EPERM;
         }},
        {"module",
         [](const Words&) {
             return called(SYS_init_module, address("x"), 1, address("")) || errno != EPERM;
         }},
        {"kexec",
         [](const Words&) { return called(SYS_kexec_load, 0, 0, 0, 0) || errno != EPERM; }},
        {"swap",
         [](const Words&) { return called(SYS_swapon, address("/tmp/x"), 0) || errno != EPERM; }},
        {"kernel-log", [](const Words&) { return called(SYS_syslog, 10, 0, 0); }},
        {"real-time",
         [](const Words&) {
             sched_param parameter{};
             parameter.sched_priority = 1;
             return ::sched_setscheduler(0, SCHED_FIFO, &parameter) == 0;
         }},
        {"nice", [](const Words&) { return ::setpriority(PRIO_PROCESS, 0, -5) == 0; }},
        {"terminal-input", [](const Words&) { return types_into_terminal(TIOCSTI); }},
        {"terminal-input-high-bits",
         [](const Words&) { return types_into_terminal(TIOCSTI | (1UL << 32)); }},
        {"terminal-linux",
         [](const Words&) { return ::ioctl(0, TIOCLINUX, "\3") == 0 || errno != EPERM; }},
        {"device", [](const Words&) { return ::mknod("device", S_IFCHR | 0666, 0x103) == 0; }},
        {"user-bit-open", [](const Words&) { return opens_with_user_bit(false); }},
        {"user-bit-openat2", [](const Words&) { return opens_with_user_bit(true); }},
        {"user-bit-fchmod", [](const Words&) { return changes_mode(SYS_fchmod); }},
        {"user-bit-fchmodat", [](const Words&) { return changes_mode(SYS_fchmodat); }},
        {"user-bit-fchmodat2", [](const Words&) { return changes_mode(452); }},
        {"file-capability",
         [](const Words&) {
             constexpr std::array<std::uint32_t, 5> kValue = {0x02000001, 1U << 21, 0, 0, 0};
             ::close(::open("special", O_CREAT | O_WRONLY, 0755));
             return ::setxattr("special", "security.capability", kValue.data(), sizeof kValue, 0) ==
                    0;
         }},
        {"attribute",
         [](const Words& w) { return ::setxattr(w.at(0).c_str(), "user.x", "x", 1, 0) == 0; }},
        {"memory-file", [](const Words&) { return runs_from_memory(); }},
        {"shared-memory",
         [](const Words&) { return called(SYS_shmget, 0, 1 << 20, 01000 | 0600); }},
        {"message-queue",
         [](const Words&) { return called(SYS_mq_open, address("x"), O_CREAT | O_RDWR, 0600, 0); }},
        {"reserve-disk",
         [](const Words&) {
             return ::fallocate(::open("reserved", O_CREAT | O_WRONLY, 0600), 0, 0, 1 << 20) == 0;
         }},
        {"unknown-call",
         [](const Words&) {
             return called(463, AT_FDCWD, address("."), 0, address("x"), 0) || errno != ENOSYS;
         }},
        // E: network and other programs
        {"connect", [](const Words& w) { return connects(w.at(0)); }},
        {"pair-dgram", [](const Words& w) { return pair_sends(SOCK_DGRAM, w.at(0)); }},
        {"pair-dgram-cloexec",
         [](const Words& w) { return pair_sends(SOCK_DGRAM | SOCK_CLOEXEC, w.at(0)); }},
        {"pair-raw", [](const Words& w) { return pair_sends(SOCK_RAW, w.at(0)); }},
        {"pair-stream", [](const Words& w) { return pair_sends(SOCK_STREAM, w.at(0)); }},
        {"pair-seqpacket", [](const Words& w) { return pair_sends(SOCK_SEQPACKET, w.at(0)); }},
        {"pair-tipc",
         [](const Words&) {
             std::array<int, 2> pair{};
             return ::socketpair(30, SOCK_STREAM, 0, pair.data()) == 0 || errno != EPERM;
         }},
        {"tcp", [](const Words& w) { return reaches_port(SOCK_STREAM, number(w, 0)); }},
        {"udp", [](const Words& w) { return reaches_port(SOCK_DGRAM, number(w, 0)); }},
        {"listen", [](const Words&) { return listens(); }},
        {"socket",
         [](const Words& w) {
             return has_socket(number(w, 0), number(w, 1), number(w, 2)) || errno != EPERM;
         }},
    };
    return kAll;
}

}  // namespace

int main(int argc, char** argv) {
    const Words words(argv + std::min(argc, 2), argv + argc);
    const auto found = attempts().find(argc > 1 ? argv[1] : "");
    if (found == attempts().end()) return 2;
    const bool worked = found->second(words);
    std::printf("%s: %s\n", argv[1], worked ? "worked" : std::strerror(errno));
    return worked ? 0 : 1;
}
