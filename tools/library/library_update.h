#pragma once

#include "tools/documents/document_reader.h"
#include "tools/library/library_index.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lares {

/// A folder of the library, or one below it, opened as it was granted.
struct LibraryPlace {
    std::int64_t folder = 0;  ///< LibraryFolder::id
    std::string below;        ///< from there; empty: all of it
    ToolPath path;            ///< borrowed: the same place
};

/// How far a look through the files has come.
struct UpdateProgress {
    std::size_t n_done = 0;  ///< files whose text is as the index has it, or that have none
    std::size_t n_file = 0;  ///< all that are there
};

struct UpdateOptions {
    RunLimits limits = {};
    DocumentReader documents = DocumentReader();
    /// Those that could not be read are tried again, though nothing about them changed.
    bool retries_unreadable = false;
    /// Now and then, on the calling thread.
    std::function<void(const UpdateProgress&)> progress = {};
};

/// What a look through the files came to.
struct LibraryUpdate {
    UpdateProgress progress;       ///< at its end
    std::size_t n_read = 0;        ///< files
    std::size_t n_forgotten = 0;   ///< that are gone
    std::size_t n_unreadable = 0;  ///< known to be so, at its end
    bool is_walked = false;        ///< all names were looked at
    bool is_cut = false;           ///< there are more than a walk looks at
    /// Everything was looked at: no limit ended it.
    bool is_whole = false;
    std::vector<std::string> layers;  ///< what kept the reading in its folder
    /// The folder could not be opened, or a layer not be put in place: nothing was changed.
    std::optional<ToolText> error;
};

/// Brings the index up to date with the files at a place: reads those that are new or whose stamp
/// is another, takes out those that are gone. Files are found and opened by a confined thread
/// beneath the place, in parts; documents are read by lares-reader; the index is written by the
/// calling thread, a part at a time, so that an end at any moment leaves it whole and the next look
/// goes on. Hidden folders, and files above 16 MB, are left out. Stops at `limits`. Two at a time,
/// also of two programs, do the work twice and no harm. A damaged index is made again. Errors:
/// those of the index.
[[nodiscard]] Result<LibraryUpdate> update_library(LibraryIndex& index,
                                                   const LibraryPlace& place,
                                                   const UpdateOptions& options);

}  // namespace lares
