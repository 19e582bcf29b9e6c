#include "tools/sandbox/folder_handle.h"

#include "tools/sandbox/linux/pseudo_files.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace lares {
namespace {

Error system_error(const std::string& path, int code) {
    if (code == ENOENT) return {ErrorCode::NotFound, path + ": there is no such folder"};
    if (code == ENOTDIR) return {ErrorCode::InvalidArgument, path + ": this is not a folder"};
    const bool denied = code == EACCES || code == EPERM || code == ELOOP;
    return {denied ? ErrorCode::PermissionDenied : ErrorCode::Io,
            path + ": cannot open the folder: " + std::generic_category().message(code)};
}

FileIdentity identity_from(const struct stat& status) {
    return {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino)};
}

/// The path of an open folder, as the kernel knows it.
std::string path_of(int fd) {
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    std::array<char, 4097> target{};
    const ssize_t n = ::readlink(link.c_str(), target.data(), target.size());
    if (n <= 0 || n == static_cast<ssize_t>(target.size())) return {};
    return {target.data(), static_cast<std::size_t>(n)};
}

}  // namespace

Result<FolderHandle> FolderHandle::open(const std::string& path) {
    if (path.empty() || path[0] != '/' || path.find('\0') != std::string::npos)
        return Error{ErrorCode::InvalidArgument, path + ": a folder needs its whole path"};
    FolderHandle folder;
    folder.m_handle = UniqueNativeHandle(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!folder.m_handle) return system_error(path, errno);

    struct stat status {};
    if (::fstat(folder.native(), &status) != 0) return system_error(path, errno);
    folder.m_identity = identity_from(status);
    if (is_pseudo_file(folder.native())) {
        return Error{ErrorCode::PermissionDenied,
                     path + ": this shows the system, not files; choose another folder"};
    }
    folder.m_path = path_of(folder.native());
    const Result<FileIdentity> named = identity_of(folder.m_path);
    if (!named || *named != folder.m_identity) {  // removed, renamed or hidden at this moment
        return Error{ErrorCode::Io, path + ": the system does not say where this folder is"};
    }
    return folder;
}

bool FolderHandle::is_removed() const {
    struct stat status {};
    return ::fstat(native(), &status) != 0 || status.st_nlink == 0;
}

Result<FileIdentity> identity_of(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return system_error(path, errno);
    return identity_from(status);
}

}  // namespace lares
