#include "tools/sandbox/linux/beneath.h"

#include "tools/sandbox/native_handle.h"

#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace lares {
namespace {

constexpr int kMaxRetries = 16;

int openat2_beneath(int folder, const char* relative, int flags, std::uint64_t resolve) {
    struct open_how how {};
    how.flags = static_cast<std::uint64_t>(flags);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | resolve;
    // EAGAIN: something was renamed while the kernel looked, so it cannot promise anything.
    for (int attempt = 0; attempt < kMaxRetries; ++attempt) {
        const auto fd = ::syscall(SYS_openat2, folder, relative, &how, sizeof how);
        if (fd >= 0) return static_cast<int>(fd);
        if (errno != EAGAIN && errno != EINTR) break;
    }
    return -1;
}

bool is_link(int folder, const char* name) {
    struct stat status {};
    return ::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
}

/// Opens one component after the other and follows no link, not even one that stays inside.
int walk_beneath(int folder, const std::string& relative, int flags) {
    UniqueNativeHandle parent;
    std::size_t begin = 0;
    while (true) {
        const int at = parent ? parent.get() : folder;
        const std::size_t slash = relative.find('/', begin);
        const std::string name = relative.substr(begin, slash - begin);
        const bool is_last = slash == std::string::npos;
        const int how = is_last ? flags : O_PATH | O_DIRECTORY | O_CLOEXEC;
        UniqueNativeHandle next(::openat(at, name.c_str(), how | O_NOFOLLOW));
        if (!next) {
            const int error = errno;
            errno = error == ENOTDIR && is_link(at, name.c_str()) ? ELOOP : error;
            return -1;
        }
        if (is_last) return next.release();
        parent = std::move(next);
        begin = slash + 1;
    }
}

}  // namespace

bool kernel_has_openat2() {
    static const bool kHas = [] {
        const UniqueNativeHandle root(openat2_beneath(AT_FDCWD, ".", O_PATH | O_CLOEXEC, 0));
        return static_cast<bool>(root) || (errno != ENOSYS && errno != EPERM);
    }();
    return kHas;
}

int open_beneath_fd(
    int folder, std::string_view relative, int flags, Links links, OpenMethod method) {
    const std::string name = relative.empty() ? "." : std::string(relative);
    if (method == OpenMethod::Best && kernel_has_openat2()) {
        const std::uint64_t resolve = links == Links::None ? RESOLVE_NO_SYMLINKS : 0;
        return openat2_beneath(folder, name.c_str(), flags, resolve);
    }
    return walk_beneath(folder, name, flags);
}

}  // namespace lares
