#include "tools/sandbox/change_beneath.h"

#include "tools/sandbox/linux/beneath.h"
#include "tools/sandbox/linux/file_facts.h"
#include "tools/sandbox/linux/pseudo_files.h"
#include "tools/sandbox/path_bounds.h"
#include "tools/sandbox/read_bytes.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace lares {
namespace {

constexpr mode_t kNewFolderMode = 0777;  // less what the user's umask takes
constexpr mode_t kNewFileMode = 0666;
constexpr mode_t kUnfinishedMode = 0600;  // until it gets the bits of the one it replaces

ChangeOutcome fault_of(ChangeFault fault) {
    ChangeOutcome outcome;
    outcome.fault = fault;
    return outcome;
}

ChangeFault fault_from_errno(int error) {
    switch (error) {
        case ENOENT:
            return ChangeFault::NotFound;
        case ENOTDIR:
            return ChangeFault::NoFolder;
        case EEXIST:
            return ChangeFault::Exists;
        case ENOTEMPTY:
            return ChangeFault::NotEmpty;
        case EXDEV:
            return ChangeFault::OtherDisk;
        case ENOSPC:
        case EDQUOT:
            return ChangeFault::DiskFull;
        case ENAMETOOLONG:
            return ChangeFault::NameTooLong;
        case EFBIG:
            return ChangeFault::TooLarge;
        case EACCES:
        case EPERM:
        case EROFS:
        case ELOOP:
        case EAGAIN:
        case ENXIO:  // a socket, or a device without a driver
        case ENODEV:
            return ChangeFault::Denied;
        default:
            return ChangeFault::Io;
    }
}

/// Of something new in an open folder: nothing is missing but the folder, which was removed.
ChangeFault fault_in(int error) {
    return error == ENOENT ? ChangeFault::NoFolder : fault_from_errno(error);
}

/// The folder that holds a place, open, and the place's name in it: nothing is looked up twice.
struct Parent {
    std::optional<ChangeFault> fault;
    UniqueNativeHandle folder;
    std::string name;

    [[nodiscard]] int fd() const { return folder.get(); }
};

Parent parent_fault(ChangeFault fault) {
    Parent parent;
    parent.fault = fault;
    return parent;
}

Parent open_parent(const PlaceBeneath& place, OpenMethod method) {
    if (place.relative.empty() || !is_plain_relative(place.relative))
        return parent_fault(ChangeFault::Denied);
    Parent parent;
    const std::size_t slash = place.relative.rfind('/');
    const std::string above =
        slash == std::string::npos ? std::string() : place.relative.substr(0, slash);
    parent.name = slash == std::string::npos ? place.relative : place.relative.substr(slash + 1);
    // Not O_PATH: a folder has to be open to be written to the disk.
    parent.folder = UniqueNativeHandle(open_beneath_fd(
        place.folder.native(), above, O_RDONLY | O_DIRECTORY | O_CLOEXEC, Links::None, method));
    if (!parent.folder) {
        const int error = errno;
        if (error == ENOENT || error == ENOTDIR) return parent_fault(ChangeFault::NoFolder);
        return parent_fault(error == EXDEV ? ChangeFault::Denied : fault_from_errno(error));
    }
    struct stat status {};
    if (::fstat(parent.fd(), &status) != 0) return parent_fault(ChangeFault::Io);
    const bool is_elsewhere = facts_from(status).identity.device != place.folder.identity().device;
    if (is_elsewhere || is_pseudo_file(parent.fd())) return parent_fault(ChangeFault::Denied);
    return parent;
}

std::optional<FileFacts> facts_at(int folder, const std::string& name) {
    struct stat status {};
    if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
    return facts_from(status);
}

bool is_file_or_folder(const FileFacts& facts) {
    return facts.kind == EntryKind::File || facts.kind == EntryKind::Folder;
}

/// Gives a name to what has another one. Never onto something that is there; errno says why not.
bool rename_to_free(int from, const std::string& name, int to, const std::string& new_name) {
    if (::renameat2(from, name.c_str(), to, new_name.c_str(), RENAME_NOREPLACE) == 0) return true;
    if (errno != EINVAL && errno != ENOSYS) return false;
    // Some network file systems cannot promise it. A second name can be made there without
    // replacing anything; for a folder, the worst that a race can cost is an empty folder.
    const std::optional<FileFacts> facts = facts_at(from, name);
    if (facts && facts->kind == EntryKind::File) {
        return ::linkat(from, name.c_str(), to, new_name.c_str(), 0) == 0 &&
               ::unlinkat(from, name.c_str(), 0) == 0;
    }
    if (facts_at(to, new_name)) {
        errno = EEXIST;
        return false;
    }
    return ::renameat(from, name.c_str(), to, new_name.c_str()) == 0;
}

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

/// What a person or a program hung on the file that is replaced: tags, comments, an access list.
/// What cannot be carried over stays behind; the journal keeps the bytes, not these.
void copy_attributes(int from, int to) {
    std::array<char, 16384> names{};
    const ssize_t size = ::flistxattr(from, names.data(), names.size());
    for (ssize_t at = 0; at < size;) {
        const std::string name = names.data() + at;
        at += static_cast<ssize_t>(name.size()) + 1;
        if (!name.starts_with("user.") && name != "system.posix_acl_access") continue;
        std::array<char, 65536> value{};  // as much as Linux allows
        const ssize_t n = ::fgetxattr(from, name.c_str(), value.data(), value.size());
        if (n >= 0)
            (void)::fsetxattr(to, name.c_str(), value.data(), static_cast<std::size_t>(n), 0);
    }
}

/// Bytes, permission bits and time of a new file, on the disk. False with errno.
bool fill(int fd, std::string_view bytes, const NewFileFacts& facts) {
    if (!write_all(fd, bytes)) return false;
    if (facts.mode && ::fchmod(fd, *facts.mode & kPermissionBits) != 0) return false;
    if (facts.modified_ns) {
        std::array<struct timespec, 2> times{};
        times[0].tv_nsec = UTIME_OMIT;
        times[1] = time_from(*facts.modified_ns);
        if (::futimens(fd, times.data()) != 0) return false;
    }
    return ::fsync(fd) == 0;
}

/// The outcome of a change that happened in this folder.
ChangeOutcome on_disk(int folder, const std::string& name) {
    ChangeOutcome outcome;
    outcome.is_made = true;
    if (const auto facts = facts_at(folder, name)) outcome.facts = *facts;
    if (::fsync(folder) != 0 && errno != EINVAL) outcome.fault = fault_from_errno(errno);
    return outcome;
}

/// Puts a written file in the place of `expected`. True when that is what it replaced.
bool exchange(int folder,
              const std::string& temporary,
              const std::string& name,
              const FileFacts& expected,
              ChangeFault& fault) {
    const auto swap = [&] {
        return ::renameat2(folder, temporary.c_str(), folder, name.c_str(), RENAME_EXCHANGE) == 0;
    };
    if (swap()) {
        const auto replaced = facts_at(folder, temporary);
        if (replaced && replaced->is_same_content(expected)) return true;
        fault = ChangeFault::Changed;
        (void)swap();  // whoever changed it meanwhile keeps what they have
        return false;
    }
    if (errno == EINVAL || errno == ENOSYS) {  // as in rename_to_free
        const auto now = facts_at(folder, name);
        if (!now || !now->is_same_content(expected)) {
            fault = ChangeFault::Changed;
            return false;
        }
        if (::renameat(folder, temporary.c_str(), folder, name.c_str()) == 0) return true;
    }
    fault = errno == ENOENT ? ChangeFault::Changed : fault_from_errno(errno);
    return false;
}

}  // namespace

std::optional<FileFacts> facts_beneath(const PlaceBeneath& place, OpenMethod method) {
    const Parent parent = open_parent(place, method);
    if (parent.fault) return std::nullopt;
    return facts_at(parent.fd(), parent.name);
}

ChangeOutcome make_folder_beneath(const PlaceBeneath& place, OpenMethod method) {
    const Parent parent = open_parent(place, method);
    if (parent.fault) return fault_of(*parent.fault);
    if (::mkdirat(parent.fd(), parent.name.c_str(), kNewFolderMode) != 0)
        return fault_of(fault_in(errno));
    return on_disk(parent.fd(), parent.name);
}

ChangeOutcome remove_folder_beneath(const PlaceBeneath& place, OpenMethod method) {
    const Parent parent = open_parent(place, method);
    if (parent.fault) return fault_of(*parent.fault);
    if (::unlinkat(parent.fd(), parent.name.c_str(), AT_REMOVEDIR) != 0) {
        if (errno == ENOTDIR) return fault_of(ChangeFault::Changed);
        // One that holds something says either of the two.
        return fault_of(errno == EEXIST ? ChangeFault::NotEmpty : fault_from_errno(errno));
    }
    return on_disk(parent.fd(), parent.name);
}

ChangeOutcome move_beneath(const PlaceBeneath& from, const PlaceBeneath& to, OpenMethod method) {
    const Parent source = open_parent(from, method);
    if (source.fault)
        return fault_of(source.fault == ChangeFault::NoFolder ? ChangeFault::NotFound
                                                              : *source.fault);
    const Parent target = open_parent(to, method);
    if (target.fault) return fault_of(*target.fault);
    const auto facts = facts_at(source.fd(), source.name);
    if (!facts) return fault_of(fault_from_errno(errno));
    if (!is_file_or_folder(*facts)) return fault_of(ChangeFault::Denied);
    if (facts->identity.device != from.folder.identity().device)
        return fault_of(ChangeFault::Denied);  // something is mounted there
    if (!rename_to_free(source.fd(), source.name, target.fd(), target.name)) {
        // Some file systems say the same of a name that they cannot have.
        const bool is_into_itself = errno == EINVAL && facts->kind == EntryKind::Folder;
        return fault_of(is_into_itself ? ChangeFault::IntoItself : fault_from_errno(errno));
    }
    ChangeOutcome outcome = on_disk(target.fd(), target.name);
    if (::fsync(source.fd()) != 0 && errno != EINVAL) outcome.fault = fault_from_errno(errno);
    return outcome;
}

FileBytes read_beneath(const PlaceBeneath& place, std::uint64_t max_bytes, OpenMethod method) {
    FileBytes read;
    const auto failed = [&](ChangeFault fault) {
        read.fault = fault;
        return std::move(read);
    };
    const Parent parent = open_parent(place, method);
    if (parent.fault)
        return failed(parent.fault == ChangeFault::NoFolder ? ChangeFault::NotFound
                                                            : *parent.fault);
    // Opening a device can do something by itself; what is opened is looked at again.
    const auto facts = facts_at(parent.fd(), parent.name);
    if (!facts) return failed(fault_from_errno(errno));
    if (facts->kind != EntryKind::File) return failed(ChangeFault::Denied);
    const UniqueNativeHandle file(
        ::openat(parent.fd(), parent.name.c_str(),
                 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file) return failed(fault_from_errno(errno));
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return failed(ChangeFault::Io);
    read.facts = facts_from(status);
    if (read.facts.kind != EntryKind::File || is_pseudo_file(file.get()))
        return failed(ChangeFault::Denied);
    std::array<char, 65536> chunk{};
    while (true) {
        const auto n = read_bytes(file, chunk);
        if (!n) return failed(ChangeFault::Io);
        if (*n == 0) break;
        read.bytes.append(chunk.data(), *n);
        if (read.bytes.size() > max_bytes) return failed(ChangeFault::TooLarge);
    }
    // It may have grown while it was read: then what was read is not what stands there.
    if (::fstat(file.get(), &status) != 0) return failed(ChangeFault::Io);
    if (!facts_from(status).is_same_content(read.facts)) return failed(ChangeFault::Changed);
    return read;
}

ChangeOutcome write_beneath(const PlaceBeneath& place,
                            std::string_view bytes,
                            const FileFacts* replaces,
                            const NewFileFacts& facts,
                            const std::string& temporary,
                            OpenMethod method) {
    const Parent parent = open_parent(place, method);
    if (parent.fault) return fault_of(*parent.fault);
    // A hard link would let a write in here change a file that lies elsewhere.
    if (replaces && (replaces->kind != EntryKind::File || replaces->n_name != 1))
        return fault_of(ChangeFault::Denied);
    if (!replaces && facts_at(parent.fd(), parent.name)) return fault_of(ChangeFault::Exists);

    const UniqueNativeHandle file(::openat(parent.fd(), temporary.c_str(),
                                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                           facts.mode ? kUnfinishedMode : kNewFileMode));
    if (!file) return fault_of(fault_in(errno));
    const auto discarded = [&](ChangeFault fault) {
        // Only our own: after two exchanges it may be what somebody else put there in between.
        struct stat own {};
        const auto rest = facts_at(parent.fd(), temporary);
        if (rest && ::fstat(file.get(), &own) == 0 && facts_from(own).identity == rest->identity)
            ::unlinkat(parent.fd(), temporary.c_str(), 0);
        return fault_of(fault);
    };
    const auto replaced = replaces ? facts_at(parent.fd(), parent.name) : std::nullopt;
    if (replaced && replaced->kind == EntryKind::File) {
        const UniqueNativeHandle old(
            ::openat(parent.fd(), parent.name.c_str(),
                     O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
        if (old) copy_attributes(old.get(), file.get());
    }
    if (!fill(file.get(), bytes, facts)) return discarded(fault_from_errno(errno));
    if (!replaces) {
        if (!rename_to_free(parent.fd(), temporary, parent.fd(), parent.name))
            return discarded(fault_from_errno(errno));
        return on_disk(parent.fd(), parent.name);
    }
    ChangeFault fault = ChangeFault::Io;
    if (!exchange(parent.fd(), temporary, parent.name, *replaces, fault)) return discarded(fault);
    ::unlinkat(parent.fd(), temporary.c_str(), 0);  // the old file, where they were exchanged
    return on_disk(parent.fd(), parent.name);
}

ChangeOutcome remove_beneath(const PlaceBeneath& place,
                             const FileFacts& expected,
                             const std::string& temporary,
                             OpenMethod method) {
    const Parent parent = open_parent(place, method);
    if (parent.fault) return fault_of(*parent.fault);
    // Under another name first: what is removed is then what was looked at.
    if (!rename_to_free(parent.fd(), parent.name, parent.fd(), temporary))
        return fault_of(fault_from_errno(errno));
    const auto facts = facts_at(parent.fd(), temporary);
    if (!facts || facts->kind != EntryKind::File || !facts->is_same_content(expected)) {
        (void)rename_to_free(parent.fd(), temporary, parent.fd(), parent.name);
        return fault_of(ChangeFault::Changed);
    }
    if (::unlinkat(parent.fd(), temporary.c_str(), 0) != 0) {
        const int error = errno;
        (void)rename_to_free(parent.fd(), temporary, parent.fd(), parent.name);
        return fault_of(fault_from_errno(error));
    }
    return on_disk(parent.fd(), parent.name);
}

}  // namespace lares
