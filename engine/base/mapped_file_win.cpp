#include "engine/base/mapped_file.h"
#include "engine/base/path_text.h"

#include <cstdint>
#include <string>
#include <system_error>
#include <windows.h>

namespace lares {
namespace {

/// Closes a kernel handle when its scope ends; a view stays valid after that.
class Handle {
public:
    explicit Handle(HANDLE handle) : m_handle(handle) {}
    ~Handle() {
        if (valid()) ::CloseHandle(m_handle);
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    [[nodiscard]] HANDLE get() const { return m_handle; }
    /// CreateFile fails with INVALID_HANDLE_VALUE, CreateFileMapping with null.
    [[nodiscard]] bool valid() const {
        return m_handle != INVALID_HANDLE_VALUE && m_handle != nullptr;
    }

private:
    HANDLE m_handle;
};

Error system_error(const std::filesystem::path& path, std::string_view what, DWORD code) {
    const bool missing = code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND;
    return {missing ? ErrorCode::NotFound : ErrorCode::Io,
            utf8_from_path(path) + ": " + std::string(what) + ": " +
                std::system_category().message(static_cast<int>(code))};
}

}  // namespace

Result<MappedFile> MappedFile::open(const std::filesystem::path& path) {
    const DWORD attributes = ::GetFileAttributesW(path.c_str());
    if (attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY))
        return Error{ErrorCode::Io, utf8_from_path(path) + ": this is a directory, not a file"};

    // Nobody may write while it is mapped; renaming and deleting stay possible.
    const Handle file(::CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE,
                                    nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr));
    if (!file.valid()) return system_error(path, "cannot open the file", ::GetLastError());
    if (::GetFileType(file.get()) != FILE_TYPE_DISK)
        return Error{ErrorCode::Io,
                     utf8_from_path(path) + ": this is a device or pipe, not a file"};

    LARGE_INTEGER size{};
    if (!::GetFileSizeEx(file.get(), &size))
        return system_error(path, "cannot read the file's size", ::GetLastError());
    MappedFile mapped;
    if (size.QuadPart == 0) return mapped;  // CreateFileMapping refuses a length of zero

    const Handle mapping(::CreateFileMappingW(file.get(), nullptr, PAGE_READONLY, 0, 0, nullptr));
    if (!mapping.valid()) return system_error(path, "cannot map the file", ::GetLastError());
    void* address = ::MapViewOfFile(mapping.get(), FILE_MAP_READ, 0, 0, 0);
    if (!address) return system_error(path, "cannot map the file", ::GetLastError());

    mapped.m_mapping =
        std::shared_ptr<const void>(address, [](const void* view) { ::UnmapViewOfFile(view); });
    mapped.m_bytes = {static_cast<const std::byte*>(address),
                      static_cast<std::size_t>(size.QuadPart)};
    return mapped;
}

}  // namespace lares
