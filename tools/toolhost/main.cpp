// lares-toolhost: the first program in a command's sandbox (process 1 there). It checks what
// bubblewrap made, puts the limits of Landlock, seccomp and setrlimit in force, and only then
// starts the shell. tools/sandbox/linux/command_order.h says what it reads and writes. It has no
// thread and no Qt, and is linked statically: nothing in the sandbox can change what it does.
#include "tools/sandbox/native_handle.h"
#include "tools/toolhost/canaries.h"
#include "tools/toolhost/layers.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace lares::toolhost {
namespace {

constexpr int kNothingRan = 125;
constexpr int kNice = 5;

Error failed(const std::string& what) {
    return {ErrorCode::Unsupported, what + ": " + std::generic_category().message(errno)};
}

void report(std::string line) {
    for (char& c : line) {
        if (c == '\n') c = ' ';
    }
    line += '\n';
    // One write: whole, since it is shorter than what a pipe takes at once.
    [[maybe_unused]] const auto n = ::write(kStatusFd, line.data(), line.size());
}

/// Nothing of the program that started us stays open but what we were given.
Result<void> close_the_rest() {
    if (::syscall(SYS_close_range, kOrderFd + 1, ~0U, 0) != 0) return failed("close_range");
    for (const int fd : {kStatusFd, kOrderFd}) {
        if (::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) return failed("a pipe is missing");
    }
    return {};
}

Result<CommandOrder> read_order() {
    const UniqueNativeHandle file(kOrderFd);
    std::string text;
    std::array<char, 4096> block;
    for (;;) {
        const ssize_t n = ::read(file.get(), block.data(), block.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failed("the order cannot be read");
        if (n == 0) return parse_order(text);
        text.append(block.data(), static_cast<std::size_t>(n));
        if (text.size() > kMaxOrderBytes) return Error{ErrorCode::Corrupt, "the order is too long"};
    }
}

Result<void> confine(const CommandOrder& order) {
    RETURN_IF_ERROR(check_isolation(order));
    RETURN_IF_ERROR(check_folders(order));
    RETURN_IF_ERROR(set_limits(order.limits));
    ASSIGN_OR_RETURN(const long abi, restrict_files(order));
    RETURN_IF_ERROR(restrict_calls());
    if (::chdir(order.working_folder.c_str()) != 0)
        return failed("the working folder " + order.working_folder);
    report("ready " + order.nonce + " " + std::to_string(abi));
    return {};
}

/// In the child: never returns.
[[noreturn]] void become_the_shell(const CommandOrder& order) {
    if (!order.has_streams) ::dup2(STDOUT_FILENO, STDERR_FILENO);
    std::string shell = "sh", script = kScriptPlace;
    char* words[] = {shell.data(), script.data(), nullptr};
    std::array<char*, kCommandEnvironment.size() + 1> environment{};
    for (std::size_t i = 0; i < kCommandEnvironment.size(); ++i)
        environment[i] = const_cast<char*>(kCommandEnvironment[i]);
    ::execve("/bin/sh", words, environment.data());
    report(failed("failed /bin/sh").message);
    ::_exit(kNothingRan);
}

/// Waits for everything, as process 1 must, until the shell itself has ended: the rest dies with
/// us.
int wait_for(pid_t shell) {
    for (;;) {
        int status = 0;
        const pid_t ended = ::waitpid(-1, &status, 0);
        if (ended < 0 && errno != EINTR) return kNothingRan;
        if (ended != shell) continue;
        if (WIFSIGNALED(status)) {
            report("signalled " + std::to_string(WTERMSIG(status)));
            return 128 + WTERMSIG(status);
        }
        report("exited " + std::to_string(WEXITSTATUS(status)));
        return WEXITSTATUS(status);
    }
}

Result<int> run() {
    // The shell cannot look into this process, nor write into it.
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return failed("PR_SET_DUMPABLE");
    RETURN_IF_ERROR(close_the_rest());
    ASSIGN_OR_RETURN(const CommandOrder order, read_order());
    ::umask(022);
    ::setpriority(PRIO_PROCESS, 0, kNice);  // whoever sits at this computer comes first
    RETURN_IF_ERROR(confine(order));
    const UniqueNativeHandle nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!nothing) return failed("/dev/null");
    const pid_t shell = ::fork();
    if (shell < 0) return failed("fork");
    if (shell == 0) become_the_shell(order);
    // The pipes are the shell's alone: their other ends see when it is gone.
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nothing.get(), fd);
    return wait_for(shell);
}

int run_and_report() {
    try {
        const Result<int> result = run();
        if (result) return *result;
        report("failed " + result.error().message);
    } catch (const std::exception& exception) {
        report(std::string("failed ") + exception.what());
    }
    return kNothingRan;
}

}  // namespace
}  // namespace lares::toolhost

int main(int argc, char** argv) {
    const bool has_order = ::fcntl(lares::kOrderFd, F_GETFD) >= 0;
    if (argc > 1 || !has_order) return lares::toolhost::run_canaries({argv + 1, argv + argc});
    return lares::toolhost::run_and_report();
}
