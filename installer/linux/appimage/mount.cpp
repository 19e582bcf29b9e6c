#include "installer/linux/appimage/mount.h"

#include "installer/linux/appimage/squashfs.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lares::appimage {
namespace fs = std::filesystem;
namespace {

constexpr char kMounted = 'm';

bool is_in_path(const char* program) {
    const char* path = std::getenv("PATH");
    std::string_view rest = path ? path : "/usr/bin:/bin";
    while (!rest.empty()) {
        const std::size_t n = std::min(rest.find(':'), rest.size());
        const std::string file = std::string(rest.substr(0, n)) + "/" + program;
        if (::access(file.c_str(), X_OK) == 0) return true;
        rest.remove_prefix(std::min(n + 1, rest.size()));
    }
    return false;
}

fuse_lowlevel_ops operations() {
    fuse_lowlevel_ops ops{};
    ops.getattr = sqfs_ll_op_getattr;
    ops.opendir = sqfs_ll_op_opendir;
    ops.releasedir = sqfs_ll_op_releasedir;
    ops.readdir = sqfs_ll_op_readdir;
    ops.lookup = sqfs_ll_op_lookup;
    ops.open = sqfs_ll_op_open;
    ops.create = sqfs_ll_op_create;
    ops.release = sqfs_ll_op_release;
    ops.read = sqfs_ll_op_read;
    ops.readlink = sqfs_ll_op_readlink;
    ops.listxattr = sqfs_ll_op_listxattr;
    ops.getxattr = sqfs_ll_op_getxattr;
    ops.forget = sqfs_ll_op_forget;
    return ops;
}

/// Answers the kernel's requests until `process` has ended or somebody unmounted.
void serve(fuse_session* session, int process) {
    std::array<pollfd, 2> waits{{{fuse_session_fd(session), POLLIN, 0}, {process, POLLIN, 0}}};
    fuse_buf request{};
    while (!fuse_session_exited(session)) {
        if (::poll(waits.data(), waits.size(), -1) < 0) {
            if (errno == EINTR) continue;
            break;
        }
        if (waits[1].revents != 0) break;
        if (waits[0].revents == 0) continue;
        const int n = fuse_session_receive_buf(session, &request);
        if (n == -EINTR || n == -EAGAIN) continue;
        if (n <= 0) break;
        fuse_session_process_buf(session, &request);
    }
    std::free(request.mem);  // NOLINT(cppcoreguidelines-no-malloc): the library's
}

/// Nobody shall wait for the end of what this process inherited; a terminal's Ctrl+C is not for it.
void leave_the_terminal() {
    ::setsid();
    if (::chdir("/") != 0) return;
    const int nothing = ::open("/dev/null", O_RDWR);
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nothing, stream);
    if (nothing > STDERR_FILENO) ::close(nothing);
    for (const int signal : {SIGHUP, SIGINT, SIGTERM, SIGPIPE}) std::signal(signal, SIG_IGN);
}

/// The serving process: writes kMounted into `ready` when the folder can be used.
void mount_and_serve(
    const fs::path& image, std::uint64_t offset, const fs::path& at, int process, int ready) {
    sqfs_ll* opened = sqfs_ll_open(image.c_str(), offset);
    if (!opened) return;
    std::array<std::string, 3> words = {"lares", "-o",
                                        "ro,nodev,nosuid,fsname=lares,subtype=lares"};
    std::array<char*, 3> arguments = {words[0].data(), words[1].data(), words[2].data()};
    fuse_args args = FUSE_ARGS_INIT(static_cast<int>(arguments.size()), arguments.data());
    fuse_lowlevel_ops ops = operations();
    sqfs_ll_chan channel{};
    if (sqfs_ll_mount(&channel, at.c_str(), &args, &ops, sizeof ops, opened) == SQFS_OK) {
        leave_the_terminal();
        if (::write(ready, &kMounted, 1) == 1) {
            ::close(ready);
            serve(channel.session, process);
        }
        sqfs_ll_unmount(&channel, at.c_str());
    }
    ::rmdir(at.c_str());
}

int open_process(pid_t process) {
    return static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
}

}  // namespace

bool can_mount() {
    return ::access("/dev/fuse", R_OK | W_OK) == 0 && is_in_path("fusermount3");
}

Result<void> mount_while_running(const fs::path& image, std::uint64_t offset, const fs::path& at) {
    const Error failed{ErrorCode::Io, "cannot mount the image at " + at.string()};
    std::array<int, 2> ready{};
    const int process = open_process(::getpid());
    if (process < 0 || ::pipe2(ready.data(), O_CLOEXEC) != 0) return failed;
    const pid_t child = ::fork();
    if (child == 0) {
        // Forked twice, so that the program that this process becomes has no child it knows not of.
        if (::fork() == 0) {
            ::close(ready[0]);
            mount_and_serve(image, offset, at, process, ready[1]);
        }
        ::_exit(0);
    }
    ::close(ready[1]);
    ::close(process);
    if (child > 0) ::waitpid(child, nullptr, 0);
    char answer = 0;
    const bool is_mounted = ::read(ready[0], &answer, 1) == 1 && answer == kMounted;
    ::close(ready[0]);
    if (!is_mounted) return failed;
    return {};
}

}  // namespace lares::appimage
