#pragma once

#include "tools/audit/audit_entry.h"
#include "tools/storage/sqlite_file.h"

#include <filesystem>
#include <string>

namespace lares {

/// Opening a log of calls, and beginning it anew: for AuditLog. The folder is there. Any thread;
/// several processes may do this at the same time, and one of them repairs.

/// The log, whose end is sound; its chain is begun where there is none. A damaged one is set aside,
/// and `notice` becomes a sentence that says so. Errors: Io; Unsupported: it is not ours.
[[nodiscard]] Result<SqliteFile> open_or_replace(const std::filesystem::path& folder,
                                                 std::string& notice);

/// Removes every entry, and logs that were set aside, and begins a chain that says so; also where
/// the log cannot be opened. Errors: Io.
[[nodiscard]] Result<void> erase_log(const std::filesystem::path& folder);

/// The entries up to this one, with what is private in them. In a transaction of the caller's.
[[nodiscard]] Result<void> remove_entries(SqliteFile& log, EntryNumber through);

}  // namespace lares
