#include "tools/sandbox/open_beneath.h"

#include "tools/sandbox/folder_reader.h"
#include "tools/sandbox/linux/pseudo_files.h"
#include "tools/sandbox/path_bounds.h"

#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace lares {
namespace {

constexpr int kMaxRetries = 16;

int openat2_beneath(int folder, const char* relative, int flags) {
    struct open_how how {};
    how.flags = static_cast<std::uint64_t>(flags);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    // EAGAIN: something was renamed while the kernel looked, so it cannot promise anything.
    for (int attempt = 0; attempt < kMaxRetries; ++attempt) {
        const auto fd = ::syscall(SYS_openat2, folder, relative, &how, sizeof how);
        if (fd >= 0) return static_cast<int>(fd);
        if (errno != EAGAIN && errno != EINTR) break;
    }
    return -1;
}

/// Kernels before 5.6 do not have it, and some containers forbid it.
bool kernel_has_openat2() {
    static const bool kHas = [] {
        const UniqueNativeHandle root(openat2_beneath(AT_FDCWD, ".", O_PATH | O_CLOEXEC));
        return static_cast<bool>(root) || (errno != ENOSYS && errno != EPERM);
    }();
    return kHas;
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

int open_beneath(int folder, std::string_view relative, int flags, OpenMethod method) {
    const std::string name = relative.empty() ? "." : std::string(relative);
    if (method == OpenMethod::Best && kernel_has_openat2())
        return openat2_beneath(folder, name.c_str(), flags);
    return walk_beneath(folder, name, flags);
}

OpenFault fault_from(int error) {
    switch (error) {
        case ENOENT:
            return OpenFault::NotFound;
        case ENOTDIR:
            return OpenFault::NotAFolder;
        case ENXIO:  // a socket, or a device without a driver
        case ENODEV:
            return OpenFault::NotAFile;
        case EXDEV:  // it leads out
        case ELOOP:  // a link where none may be, or a ring of them
        case EACCES:
        case EPERM:
        case EAGAIN:
        case ENAMETOOLONG:
            return OpenFault::Denied;
        default:
            return OpenFault::Io;
    }
}

OpenOutcome failed(OpenFault fault) {
    OpenOutcome outcome;
    outcome.fault = fault;
    return outcome;
}

/// Opens and then looks at what it is: what has been checked is what is used.
OpenOutcome open_as(mode_t type,
                    const FolderHandle& folder,
                    std::string_view relative,
                    int flags,
                    OpenMethod method) {
    if (!is_plain_relative(relative)) return failed(OpenFault::Denied);
    OpenOutcome outcome;
    // Neither waits for a pipe's other end nor takes over a terminal.
    outcome.handle = UniqueNativeHandle(open_beneath(
        folder.native(), relative, flags | O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, method));
    if (!outcome.handle) return failed(fault_from(errno));
    struct stat status {};
    if (::fstat(outcome.handle.get(), &status) != 0) return failed(OpenFault::Io);
    if ((status.st_mode & S_IFMT) != type)
        return failed(type == S_IFDIR ? OpenFault::NotAFolder : OpenFault::NotAFile);
    if (is_pseudo_file(outcome.handle.get())) return failed(OpenFault::Denied);
    if (S_ISREG(status.st_mode)) outcome.size_bytes = static_cast<std::uint64_t>(status.st_size);
    return outcome;
}

}  // namespace

std::string_view sandbox_layer(OpenMethod method) {
    return method == OpenMethod::Best && kernel_has_openat2() ? "openat2" : "component walk";
}

bool has_file_sandbox() {
    return true;
}

OpenOutcome open_file_beneath(const FolderHandle& folder,
                              std::string_view relative,
                              OpenMethod method) {
    return open_as(S_IFREG, folder, relative, 0, method);
}

OpenOutcome open_folder_beneath(const FolderHandle& folder,
                                std::string_view relative,
                                OpenMethod method) {
    return open_as(S_IFDIR, folder, relative, O_DIRECTORY, method);
}

std::optional<EntryStatus> status_beneath(const FolderHandle& folder,
                                          std::string_view relative,
                                          OpenMethod method) {
    if (!is_plain_relative(relative)) return std::nullopt;
    // O_PATH finds it without opening it, so that even a device may be looked at.
    const UniqueNativeHandle found(
        open_beneath(folder.native(), relative, O_PATH | O_CLOEXEC, method));
    if (!found) {
        const bool is_behind_link = errno == EXDEV || errno == ELOOP || errno == ENOENT;
        return is_behind_link ? std::optional(EntryStatus{EntryKind::Link, 0}) : std::nullopt;
    }
    struct stat status {};
    if (::fstat(found.get(), &status) != 0) return std::nullopt;
    if (S_ISDIR(status.st_mode)) return EntryStatus{EntryKind::Folder, 0};
    if (S_ISLNK(status.st_mode)) return EntryStatus{EntryKind::Link, 0};  // walked: not followed
    if (!S_ISREG(status.st_mode)) return EntryStatus{EntryKind::Other, 0};
    return EntryStatus{EntryKind::File, static_cast<std::uint64_t>(status.st_size)};
}

}  // namespace lares
