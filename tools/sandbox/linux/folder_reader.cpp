#include "tools/sandbox/folder_reader.h"

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

namespace lares {
namespace {

EntryKind kind_from_mode(mode_t mode) {
    if (S_ISREG(mode)) return EntryKind::File;
    if (S_ISDIR(mode)) return EntryKind::Folder;
    return S_ISLNK(mode) ? EntryKind::Link : EntryKind::Other;
}

EntryKind kind_of(int folder, const dirent& entry) {
    switch (entry.d_type) {
        case DT_REG:
            return EntryKind::File;
        case DT_DIR:
            return EntryKind::Folder;
        case DT_LNK:
            return EntryKind::Link;
        case DT_UNKNOWN:
            break;  // some file systems do not say
        default:
            return EntryKind::Other;
    }
    struct stat status {};
    if (::fstatat(folder, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) return EntryKind::Other;
    return kind_from_mode(status.st_mode);
}

}  // namespace

struct FolderReader::Impl {
    DIR* stream = nullptr;
    bool failed = false;
};

FolderReader::FolderReader(UniqueNativeHandle folder) : m_impl(std::make_unique<Impl>()) {
    const int fd = folder.release();
    m_impl->stream = ::fdopendir(fd);
    m_impl->failed = m_impl->stream == nullptr;
    if (m_impl->failed && fd != kNoHandle) close_native(fd);
}

FolderReader::FolderReader(FolderReader&&) noexcept = default;
FolderReader& FolderReader::operator=(FolderReader&&) noexcept = default;

FolderReader::~FolderReader() {
    if (m_impl && m_impl->stream) ::closedir(m_impl->stream);
}

std::optional<FolderReader::Entry> FolderReader::next() {
    while (m_impl->stream) {
        errno = 0;
        const dirent* entry = ::readdir(m_impl->stream);
        if (!entry) {
            m_impl->failed = m_impl->failed || errno != 0;
            return std::nullopt;
        }
        const std::string_view name = entry->d_name;
        if (name == "." || name == "..") continue;
        return Entry{std::string(name), kind_of(::dirfd(m_impl->stream), *entry)};
    }
    return std::nullopt;
}

bool FolderReader::failed() const {
    return m_impl->failed;
}

}  // namespace lares
