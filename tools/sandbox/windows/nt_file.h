#pragma once

#include "tools/sandbox/native_handle.h"

#include <string>
#include <windows.h>
// After windows.h, whose types it needs.
#include <winternl.h>

namespace lares {

/// What the system itself answers, below Win32; negative numbers are failures.
using NtStatus = LONG;
namespace nt {
constexpr NtStatus status(unsigned long code) {
    return static_cast<NtStatus>(code);
}
constexpr NtStatus kInvalidInfoClass = status(0xC0000003);
constexpr NtStatus kNotImplemented = status(0xC0000002);
constexpr NtStatus kInvalidParameter = status(0xC000000D);
constexpr NtStatus kNoSuchFile = status(0xC000000F);
constexpr NtStatus kAccessDenied = status(0xC0000022);
constexpr NtStatus kNameInvalid = status(0xC0000033);
constexpr NtStatus kNameNotFound = status(0xC0000034);
constexpr NtStatus kNameCollision = status(0xC0000035);
constexpr NtStatus kPathNotFound = status(0xC000003A);
constexpr NtStatus kPathSyntaxBad = status(0xC000003B);
constexpr NtStatus kSharingViolation = status(0xC0000043);
constexpr NtStatus kQuotaExceeded = status(0xC0000044);
constexpr NtStatus kDeletePending = status(0xC0000056);
constexpr NtStatus kDiskFull = status(0xC000007F);
constexpr NtStatus kWriteProtected = status(0xC00000A2);
constexpr NtStatus kFileIsFolder = status(0xC00000BA);
constexpr NtStatus kNotSupported = status(0xC00000BB);
constexpr NtStatus kNotSameDevice = status(0xC00000D4);
constexpr NtStatus kNotEmpty = status(0xC0000101);
constexpr NtStatus kNotAFolder = status(0xC0000103);
constexpr NtStatus kNameTooLong = status(0xC0000106);
constexpr NtStatus kCannotDelete = status(0xC0000121);
constexpr NtStatus kStoppedOnLink = status(0x8000002D);
constexpr NtStatus kFileTooLarge = status(0xC0000904);
constexpr NtStatus kLinkInTheWay = status(0xC000050B);  // a reparse point
}  // namespace nt

constexpr ULONG kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

/// How a name is opened.
struct NtRequest {
    ACCESS_MASK access = FILE_READ_ATTRIBUTES;
    ULONG options = 0;  ///< FILE_DIRECTORY_FILE and the like
    ULONG disposition = FILE_OPEN;
    ULONG share = kShareAll;
};
struct NtOpened {
    UniqueNativeHandle handle;  ///< none: `status` says why
    NtStatus status = 0;
};
/// Opens one name in an open folder; "" is the folder once more. A link is opened itself, never
/// what it leads to. Upper and lower case are the same, as the folder has it. Any thread.
[[nodiscard]] NtOpened open_in(NativeHandle folder, const std::wstring& name, const NtRequest& how);

/// Gives what is open (with DELETE) a name in an open folder.
enum class OnTaken { Refuse, Replace };
[[nodiscard]] NtStatus rename_into(NativeHandle opened,
                                   NativeHandle folder,
                                   const std::wstring& name,
                                   OnTaken taken);
/// The same onto a file that somebody, we ourselves say, has open and lets be deleted: those keep
/// what they have. kNotSupported before Windows 10 1607 and on disks other than NTFS.
[[nodiscard]] NtStatus replace_open_file(NativeHandle opened,
                                         NativeHandle folder,
                                         const std::wstring& name);

/// Removes what is open (with DELETE): its name is gone at once where the disk can do that, else
/// with the last handle to it.
[[nodiscard]] NtStatus remove_opened(NativeHandle opened);

}  // namespace lares
