#pragma once

#include "tools/sandbox/folder_handle.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace lares {

/// Why something inside a granted folder was not opened.
enum class OpenFault {
    NotFound,
    NotAFolder,   ///< a folder was asked for
    NotAFile,     ///< a file was asked for: this is a folder, pipe, socket or device
    Denied,       ///< it leads out of the folder, or the system keeps it from this user
    Unsupported,  ///< no sandbox on this system: nothing is opened
    Io,           ///< the system failed
};

/// What was opened, or why not.
struct OpenOutcome {
    UniqueNativeHandle handle;
    std::optional<OpenFault> fault;
    std::uint64_t size_bytes = 0;  ///< of a file
};

/// How names are resolved. Everything but tests takes Best.
enum class OpenMethod {
    Best,  ///< openat2 where the kernel has it, else Walk
    Walk,  ///< one component after the other, no links at all
};
/// "openat2", "component walk", "none": what Best means here.
[[nodiscard]] std::string_view sandbox_layer(OpenMethod method = OpenMethod::Best);
/// False where files cannot be kept inside a folder on this system; every open fails there.
[[nodiscard]] bool has_file_sandbox();

/// Opens a regular file inside `folder` for reading. `relative` has no "." or "..", is not absolute
/// and keeps the bounds of path_bounds.h, else Denied. No component can lead out of the folder,
/// however links are moved meanwhile; never waits for a pipe's other end. Thread safe.
[[nodiscard]] OpenOutcome open_file_beneath(const FolderHandle& folder,
                                            std::string_view relative,
                                            OpenMethod method = OpenMethod::Best);

/// The same for a folder to list; "" is the folder itself.
[[nodiscard]] OpenOutcome open_folder_beneath(const FolderHandle& folder,
                                              std::string_view relative,
                                              OpenMethod method = OpenMethod::Best);

}  // namespace lares
