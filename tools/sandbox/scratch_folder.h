#pragma once

#include "engine/base/result.h"
#include "tools/sandbox/folder_handle.h"

#include <optional>
#include <string>

namespace lares {

/// A folder of our own for as long as somebody works in it, closed to other users. Gone with
/// everything in it when this goes; what a program that was killed left behind goes when the next
/// one is made. One thread at a time.
class ScratchFolder {
public:
    /// A new one in the folder `parent`, which is made where it is missing and holds nothing else.
    /// Io, with the cause, when it cannot be; Unsupported where there is no sandbox.
    [[nodiscard]] static Result<ScratchFolder> make(const std::string& parent);
    ScratchFolder(ScratchFolder&&) noexcept = default;
    ScratchFolder& operator=(ScratchFolder&&) = delete;
    ~ScratchFolder();

    /// Empty when it was made.
    [[nodiscard]] const FolderHandle& folder() const { return *m_folder; }

private:
    ScratchFolder() = default;

    UniqueNativeHandle m_lock;  // says that somebody works in it
    std::optional<FolderHandle> m_folder;
    std::string m_path;  // empty: moved from
};

}  // namespace lares
