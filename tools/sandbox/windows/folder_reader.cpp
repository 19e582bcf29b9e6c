#include "tools/sandbox/folder_reader.h"

#include "engine/base/wide_text.h"
#include "tools/sandbox/windows/handle_facts.h"

#include <array>
#include <cstddef>
#include <cstring>

namespace lares {

struct FolderReader::Impl {
    UniqueNativeHandle folder;
    alignas(std::max_align_t) std::array<std::byte, 65536> entries{};
    std::size_t at = 0;        // of the next entry in `entries`
    bool has_entries = false;  // some of them are not handed out yet
    bool is_at_end = false;
    bool has_failed = false;

    void read_more();
};

void FolderReader::Impl::read_more() {
    at = 0;
    has_entries =
        ::GetFileInformationByHandleEx(folder.get(), FileFullDirectoryInfo, entries.data(),
                                       static_cast<DWORD>(entries.size())) != 0;
    if (has_entries) return;
    is_at_end = true;
    const DWORD code = ::GetLastError();
    // An empty root folder has no "." in it, and says so in its own way.
    has_failed = code != ERROR_NO_MORE_FILES && code != ERROR_FILE_NOT_FOUND;
}

FolderReader::FolderReader(UniqueNativeHandle folder) : m_impl(std::make_unique<Impl>()) {
    m_impl->folder = std::move(folder);
    m_impl->is_at_end = m_impl->has_failed = !m_impl->folder;
}

FolderReader::FolderReader(FolderReader&&) noexcept = default;
FolderReader& FolderReader::operator=(FolderReader&&) noexcept = default;
FolderReader::~FolderReader() = default;

std::optional<FolderReader::Entry> FolderReader::next() {
    while (!m_impl->is_at_end) {
        if (!m_impl->has_entries) {
            m_impl->read_more();
            continue;
        }
        const std::byte* here = m_impl->entries.data() + m_impl->at;
        FILE_FULL_DIR_INFO info{};
        std::memcpy(&info, here, offsetof(FILE_FULL_DIR_INFO, FileName));
        std::wstring name(info.FileNameLength / sizeof(wchar_t), L'\0');
        std::memcpy(name.data(), here + offsetof(FILE_FULL_DIR_INFO, FileName),
                    info.FileNameLength);
        m_impl->has_entries = info.NextEntryOffset != 0;
        m_impl->at += info.NextEntryOffset;
        if (name == L"." || name == L"..") continue;
        return Entry{utf8_from_wide(name), kind_from(info.FileAttributes)};
    }
    return std::nullopt;
}

bool FolderReader::failed() const {
    return m_impl->has_failed;
}

}  // namespace lares
