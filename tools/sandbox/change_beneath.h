#pragma once

#include "tools/sandbox/folder_reader.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lares {

/// A name inside a granted folder, for as long as a call runs. `relative` is plain
/// (is_plain_relative) and not empty: the granted folder itself is never changed.
struct PlaceBeneath {
    const FolderHandle& folder;
    std::string relative;
};

/// What stands at a name, seen without opening it or following it.
struct FileFacts {
    EntryKind kind = EntryKind::Other;
    FileIdentity identity;
    std::uint64_t size_bytes = 0;
    std::int64_t modified_ns = 0;  ///< since 1970, as near as 64 bits allow
    std::uint32_t mode = 0;        ///< permission bits
    std::uint64_t n_name = 1;      ///< hard links to it

    /// Somebody may run it as a program.
    [[nodiscard]] bool is_executable() const { return (mode & 0111) != 0; }
    /// The same file, unchanged.
    [[nodiscard]] bool is_same_content(const FileFacts& other) const {
        return identity == other.identity && size_bytes == other.size_bytes &&
               modified_ns == other.modified_ns;
    }
};

/// Why nothing was changed.
enum class ChangeFault {
    NotFound,    ///< nothing of that name
    NoFolder,    ///< the folder it should be in is not there
    Exists,      ///< the new name is taken
    NotEmpty,    ///< a folder that should go holds something
    IntoItself,  ///< a folder into one below it
    OtherDisk,   ///< from one file system to another
    Changed,     ///< somebody changed it meanwhile
    DiskFull,
    NameTooLong,
    TooLarge,     ///< a file of more bytes than may be kept
    Denied,       ///< a link is in the way, it leads out, or the system keeps it from this user
    Unsupported,  ///< no sandbox on this system
    Io,           ///< the system failed
};

/// A change that was made, or why it was not. Every function here is all or nothing, has reached
/// the disk when it returns without a fault, follows no symbolic link, not even one that stays
/// inside, does not leave the granted folder's file system and touches nothing of /proc and the
/// like. Thread safe.
struct ChangeOutcome {
    std::optional<ChangeFault> fault;
    bool is_made = false;  ///< true beside a fault: made, and perhaps not on the disk yet
    FileFacts facts;       ///< of what was made or moved, afterwards
};

/// Nothing: it is not there, or may not be looked at.
[[nodiscard]] std::optional<FileFacts> facts_beneath(const PlaceBeneath& place,
                                                     OpenMethod method = OpenMethod::Best);

/// One folder; the one it is in exists.
[[nodiscard]] ChangeOutcome make_folder_beneath(const PlaceBeneath& place,
                                                OpenMethod method = OpenMethod::Best);
/// Removes an empty folder. Changed: something else stands there.
[[nodiscard]] ChangeOutcome remove_folder_beneath(const PlaceBeneath& place,
                                                  OpenMethod method = OpenMethod::Best);

/// Renames a file or folder, and never onto something that is there. Links, pipes, sockets and
/// devices are Denied.
[[nodiscard]] ChangeOutcome move_beneath(const PlaceBeneath& from,
                                         const PlaceBeneath& to,
                                         OpenMethod method = OpenMethod::Best);

/// The bytes of a regular file with its facts at that moment.
struct FileBytes {
    std::optional<ChangeFault> fault;
    std::string bytes;
    FileFacts facts;
};
[[nodiscard]] FileBytes read_beneath(const PlaceBeneath& place,
                                     std::uint64_t max_bytes,
                                     OpenMethod method = OpenMethod::Best);

/// What a file that is written gets besides its bytes.
struct NewFileFacts {
    std::optional<std::uint32_t> mode;        ///< nothing: what the system gives new files
    std::optional<std::int64_t> modified_ns;  ///< nothing: now
};
/// Writes a file under the name `temporary` beside its place and gives it its name when it is on
/// the disk. `replaces`: what stands there now (a regular file with one name); null: nothing.
/// Changed, and everything as it was, when something else stands there. A process that ends in the
/// middle leaves `temporary` behind.
[[nodiscard]] ChangeOutcome write_beneath(const PlaceBeneath& place,
                                          std::string_view bytes,
                                          const FileFacts* replaces,
                                          const NewFileFacts& facts,
                                          const std::string& temporary,
                                          OpenMethod method = OpenMethod::Best);
/// Removes a regular file if it still is what `expected` says. `temporary`: a free name beside it.
[[nodiscard]] ChangeOutcome remove_beneath(const PlaceBeneath& place,
                                           const FileFacts& expected,
                                           const std::string& temporary,
                                           OpenMethod method = OpenMethod::Best);

}  // namespace lares
