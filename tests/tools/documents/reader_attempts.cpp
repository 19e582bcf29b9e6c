// What a document that has taken over its reader would try: reader_attempts alone runs as it is;
// "computing" first gives up what lares-reader gives up; started by lares-reader as pdftotext it
// finds itself confined already. Prints the name of each attempt that worked, one a line, and
// "tried" at the end. The files that it looks for are named by what it reads from stdin.
#include "tools/reader/confinement.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

void say(std::string_view text) {
    [[maybe_unused]] const auto n = ::write(STDOUT_FILENO, text.data(), text.size());
}

bool works(long returned) {
    return returned >= 0;
}

/// In a process of its own where one can be made, since the attempt replaces it.
bool runs_program(const char* path) {
    const long child = ::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr);
    std::string name = path;
    std::array<char*, 2> words = {name.data(), nullptr};
    if (child < 0) return works(::execve(path, words.data(), nullptr));
    if (child == 0) {
        ::execve(path, words.data(), nullptr);
        ::_exit(77);
    }
    int status = 0;
    ::waitpid(static_cast<pid_t>(child), &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) != 77;
}

bool makes_process() {
    const long child = ::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr);
    if (child == 0) ::_exit(0);
    if (child > 0) ::waitpid(static_cast<pid_t>(child), nullptr, 0);
    return child > 0;
}

bool makes_process_in_our_memory() {
    const pid_t child = ::vfork();
    if (child == 0) ::_exit(0);
    if (child > 0) ::waitpid(child, nullptr, 0);
    return child > 0;
}

bool maps_code() {
    void* page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page != MAP_FAILED;
}

bool limits_parent() {
    rlimit limit{};
    return works(::syscall(SYS_prlimit64, ::getppid(), RLIMIT_CORE, nullptr, &limit));
}

bool reads_parent() {
    char byte = 0;
    iovec local{&byte, 1}, remote{&byte, 1};
    return works(::syscall(SYS_process_vm_readv, ::getppid(), &local, 1, &remote, 1, 0)) ||
           errno != EPERM;
}

using Attempt = std::pair<const char*, std::function<bool()>>;

std::vector<Attempt> attempts(const std::string& secret) {
    const std::string beside = secret + ".new";
    return {
        {"open", [=] { return works(::syscall(SYS_openat, AT_FDCWD, secret.c_str(), O_RDONLY)); }},
        {"make",
         [=] {
             return works(
                 ::syscall(SYS_openat, AT_FDCWD, beside.c_str(), O_CREAT | O_WRONLY, 0600));
         }},
        {"passwd", [] { return works(::syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY)); }},
        {"proc", [] { return works(::syscall(SYS_openat, AT_FDCWD, "/proc/self/mem", O_RDONLY)); }},
        {"list",
         [] { return works(::syscall(SYS_openat, AT_FDCWD, "/", O_RDONLY | O_DIRECTORY)); }},
        {"rename",
         [=] {
             return works(
                 ::syscall(SYS_renameat2, AT_FDCWD, secret.c_str(), AT_FDCWD, secret.c_str(), 0));
         }},
        {"link",
         [=] {
             return works(::syscall(SYS_linkat, AT_FDCWD, secret.c_str(), AT_FDCWD,
                                    (secret + ".link").c_str(), 0));
         }},
        {"mode", [=] { return works(::syscall(SYS_fchmodat, AT_FDCWD, secret.c_str(), 0600)); }},
        {"tcp", [] { return works(::syscall(SYS_socket, AF_INET, SOCK_STREAM, 0)); }},
        {"udp", [] { return works(::syscall(SYS_socket, AF_INET6, SOCK_DGRAM, 0)); }},
        {"unix", [] { return works(::syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0)); }},
        {"pair",
         [] {
             std::array<int, 2> ends{};
             return works(::syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, ends.data()));
         }},
        {"process", [] { return makes_process(); }},
        {"process in our memory", [] { return makes_process_in_our_memory(); }},
        {"program", [] { return runs_program("/bin/true"); }},
        {"signal", [] { return works(::syscall(SYS_kill, ::getppid(), 0)); }},
        {"parent's limits", [] { return limits_parent(); }},
        {"parent's memory", [] { return reads_parent(); }},
        {"trace", [] { return works(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }},
        {"memory file", [] { return works(::syscall(SYS_memfd_create, "x", 0)); }},
        {"limits up",
         [] {
             const rlimit limit{RLIM_INFINITY, RLIM_INFINITY};
             return works(::syscall(SYS_prlimit64, 0, RLIMIT_FSIZE, &limit, nullptr));
         }},
    };
}

}  // namespace

int main(int argc, char** argv) {
    const bool confines = argc > 1 && std::string_view(argv[1]) == "computing";
    if (confines) {
        const auto confined = lares::reader::confine_to_computing();
        if (!confined) {
            say("not confined: " + confined.error().message + "\n");
            return 1;
        }
    }
    std::string secret(4096, '\0');
    const auto n = ::read(STDIN_FILENO, secret.data(), secret.size());
    secret.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    while (secret.ends_with('\n')) secret.pop_back();
    if (secret.starts_with("%PDF-")) secret.erase(0, 5);
    for (const auto& [name, attempt] : attempts(secret)) {
        if (attempt()) say(std::string(name) + "\n");
    }
    // Where a program is confined its own libraries may be mapped, and so may this.
    if (confines && maps_code()) say("code\n");
    say("tried\n");
    ::_exit(0);
}
