#include "tools/sandbox/open_beneath.h"

#include "tools/sandbox/folder_reader.h"
#include "tools/sandbox/linux/beneath.h"
#include "tools/sandbox/linux/file_facts.h"
#include "tools/sandbox/linux/pseudo_files.h"
#include "tools/sandbox/path_bounds.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace lares {
namespace {

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
                    Links links,
                    OpenMethod method) {
    if (!is_plain_relative(relative)) return failed(OpenFault::Denied);
    OpenOutcome outcome;
    // Neither waits for a pipe's other end nor takes over a terminal.
    outcome.handle = UniqueNativeHandle(
        open_beneath_fd(folder.native(), relative,
                        flags | O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, links, method));
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
    return open_as(S_IFREG, folder, relative, 0, Links::Inside, method);
}

OpenOutcome open_folder_beneath(const FolderHandle& folder,
                                std::string_view relative,
                                OpenMethod method) {
    return open_as(S_IFDIR, folder, relative, O_DIRECTORY, Links::Inside, method);
}

std::optional<EntryStatus> status_beneath(const FolderHandle& folder,
                                          std::string_view relative,
                                          OpenMethod method) {
    if (!is_plain_relative(relative)) return std::nullopt;
    // O_PATH finds it without opening it, so that even a device may be looked at.
    const UniqueNativeHandle found(
        open_beneath_fd(folder.native(), relative, O_PATH | O_CLOEXEC, Links::Inside, method));
    if (!found) {
        const bool is_behind_link = errno == EXDEV || errno == ELOOP || errno == ENOENT;
        return is_behind_link ? std::optional(EntryStatus{EntryKind::Link, 0}) : std::nullopt;
    }
    struct stat status {};
    if (::fstat(found.get(), &status) != 0) return std::nullopt;
    if (S_ISDIR(status.st_mode)) return EntryStatus{EntryKind::Folder, 0};
    if (S_ISLNK(status.st_mode)) return EntryStatus{EntryKind::Link, 0};  // walked: not followed
    if (!S_ISREG(status.st_mode)) return EntryStatus{EntryKind::Other, 0};
    const FileFacts facts = facts_from(status);
    return EntryStatus{EntryKind::File, facts.size_bytes, facts.modified_ns, facts.identity};
}

}  // namespace lares
