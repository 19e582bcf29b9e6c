#include "tools/audit/audit_database.h"

#include "engine/base/path_text.h"
#include "tools/journal/sha256.h"
#include "tools/storage/file_mark.h"
#include "tools/storage/unix_time.h"

#include <chrono>
#include <utility>

namespace lares {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t kFormat = 1;
/// "LCAL", the log's mark in the file.
constexpr std::int64_t kApplication = 0x4C43414C;

// A conversation's entries are found to take out what is private; `private` is a table of its own,
// so that taking out leaves `entries` as it is. auto_vacuum: what was removed gives its space back.
constexpr const char* kSchema = R"sql(
PRAGMA auto_vacuum=FULL;
PRAGMA head.auto_vacuum=FULL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS entries(
    number INTEGER PRIMARY KEY,
    time_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    conversation TEXT NOT NULL,
    turn TEXT NOT NULL,
    tool TEXT NOT NULL,
    details TEXT NOT NULL,
    private_sha256 TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS entries_of_conversation ON entries(conversation, number);
CREATE TABLE IF NOT EXISTS private(number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS head.head(
    one INTEGER PRIMARY KEY CHECK(one = 1),
    number INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;
PRAGMA application_id=1279476044;
PRAGMA user_version=1;
COMMIT;
)sql";
static_assert(kApplication == 1279476044);

constexpr FileMark kLogMark = {kApplication, kFormat, "no tool call can be written down",
                               "this log of tool calls",
                               "update Lares, or delete the log in Settings"};

Error damaged(const SqliteFile& log, const std::string& what) {
    return {ErrorCode::Corrupt, utf8_from_path(log.path()) + ": " + what};
}

Result<AuditHead> head_from(SqliteFile::Statement row) {
    ASSIGN_OR_RETURN(const bool has_row, row.step());
    if (!has_row) return AuditHead{};
    return AuditHead{row.integer(0), row.text(1)};
}

/// Ours and whole, or empty.
Result<bool> is_empty_log(const SqliteFile& log) {
    ASSIGN_OR_RETURN(const bool is_new, is_new_file(log, kLogMark));
    if (is_new) return true;
    ASSIGN_OR_RETURN(const std::int64_t n_ours,
                     log.number("SELECT count(*) FROM sqlite_schema WHERE type='table' AND name IN "
                                "('entries', 'private')"));
    if (n_ours != 2) return damaged(log, "the log of tool calls is damaged");
    return false;
}

}  // namespace

fs::path audit_entries_file(const fs::path& folder) {
    return folder / "calls.db";
}
fs::path audit_head_file(const fs::path& folder) {
    return folder / "head.db";
}

Result<AuditHead> newest_entry(const SqliteFile& log) {
    ASSIGN_OR_RETURN(auto row,
                     log.prepare("SELECT number, hash FROM entries ORDER BY number DESC LIMIT 1"));
    return head_from(std::move(row));
}

Result<AuditHead> head_of(const SqliteFile& log) {
    ASSIGN_OR_RETURN(const std::int64_t n_table,
                     log.number("SELECT count(*) FROM head.sqlite_schema WHERE name='head'"));
    if (n_table == 0) return AuditHead{};
    ASSIGN_OR_RETURN(auto row, log.prepare("SELECT number, hash FROM head.head"));
    return head_from(std::move(row));
}

Result<AuditHead> agreed_head(const SqliteFile& log) {
    ASSIGN_OR_RETURN(AuditHead newest, newest_entry(log));
    ASSIGN_OR_RETURN(const AuditHead head, head_of(log));
    if (newest == head) return newest;
    return damaged(log,
                   "the end of the log of tool calls was changed by something else than Lares");
}

Result<SqliteFile> open_audit_files(const fs::path& folder) {
    ASSIGN_OR_RETURN(SqliteFile log,
                     SqliteFile::open(audit_entries_file(folder), "the log of tool calls"));
    ASSIGN_OR_RETURN(const bool is_empty, is_empty_log(log));
    RETURN_IF_ERROR(log.attach(audit_head_file(folder), "head"));
    // What is taken out is overwritten: it was private.
    RETURN_IF_ERROR(log.execute("PRAGMA secure_delete=ON"));
    if (is_empty) RETURN_IF_ERROR(log.execute(kSchema));
    return log;
}

Result<AuditHead> insert_entry(SqliteFile& log, const AuditHead& before, NewEntry entry) {
    AuditEntry& row = entry.entry;
    row.number = before.number + 1;
    row.time_ms = unix_time_ms();
    if (!entry.private_text.empty()) row.private_sha256 = sha256_hex(entry.private_text);
    row.hash = hash_behind(row.kind == AuditEntry::Kind::Begun ? first_hash() : before.hash, row);
    ASSIGN_OR_RETURN(auto added, log.prepare("INSERT INTO entries VALUES(?,?,?,?,?,?,?,?,?)"));
    added.bind(row.number).bind(row.time_ms).bind(to_string(row.kind)).bind(row.conversation);
    added.bind(row.turn).bind(row.tool).bind(row.details).bind(row.private_sha256).bind(row.hash);
    RETURN_IF_ERROR(added.run());
    if (!entry.private_text.empty()) {
        ASSIGN_OR_RETURN(auto hidden, log.prepare("INSERT INTO private VALUES(?,?)"));
        RETURN_IF_ERROR(hidden.bind(row.number).bind(entry.private_text).run());
    }
    ASSIGN_OR_RETURN(auto head, log.prepare("INSERT OR REPLACE INTO head.head VALUES(1,?,?)"));
    RETURN_IF_ERROR(head.bind(row.number).bind(row.hash).run());
    return AuditHead{row.number, row.hash};
}

Result<void> begin_chain(SqliteFile& log,
                         EntryNumber number,
                         const std::string& why,
                         const std::string& kept_as) {
    NewEntry first;
    first.entry.kind = AuditEntry::Kind::Begun;
    Json details = {{"why", why}, {"before", number - 1}};
    if (!kept_as.empty()) details["kept_as"] = kept_as;
    first.entry.details = json_text(details);
    RETURN_IF_ERROR(insert_entry(log, {number - 1, {}}, std::move(first)));
    return {};
}

}  // namespace lares
