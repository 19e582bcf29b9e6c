#pragma once

#include "tools/sandbox/open_beneath.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace lares {

enum class EntryKind {
    File,
    Folder,
    Link,   ///< not looked behind, or it leads out of the granted folder or nowhere
    Other,  ///< a pipe, socket or device
};

/// What stands at a name inside a granted folder, links followed as long as they stay inside;
/// without opening it. Link: it leads out or nowhere. Nothing: it is gone, or may not be looked at.
struct EntryStatus {
    EntryKind kind = EntryKind::Other;
    std::uint64_t size_bytes = 0;  ///< of a file
    std::int64_t modified_ns = 0;  ///< of a file: since 1970
    FileIdentity identity = {};    ///< of a file
};
[[nodiscard]] std::optional<EntryStatus> status_beneath(const FolderHandle& folder,
                                                        std::string_view relative,
                                                        OpenMethod method = OpenMethod::Best);

/// The entries of an open folder, one after the other and in the system's order, so that a folder
/// of millions takes no memory. Names are whatever bytes the file system has. One thread at a time.
class FolderReader {
public:
    struct Entry {
        std::string name;
        EntryKind kind = EntryKind::Other;  ///< of the name itself: links are Link
    };

    /// Takes what open_folder_beneath opened.
    explicit FolderReader(UniqueNativeHandle folder);
    FolderReader(FolderReader&&) noexcept;
    FolderReader& operator=(FolderReader&&) noexcept;
    ~FolderReader();

    /// Nothing at the end, or when the system fails (`failed`). Never "." and "..".
    [[nodiscard]] std::optional<Entry> next();
    [[nodiscard]] bool failed() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace lares
