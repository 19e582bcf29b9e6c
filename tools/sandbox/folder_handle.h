#pragma once

#include "engine/base/result.h"
#include "tools/sandbox/native_handle.h"

#include <cstdint>
#include <string>

namespace lares {

/// Which file or folder it is, whatever its name: device and inode; volume and file id.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t file = 0;

    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// A folder that was opened once by its name and is used only through the open handle from then on:
/// renaming it, or putting a link in its place, changes nothing about what it means.
/// Thread safe: const after `open`.
class FolderHandle {
public:
    /// Opens an existing folder, links followed. `path` is absolute and comes from the user or was
    /// resolved for the user, never straight from the model.
    /// Errors: NotFound, PermissionDenied, InvalidArgument (not a folder), Io, Unsupported (no
    /// sandbox on this system).
    [[nodiscard]] static Result<FolderHandle> open(const std::string& path);

    /// Where it was when it was opened: absolute, without links.
    [[nodiscard]] const std::string& path() const { return m_path; }
    [[nodiscard]] FileIdentity identity() const { return m_identity; }
    /// Somebody removed it since; whatever stands at its path now is another folder.
    [[nodiscard]] bool is_removed() const;
    [[nodiscard]] NativeHandle native() const { return m_handle.get(); }

private:
    FolderHandle() = default;

    UniqueNativeHandle m_handle;
    std::string m_path;
    FileIdentity m_identity;
};

/// The identity of what stands at `path`, links followed. NotFound, PermissionDenied, Io.
[[nodiscard]] Result<FileIdentity> identity_of(const std::string& path);

}  // namespace lares
