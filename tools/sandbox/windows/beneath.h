#pragma once

#include "tools/sandbox/folder_handle.h"
#include "tools/sandbox/windows/nt_file.h"

#include <string_view>

namespace lares {

/// What the last name of a path may be. The ones before it are folders and no links.
enum class LastName {
    Plain,       ///< no link
    LinkItself,  ///< a link too, which is opened and not followed
};

/// Opens what stands at `relative` below an open folder, one name after the other, each in the
/// folder opened just before and by its handle, so that nothing that is moved meanwhile leads
/// elsewhere. A link in the way, of whatever kind, is kLinkInTheWay. What was opened is then asked
/// where it is: somewhere else than it was sought (a short name, a link that the system followed
/// after all, another disk) is kLinkInTheWay as well. The caller checked is_plain_relative. Any
/// thread.
[[nodiscard]] NtOpened open_beneath(const FolderHandle& folder,
                                    std::string_view relative,
                                    const NtRequest& how,
                                    LastName last = LastName::Plain);

/// Whether what is open is what `relative` names below the folder, by the system's own word.
[[nodiscard]] bool is_beneath(const FolderHandle& folder,
                              std::string_view relative,
                              NativeHandle opened);

}  // namespace lares
