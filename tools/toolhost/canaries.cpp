#include "tools/toolhost/canaries.h"

#include "tools/sandbox/linux/bait.h"
#include "tools/sandbox/linux/command_order.h"
#include "tools/sandbox/native_handle.h"
#include "tools/toolhost/bait.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <sched.h>
#include <sstream>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lares::toolhost {
namespace {

void say(const char* name, bool is_reached, const std::string& detail = {}) {
    std::printf("%s %s %s\n", name, is_reached ? "reached" : "denied", detail.c_str());
}

/// For attacks that the system answers: denied only where it said so.
void attempt(const char* name, bool succeeded) {
    say(name, succeeded, succeeded ? std::string() : std::strerror(errno));
}

bool can_open(const std::string& path, int flags) {
    const UniqueNativeHandle file(::open(path.c_str(), flags | O_CLOEXEC, 0600));
    return static_cast<bool>(file);
}

bool reaches(int family, int type, const void* address, socklen_t size, bool binds) {
    const UniqueNativeHandle socket(::socket(family, type | SOCK_CLOEXEC, 0));
    if (!socket) return false;
    const auto* to = static_cast<const sockaddr*>(address);
    if (binds) return ::bind(socket.get(), to, size) == 0;
    if (type == SOCK_DGRAM) return ::sendto(socket.get(), "x", 1, 0, to, size) == 1;
    return ::connect(socket.get(), to, size) == 0;
}

/// `name` begins with '@' for an abstract one.
bool reaches_local(const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::size_t n = std::min(name.size(), sizeof address.sun_path - 1);
    std::memcpy(address.sun_path, name.data(), n);
    if (name.starts_with('@')) address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + n);
    return reaches(AF_UNIX, SOCK_STREAM, &address, size, /*binds=*/false);
}

bool reaches_port(int type, const std::string& port, bool binds) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::strtoul(port.c_str(), nullptr, 10)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return reaches(AF_INET, type, &address, sizeof address, binds);
}

/// Whether some process here started at `ticks` after the system did: the number of a process may
/// be used twice in two lists, with its start it is the same one.
bool sees_process(const std::string& number, const std::string& ticks) {
    std::ifstream file("/proc/" + number + "/stat");
    std::stringstream text;
    text << file.rdbuf();
    const std::string line = text.str();
    const std::size_t end = line.rfind(')');
    if (end == std::string::npos) return false;
    std::istringstream fields(line.substr(end + 1));
    std::string field;
    for (int i = 0; i < 20; ++i) fields >> field;
    return field == ticks;
}

bool has_namespaces() {
    if (::unshare(CLONE_NEWUSER) == 0) return true;
    const pid_t child = static_cast<pid_t>(
        ::syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
    if (child == 0) ::_exit(0);
    if (child < 0) return false;
    ::waitpid(child, nullptr, 0);
    return true;
}

bool can_type_into_a_terminal() {
    const UniqueNativeHandle master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (master && ::grantpt(master.get()) == 0 && ::unlockpt(master.get()) == 0) {
        const UniqueNativeHandle slave(::open(::ptsname(master.get()), O_RDWR | O_CLOEXEC));
        if (slave && ::ioctl(slave.get(), TIOCSTI, "x") == 0) return true;
    }
    const bool own = ::ioctl(STDIN_FILENO, TIOCSTI, "x") == 0;
    return own || errno != EPERM;  // "no terminal" would be no denial
}

/// Where a command may write; /tmp, unless somebody calls this outside of the sandbox.
std::string temporary(const char* name) {
    const char* const folder = std::getenv("TMPDIR");
    return std::string(folder ? folder : "/tmp") + "/" + name;
}

bool can_set_user_bit() {
    const std::string first_path = temporary("set-user");
    const char* const path = first_path.c_str();
    const UniqueNativeHandle file(::open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0700));
    if (!file) return true;  // then the attempt says nothing
    (void)::chmod(path, 04755);
    (void)::fchmod(file.get(), 04755);
    const UniqueNativeHandle other(
        ::open(temporary("set-user-2").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 04755));
    struct stat first {
    }, second{};
    (void)::fstat(file.get(), &first);
    if (other) (void)::fstat(other.get(), &second);
    return ((first.st_mode | second.st_mode) & (S_ISUID | S_ISGID)) != 0;
}

/// A variable that a command does not get by itself.
std::string foreign_variable() {
    std::ifstream file("/proc/1/environ");
    for (std::string variable; std::getline(file, variable, '\0');) {
        const bool is_known = std::any_of(kCommandEnvironment.begin(), kCommandEnvironment.end(),
                                          [&](const char* known) { return variable == known; });
        if (!is_known && !variable.starts_with("PWD=")) return variable;
    }
    return {};
}

/// A descriptor beside the standard streams.
std::string foreign_descriptor() {
    DIR* const folder = ::opendir("/proc/self/fd");
    if (!folder) return "cannot look";
    std::string found;
    while (const dirent* entry = ::readdir(folder)) {
        const int fd = std::atoi(entry->d_name);
        if (fd > STDERR_FILENO && fd != ::dirfd(folder)) found = entry->d_name;
    }
    ::closedir(folder);
    return found;
}

bool can_trace() {
    const bool traced = ::ptrace(PTRACE_SEIZE, 1, nullptr, nullptr) == 0;
    return traced || can_open("/proc/1/mem", O_RDWR);
}

bool can_change_kernel() {
    return can_open("/proc/sys/kernel/core_pattern", O_WRONLY) ||
           can_open("/proc/sysrq-trigger", O_WRONLY);
}

void check_controls(const std::string& inside) {
    say("control-read", can_open(inside, O_RDONLY));
    say("control-write", can_open(temporary("written"), O_WRONLY | O_CREAT));
}

/// More processes than the limit of this run, `limit`; each waits until the sandbox is taken down.
int fork_many(unsigned limit) {
    unsigned n = 0;
    for (; n < 4 * limit; ++n) {
        const pid_t child = ::fork();
        if (child < 0) break;
        if (child == 0) {
            for (;;) ::pause();
        }
    }
    // Where the system does not count this user's processes, the program does, from outside.
    if (n == 4 * limit) ::sleep(10);
    say("forks", n > limit, std::to_string(n));
    std::fflush(stdout);
    return 0;
}

}  // namespace

int run_canaries(const std::vector<std::string>& words) {
    if (words.size() == 2 && words[0] == "forks")
        return fork_many(static_cast<unsigned>(std::strtoul(words[1].c_str(), nullptr, 10)));
    if (words.size() == 1 && words[0] == kAskName) return std::fputs(kName, stdout) < 0 ? 1 : 0;
    if (words.size() == 2 && words[0] == "bait") return hold_bait(words[1]);
    if (words.size() != 9 || words[0] != "canaries") {
        std::fputs("lares-toolhost is started by Lares, inside the sandbox of a command\n", stderr);
        return 2;
    }
    check_controls(words[1]);
    attempt("secret", can_open(words[2], O_RDONLY));
    attempt("socket", reaches_local(words[3]));
    attempt("abstract-socket", reaches_local(words[4]));
    attempt("tcp-bind", reaches_port(SOCK_STREAM, "0", /*binds=*/true));
    attempt("tcp-connect", reaches_port(SOCK_STREAM, words[5], /*binds=*/false));
    attempt("datagram", reaches_port(SOCK_DGRAM, words[6], /*binds=*/false));
    say("parent", sees_process(words[7], words[8]));
    attempt("namespace", has_namespaces());
    attempt("terminal", can_type_into_a_terminal());
    say("set-user-bit", can_set_user_bit());
    say("environment", !foreign_variable().empty(), foreign_variable());
    say("descriptor", !foreign_descriptor().empty(), foreign_descriptor());
    attempt("trace", can_trace());
    attempt("kernel", can_change_kernel());
    attempt("device", ::mknod(temporary("device").c_str(), S_IFCHR | 0600, 0) == 0);
    std::fflush(stdout);
    return 0;
}

}  // namespace lares::toolhost
