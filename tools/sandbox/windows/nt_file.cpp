#include "tools/sandbox/windows/nt_file.h"

#include <cstddef>
#include <cstring>
#include <vector>

#ifdef _MSC_VER  // its winternl.h leaves this one out; the driver kit documents it
extern "C" NTSTATUS NTAPI
    NtSetInformationFile(HANDLE, PIO_STATUS_BLOCK, PVOID, ULONG, FILE_INFORMATION_CLASS);
#endif

namespace lares {
namespace {

// FILE_INFORMATION_CLASS, of which winternl.h knows few.
constexpr int kRenameInformation = 10;
constexpr int kDispositionInformation = 13;
constexpr int kDispositionInformationEx = 64;
constexpr int kRenameInformationEx = 65;

constexpr ULONG kReplaceIfExists = 0x1;
constexpr ULONG kPosixSemantics = 0x2;  // of both Ex classes
constexpr ULONG kDelete = 0x1;

NtStatus set_information(NativeHandle opened, int what, void* value, std::size_t size) {
    IO_STATUS_BLOCK done{};
    return ::NtSetInformationFile(opened, &done, value, static_cast<ULONG>(size),
                                  static_cast<FILE_INFORMATION_CLASS>(what));
}

/// FILE_RENAME_INFORMATION, whose first field is a flag in one class and flags in the other.
struct RenameHead {
    ULONG flags;
    HANDLE folder;
    ULONG name_bytes;
};

NtStatus rename_as(
    NativeHandle opened, NativeHandle folder, const std::wstring& name, int what, ULONG flags) {
    const std::size_t name_bytes = name.size() * sizeof(wchar_t);
    constexpr std::size_t kNameAt = offsetof(RenameHead, name_bytes) + sizeof(ULONG);
    // As long as the structure with one letter at least, which the system insists on.
    std::vector<std::byte> bytes(kNameAt + name_bytes + sizeof(RenameHead));
    const RenameHead head{flags, folder, static_cast<ULONG>(name_bytes)};
    std::memcpy(bytes.data(), &head, sizeof head);
    std::memcpy(bytes.data() + kNameAt, name.data(), name_bytes);
    return set_information(opened, what, bytes.data(), bytes.size());
}

bool is_unknown(NtStatus status) {
    return status == nt::kInvalidInfoClass || status == nt::kNotImplemented ||
           status == nt::kInvalidParameter || status == nt::kNotSupported;
}

}  // namespace

NtOpened open_in(NativeHandle folder, const std::wstring& name, const NtRequest& how) {
    // SetFileInformationByHandle and its like cover much of this; opening relative to a folder and
    // without its parent's name is the system's alone, and documented as such.
    constexpr std::size_t kMaxLetters = 32'000;
    if (name.size() > kMaxLetters) return {{}, nt::kNameTooLong};
    UNICODE_STRING text{};
    text.Buffer = const_cast<wchar_t*>(name.c_str());
    text.Length = static_cast<USHORT>(name.size() * sizeof(wchar_t));
    text.MaximumLength = text.Length;
    OBJECT_ATTRIBUTES what{};
    InitializeObjectAttributes(&what, &text, OBJ_CASE_INSENSITIVE, folder, nullptr);
    IO_STATUS_BLOCK done{};
    HANDLE handle = nullptr;
    const NtStatus status = ::NtCreateFile(
        &handle, how.access | SYNCHRONIZE, &what, &done, nullptr, FILE_ATTRIBUTE_NORMAL, how.share,
        how.disposition, how.options | FILE_OPEN_REPARSE_POINT | FILE_SYNCHRONOUS_IO_NONALERT,
        nullptr, 0);
    if (status < 0) return {{}, status};
    return {UniqueNativeHandle(handle), status};
}

NtStatus rename_into(NativeHandle opened,
                     NativeHandle folder,
                     const std::wstring& name,
                     OnTaken taken) {
    // The form with a folder's handle is the driver kit's; Win32's own wants whole paths.
    return rename_as(opened, folder, name, kRenameInformation,
                     taken == OnTaken::Replace ? kReplaceIfExists : 0);
}

NtStatus replace_open_file(NativeHandle opened, NativeHandle folder, const std::wstring& name) {
    const NtStatus status =
        rename_as(opened, folder, name, kRenameInformationEx, kReplaceIfExists | kPosixSemantics);
    return is_unknown(status) ? nt::kNotSupported : status;
}

NtStatus remove_opened(NativeHandle opened) {
    ULONG flags = kDelete | kPosixSemantics;
    const NtStatus status =
        set_information(opened, kDispositionInformationEx, &flags, sizeof flags);
    if (!is_unknown(status)) return status;
    BOOLEAN is_gone = TRUE;
    return set_information(opened, kDispositionInformation, &is_gone, sizeof is_gone);
}

}  // namespace lares
