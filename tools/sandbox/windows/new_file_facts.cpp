#include "tools/sandbox/windows/new_file_facts.h"

#include "tools/sandbox/windows/handle_facts.h"

#include <cstddef>
#include <vector>

namespace lares {
namespace {

constexpr std::uint32_t kMayWrite = 0200;  // of Unix' permission bits, for the owner

/// Those that say how a file is shown, not what is in it.
constexpr DWORD kCarried = FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM | FILE_ATTRIBUTE_ARCHIVE |
                           FILE_ATTRIBUTE_NOT_CONTENT_INDEXED;

void carry_access_list(NativeHandle from, NativeHandle to) {
    DWORD size = 0;
    ::GetKernelObjectSecurity(from, DACL_SECURITY_INFORMATION, nullptr, 0, &size);
    std::vector<std::byte> list(size);
    if (list.empty() ||
        !::GetKernelObjectSecurity(from, DACL_SECURITY_INFORMATION, list.data(), size, &size))
        return;
    ::SetKernelObjectSecurity(to, DACL_SECURITY_INFORMATION, list.data());
}

}  // namespace

void carry_over(NativeHandle from, NativeHandle to) {
    carry_access_list(from, to);
    FILE_BASIC_INFO old{};
    if (!::GetFileInformationByHandleEx(from, FileBasicInfo, &old, sizeof old)) return;
    FILE_BASIC_INFO carried{};  // a time of 0 stays as it is
    carried.CreationTime = old.CreationTime;
    carried.FileAttributes = (old.FileAttributes & kCarried) | FILE_ATTRIBUTE_ARCHIVE;
    ::SetFileInformationByHandle(to, FileBasicInfo, &carried, sizeof carried);
}

bool set_facts(NativeHandle file, const NewFileFacts& facts) {
    FILE_BASIC_INFO info{};
    if (!::GetFileInformationByHandleEx(file, FileBasicInfo, &info, sizeof info)) return false;
    FILE_BASIC_INFO wanted{};  // what is 0 stays as it is
    if (facts.modified_ns) wanted.LastWriteTime = time_from(*facts.modified_ns);
    if (facts.mode) {
        const bool may_write = (*facts.mode & kMayWrite) != 0;
        const DWORD others = info.FileAttributes & ~DWORD{FILE_ATTRIBUTE_READONLY};
        wanted.FileAttributes = others | (may_write ? 0 : FILE_ATTRIBUTE_READONLY);
        if (wanted.FileAttributes == 0) wanted.FileAttributes = FILE_ATTRIBUTE_NORMAL;
    }
    return ::SetFileInformationByHandle(file, FileBasicInfo, &wanted, sizeof wanted) != 0;
}

}  // namespace lares
