#pragma once

#include "tools/audit/audit_entry.h"
#include "tools/storage/sqlite_file.h"

#include <filesystem>
#include <string>

namespace lares {

/// The two files of a log of calls: the entries, and the head, which holds number and hash of the
/// newest one, so that the end of the chain cannot go unnoticed. For the log's own files; one
/// thread at a time. Every entry is written together with the head, in one transaction.
///
/// What this finds out, and what it does not: a changed, removed, reordered or inserted entry,
/// whoever made it, as long as the writer does not make the rest of the chain and the head anew.
/// Somebody who may write both files and knows how the hashes are made can write a chain of his own
/// in place of it: nothing here is signed, since a key would lie where that somebody reads it too.
/// A copy of the head's hash elsewhere (lares-cli verify prints it) finds that out as well.
[[nodiscard]] std::filesystem::path audit_entries_file(const std::filesystem::path& folder);
[[nodiscard]] std::filesystem::path audit_head_file(const std::filesystem::path& folder);

/// Where the chain ends.
struct AuditHead {
    EntryNumber number = 0;  ///< 0: there is no entry
    std::string hash = {};
    [[nodiscard]] bool operator==(const AuditHead&) const = default;
};
[[nodiscard]] Result<AuditHead> newest_entry(const SqliteFile& log);  ///< of the entries
[[nodiscard]] Result<AuditHead> head_of(const SqliteFile& log);       ///< as the head has it

/// Opens both files, or makes them (0600), without any entry. Errors: Io; Unsupported: another
/// program's file, or one of a newer Lares; Corrupt: no log, or a damaged one.
[[nodiscard]] Result<SqliteFile> open_audit_files(const std::filesystem::path& folder);

/// The entry with its number, time and hash, behind `before`, and as the new head. In a transaction
/// of the caller's.
[[nodiscard]] Result<AuditHead> insert_entry(SqliteFile& log,
                                             const AuditHead& before,
                                             NewEntry entry);
/// The first entry of a chain. `why` is "first", "erased", "damaged" or "missing"; `number` comes
/// behind those that were given out before.
[[nodiscard]] Result<void> begin_chain(SqliteFile& log,
                                       EntryNumber number,
                                       const std::string& why,
                                       const std::string& kept_as = {});

/// Where the head and the newest entry do not say the same. Corrupt, a sentence.
[[nodiscard]] Result<AuditHead> agreed_head(const SqliteFile& log);

}  // namespace lares
