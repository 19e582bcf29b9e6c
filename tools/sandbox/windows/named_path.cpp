#include "tools/sandbox/windows/named_path.h"

#include "engine/base/wide_text.h"
#include "tools/sandbox/windows/handle_facts.h"
#include "tools/sandbox/windows_path.h"

#include <algorithm>
#include <system_error>

namespace lares {
namespace {

Error named_error(const std::string& path, DWORD code) {
    if (code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND)
        return {ErrorCode::NotFound, path + ": there is no such folder"};
    const bool denied = code == ERROR_ACCESS_DENIED || code == ERROR_SHARING_VIOLATION;
    return {denied ? ErrorCode::PermissionDenied : ErrorCode::Io,
            path + ": cannot be opened: " + std::system_category().message(static_cast<int>(code))};
}

}  // namespace

Result<UniqueNativeHandle> open_named(const std::string& path, DWORD access) {
    const auto plain = normalised_windows_path(path);
    if (!plain || path.find('\0') != std::string::npos) {
        return Error{ErrorCode::InvalidArgument,
                     path + R"(: a folder needs its whole path, as C:\Users\Anna\Documents)"};
    }
    // With that beginning nothing of it is read in another way, and it may be as long as it likes.
    std::wstring native = LR"(\\?\)" + wide_from_utf8(*plain);
    std::replace(native.begin(), native.end(), L'/', L'\\');
    const HANDLE handle =
        ::CreateFileW(native.c_str(), access | SYNCHRONIZE,
                      FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                      OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
    if (handle == INVALID_HANDLE_VALUE) return named_error(path, ::GetLastError());
    return UniqueNativeHandle(handle);
}

Result<std::string> path_of(NativeHandle opened, const std::string& path) {
    constexpr std::wstring_view kPlain = LR"(\\?\)";
    const std::wstring final = final_path(opened, FinalPath::WithDrive);
    if (final.empty())
        return Error{ErrorCode::Io, path + ": the system does not say where this is"};
    const std::string text = final.starts_with(kPlain)
                                 ? utf8_from_wide(std::wstring_view(final).substr(kPlain.size()))
                                 : std::string();
    auto real = normalised_windows_path(text);
    if (!real) {
        return Error{ErrorCode::InvalidArgument,
                     path +
                         ": this is on the network or on a disk without a letter; choose a "
                         "folder on a drive of this computer"};
    }
    return std::move(*real);
}

}  // namespace lares
