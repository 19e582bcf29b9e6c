#include "tests/support/small_disk.h"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lares::test {
namespace {

constexpr int kCannotMount = 77;

bool write_text(const char* path, const std::string& text) {
    const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
    const bool is_written =
        fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (fd >= 0) ::close(fd);
    return is_written;
}

/// Mounts of its own, which need root; somebody else is root in a user namespace.
bool leave_mounts() {
    const std::string user = std::to_string(::geteuid());
    const std::string group = std::to_string(::getegid());
    if (::geteuid() == 0) {
        if (::unshare(CLONE_NEWNS) != 0) return false;
    } else if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 ||
               !write_text("/proc/self/setgroups", "deny") ||
               !write_text("/proc/self/uid_map", "0 " + user + " 1") ||
               !write_text("/proc/self/gid_map", "0 " + group + " 1")) {
        return false;
    }
    return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

}  // namespace

std::optional<std::string> on_small_disk(const std::string& folder,
                                         std::uint64_t size_bytes,
                                         const std::function<std::string()>& check) {
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) return std::nullopt;
    const pid_t child = ::fork();
    if (child == 0) {
        const std::string size = "size=" + std::to_string(size_bytes);
        if (!leave_mounts() || ::mount("tmpfs", folder.c_str(), "tmpfs", 0, size.c_str()) != 0)
            ::_exit(kCannotMount);
        const std::string problem = check();
        const bool is_told = ::write(pipe[1], problem.data(), problem.size()) ==
                             static_cast<ssize_t>(problem.size());
        ::_exit(is_told ? 0 : 1);
    }
    ::close(pipe[1]);
    std::string problem;
    std::array<char, 4096> chunk{};
    for (ssize_t n = 0; (n = ::read(pipe[0], chunk.data(), chunk.size())) > 0;)
        problem.append(chunk.data(), static_cast<std::size_t>(n));
    ::close(pipe[0]);
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child) return std::nullopt;
    if (WIFEXITED(status) && WEXITSTATUS(status) == kCannotMount) return std::nullopt;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return "the check ended by itself";
    return problem;
}

void fill_disk(const std::string& file) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    static constexpr std::array<char, 512> kZeros{};
    while (::write(fd, kZeros.data(), kZeros.size()) > 0) {
    }
    ::close(fd);
}

}  // namespace lares::test
