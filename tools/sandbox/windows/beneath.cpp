#include "tools/sandbox/windows/beneath.h"

#include "engine/base/wide_text.h"
#include "tools/sandbox/windows/handle_facts.h"

#include <algorithm>

namespace lares {
namespace {

// A folder above may be renamed between two questions.
constexpr int kMaxLooks = 16;

bool is_link(NativeHandle opened) {
    FILE_BASIC_INFO info{};
    // Where the system does not say it is none of ours: fail closed.
    return !::GetFileInformationByHandleEx(opened, FileBasicInfo, &info, sizeof info) ||
           is_elsewhere(info.FileAttributes);
}

NtOpened failed(NtStatus status) {
    return {{}, status};
}

}  // namespace

bool is_beneath(const FolderHandle& folder, std::string_view relative, NativeHandle opened) {
    const auto identity = identity_from(opened);
    if (!identity || identity->device != folder.identity().device) return false;
    std::wstring below = wide_from_utf8(relative);
    std::replace(below.begin(), below.end(), L'/', L'\\');
    for (int look = 0; look < kMaxLooks; ++look) {
        std::wstring sought = final_path(folder.native(), FinalPath::WithoutDrive);
        if (sought.empty()) return false;
        if (!below.empty() && !sought.ends_with(L'\\')) sought += L'\\';
        sought += below;
        if (is_same_name(sought, final_path(opened, FinalPath::WithoutDrive))) return true;
    }
    return false;
}

NtOpened open_beneath(const FolderHandle& folder,
                      std::string_view relative,
                      const NtRequest& how,
                      LastName last) {
    UniqueNativeHandle parent;
    std::string_view rest = relative;
    while (true) {
        const NativeHandle at = parent ? parent.get() : folder.native();
        const std::size_t slash = rest.find('/');
        const std::wstring name = wide_from_utf8(rest.substr(0, slash));
        const bool is_last = slash == std::string_view::npos;
        const NtRequest step = {FILE_TRAVERSE | FILE_READ_ATTRIBUTES, FILE_DIRECTORY_FILE};
        NtOpened next = open_in(at, name, is_last ? how : step);
        if (!next.handle) return failed(next.status);
        if ((!is_last || last == LastName::Plain) && is_link(next.handle.get()))
            return failed(nt::kLinkInTheWay);
        if (is_last) {
            if (!is_beneath(folder, relative, next.handle.get())) return failed(nt::kLinkInTheWay);
            return next;
        }
        parent = std::move(next.handle);
        rest.remove_prefix(slash + 1);
    }
}

}  // namespace lares
