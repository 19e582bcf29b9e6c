#include "tools/sandbox/linux/command_launch.h"

#include "tools/sandbox/linux/bubblewrap.h"
#include "tools/sandbox/linux/command_order.h"
#include "tools/sandbox/linux/spawn_plan.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace lares {
namespace {

Error io_error(const char* what) {
    return {ErrorCode::Io, std::string("the command was not started: ") + what + ": " +
                               std::generic_category().message(errno)};
}

/// A file in memory, to be read from its beginning.
UniqueNativeHandle memory_file(std::string_view bytes) {
    UniqueNativeHandle file(::memfd_create("lares", MFD_CLOEXEC));
    while (file && !bytes.empty()) {
        const ssize_t n = ::write(file.get(), bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return {};
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    if (file && ::lseek(file.get(), 0, SEEK_SET) != 0) return {};
    return moved_up(std::move(file));
}

std::string with_ends(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text.append(word).push_back('\0');
    return text;
}

constexpr std::string_view kPasswd =
    "user:x:1000:1000:user:/work-home:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n";
constexpr std::string_view kGroup = "user:x:1000:\nnogroup:x:65534:\n";
constexpr std::string_view kNames = "passwd: files\ngroup: files\nhosts: files\n";

}  // namespace

Result<LaunchedCommand> launch(const LaunchOrder& order) {
    Pipe output = make_pipe(), complaints = make_pipe(), status = make_pipe(), info = make_pipe();
    const UniqueNativeHandle arguments = memory_file(with_ends(order.arguments));
    const UniqueNativeHandle what = memory_file(order.order), script = memory_file(order.script);
    const UniqueNativeHandle passwd = memory_file(kPasswd), group = memory_file(kGroup);
    const UniqueNativeHandle names = memory_file(kNames);
    const UniqueNativeHandle toolhost(::fcntl(order.toolhost.get(), F_DUPFD_CLOEXEC, kFirstOwnFd));
    const bool has_all = output.is_open() && complaints.is_open() && status.is_open() &&
                         info.is_open() && arguments && what && script && passwd && group &&
                         names && toolhost;
    if (!has_all || ::lseek(toolhost.get(), 0, SEEK_SET) != 0) return io_error("its pipes");

    SpawnPlan plan;
    if (order.input != kNoHandle) plan.give(order.input, STDIN_FILENO);
    plan.give(output.theirs, STDOUT_FILENO);
    plan.give(complaints.theirs, STDERR_FILENO);
    plan.give(status.theirs, kStatusFd);
    plan.give(what, kOrderFd);
    plan.give(arguments, kArgumentsFd);
    plan.give(toolhost, kToolhostFd);
    plan.give(script, kScriptFd);
    plan.give(passwd, kPasswdFd);
    plan.give(group, kGroupFd);
    plan.give(names, kNamesFd);
    plan.give(info.theirs, kInfoFd);
    LaunchedCommand launched;
    errno =
        plan.start({order.bubblewrap, "--args", std::to_string(kArgumentsFd), "--", kToolhostPlace},
                   kLastFd, launched.process);
    if (errno != 0) return io_error("bubblewrap");
    // Ours until we wait for it, so its number is no other process's.
    launched.has_ended =
        UniqueNativeHandle(static_cast<int>(::syscall(SYS_pidfd_open, launched.process, 0)));
    if (!launched.has_ended) {
        const Error error = io_error("pidfd_open");
        ::kill(launched.process, SIGKILL);
        ::waitpid(launched.process, nullptr, 0);
        return error;
    }
    launched.output = std::move(output.ours);
    launched.complaints = std::move(complaints.ours);
    launched.status = std::move(status.ours);
    launched.info = std::move(info.ours);
    return launched;
}

std::string version_of(const std::string& program) {
    constexpr std::size_t kMost = 4096;
    constexpr int kPatience = 5000;
    Pipe output = make_pipe();
    if (!output.is_open()) return {};
    SpawnPlan plan;
    plan.give(output.theirs, STDOUT_FILENO);
    plan.give(output.theirs, STDERR_FILENO);
    pid_t process = -1;
    if (plan.start({program, "--version"}, STDERR_FILENO, process) != 0) return {};
    output.theirs = {};
    std::string text;
    pollfd waiting{output.ours.get(), POLLIN, 0};
    while (text.size() < kMost && ::poll(&waiting, 1, kPatience) == 1) {
        const std::string more = read_now(output.ours, kMost);
        if (more.empty()) break;
        text += more;
    }
    ::kill(process, SIGKILL);
    ::waitpid(process, nullptr, 0);
    return text;
}

std::string read_now(const UniqueNativeHandle& pipe, std::size_t most) {
    std::string text(most, '\0');
    ssize_t n = 0;
    do {
        n = ::read(pipe.get(), text.data(), text.size());
    } while (n < 0 && errno == EINTR);
    text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return text;
}

}  // namespace lares
