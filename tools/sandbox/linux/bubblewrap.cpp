#include "tools/sandbox/linux/bubblewrap.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace lares {
namespace {

constexpr const char* kInstall = "install the package bubblewrap";
constexpr const char* kReinstall = "install Lares again";

/// Others than root and this user cannot have put something else there.
bool is_ours(const struct stat& status) {
    const bool has_owner = status.st_uid == 0 || status.st_uid == ::geteuid();
    return has_owner && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

using Words = std::vector<std::string>;

void append(Words& words, std::initializer_list<std::string> more) {
    words.insert(words.end(), more);
}

/// Memory that is gone afterwards.
void add_memory(Words& words, const std::string& place, std::uint64_t bytes) {
    append(words, {"--size", std::to_string(bytes), "--tmpfs", place});
}

/// /usr, and links into it or folders beside it, as this system has them.
void add_system(Words& words) {
    append(words, {"--ro-bind", "/usr", "/usr"});
    for (const std::string place : {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}) {
        std::error_code error;
        const auto target = std::filesystem::read_symlink(place, error);
        if (!error) {
            append(words, {"--symlink", target.string(), place});
        } else if (std::filesystem::is_directory(place, error)) {
            append(words, {"--ro-bind", place, place});
        }
    }
}

void add_file(Words& words, int fd, const std::string& permissions, const std::string& place) {
    append(words, {"--perms", permissions, "--ro-bind-data", std::to_string(fd), place});
}

/// Of the system's settings what programs need to start, and one user.
void add_settings(Words& words) {
    for (const std::string place : {"/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime"})
        append(words, {"--ro-bind-try", place, place});
    add_file(words, kPasswdFd, "0444", "/etc/passwd");
    add_file(words, kGroupFd, "0444", "/etc/group");
    add_file(words, kNamesFd, "0444", "/etc/nsswitch.conf");
}

}  // namespace

Error cannot_isolate(const std::string& cause, const std::string& mend) {
    return {ErrorCode::Unsupported, "Commands are switched off: this system cannot isolate them (" +
                                        cause + "; " + mend + ")"};
}

Result<void> check_bubblewrap(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return cannot_isolate("bubblewrap is missing", kInstall);
        return cannot_isolate(
            "bubblewrap cannot be looked at: " + std::generic_category().message(errno), kInstall);
    }
    if (!S_ISREG(status.st_mode) || ::access(path.c_str(), X_OK) != 0)
        return cannot_isolate(path + " is not a program", kInstall);
    if ((status.st_mode & (S_ISUID | S_ISGID)) != 0)
        return cannot_isolate(path + " has the rights of its owner, which is not needed",
                              "as root: chmod u-s,g-s " + path);
    if (!is_ours(status))
        return cannot_isolate("others can write " + path, "install the package bubblewrap again");
    return {};
}

Result<UniqueNativeHandle> open_toolhost(const std::string& path) {
    UniqueNativeHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) != 0)
        return cannot_isolate("lares-toolhost is missing: " + path, kReinstall);
    if (!S_ISREG(status.st_mode) || status.st_size == 0)
        return cannot_isolate(path + " is not a program", kReinstall);
    if (!is_ours(status)) return cannot_isolate("others can write " + path, kReinstall);
    return file;
}

Result<void> check_bubblewrap_version(const std::string& said) {
    unsigned major = 0, minor = 0;
    if (std::sscanf(said.c_str(), "bubblewrap %u.%u", &major, &minor) != 2)
        return cannot_isolate("bubblewrap does not say its version", kInstall);
    if (major == 0 && minor < 8)
        return cannot_isolate("bubblewrap is older than 0.8.0", "install a newer bubblewrap");
    return {};
}

std::vector<std::string> bubblewrap_arguments(const std::vector<BoundFolder>& folders,
                                              std::uint64_t temporary_bytes) {
    Words words = {"--unshare-all",
                   "--unshare-user",
                   "--disable-userns",
                   "--die-with-parent",
                   "--new-session",
                   "--as-pid-1",
                   "--cap-drop",
                   "ALL",
                   "--uid",
                   "1000",
                   "--gid",
                   "1000",
                   "--hostname",
                   "lares",
                   "--info-fd",
                   std::to_string(kInfoFd)};
    add_memory(words, "/tmp", temporary_bytes);
    add_memory(words, kHomePlace, temporary_bytes);
    // Before the system's: a link that somebody puts in the way of one leads to nothing of it.
    for (const BoundFolder& one : folders) {
        append(words,
               {one.order.is_writable ? "--bind" : "--ro-bind", one.source, one.order.place});
    }
    add_system(words);
    add_settings(words);
    append(words, {"--proc", "/proc", "--dev", "/dev"});
    add_memory(words, "/dev/shm", temporary_bytes);
    add_file(words, kToolhostFd, "0555", kToolhostPlace);
    add_file(words, kScriptFd, "0444", kScriptPlace);
    // The root user of this sandbox's user is the system's where Lares runs as root: it owns the
    // settings in /proc, and only this keeps it from writing them.
    append(words, {"--remount-ro", "/proc", "--remount-ro", "/dev", "--remount-ro", "/"});
    return words;
}

}  // namespace lares
