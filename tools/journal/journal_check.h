#pragma once

#include "engine/base/result.h"
#include "tools/storage/sqlite_file.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace lares {

/// What a journal of changes holds, and whether all of it can be used.
struct JournalReport {
    std::int64_t n_change = 0;
    std::int64_t n_under_way = 0;  ///< the program ended in the middle; the next start looks
    std::int64_t n_kept = 0;       ///< copies of files that were replaced
    std::int64_t kept_bytes = 0;
    std::string problem;  ///< a sentence; empty: none
};

/// Where the journal in such a folder is.
[[nodiscard]] std::filesystem::path journal_file(const std::filesystem::path& folder);

/// Looks through the file (an UndoJournal's, or a copy of it) and compares every copy of a file
/// with its hash. Errors: Corrupt, Io.
[[nodiscard]] Result<JournalReport> check_journal(const SqliteFile& journal);

}  // namespace lares
