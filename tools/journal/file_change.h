#pragma once

#include "tools/sandbox/change_beneath.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace lares {

using ChangeId = std::int64_t;  ///< 0: none

/// A place inside a granted folder as it is kept on disk: the grant may be gone when it is needed.
struct RecordedPlace {
    std::string folder;             ///< real path of the granted folder
    std::uint64_t folder_file = 0;  ///< its inode: another folder of that name is not it
    std::string relative;           ///< plain, not empty
};

/// One change that a tool makes to a file or folder, with all that it takes to undo it.
struct FileChange {
    enum class Kind {
        MakeFolder,  ///< `place` is a new folder
        Move,        ///< `from` became `place`
        Write,       ///< `place` holds new bytes
    };
    enum class State {
        Intent,   ///< about to be made; after a crash: made, or not
        Done,     ///< made
        Undoing,  ///< about to be undone; after a crash: undone, or not
        Undone,   ///< as it was before
        Unclear,  ///< after a crash neither: somebody else changed it as well
    };

    ChangeId id = 0;
    Kind kind = Kind::MakeFolder;
    State state = State::Intent;
    std::int64_t time_ms = 0;  ///< since 1970, UTC
    std::string conversation;
    std::string turn;  ///< changes of one turn are undone together

    RecordedPlace place;
    RecordedPlace from;      ///< Move
    std::uint64_t file = 0;  ///< Move: inode of what is moved, which it keeps
    std::string temporary;   ///< Write: the name under which the new bytes are written first
    std::string new_sha256;  ///< Write: of the new bytes
    /// Write: of the bytes that were replaced, which lie under that name among the kept files.
    /// Empty: there was no file before.
    std::string old_sha256;
    std::uint32_t old_mode = 0;
    std::int64_t old_modified_ns = 0;
};

/// "make_folder", "move", "write", as the journal and --json have it.
[[nodiscard]] std::string_view to_string(FileChange::Kind kind);
/// "intent", "done", "undoing", "undone", "unclear"
[[nodiscard]] std::string_view to_string(FileChange::State state);

/// "Made the folder Invoices", "Moved a.pdf to Invoices", "Renamed a.txt to b.txt", "Wrote
/// notes.txt" or "Replaced notes.txt", ready to be shown.
[[nodiscard]] std::string sentence_of(const FileChange& change);

}  // namespace lares
