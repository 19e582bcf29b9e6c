#include "tools/audit/audit_opening.h"

#include "engine/base/path_text.h"
#include "tools/audit/audit_database.h"
#include "tools/storage/private_files.h"

#include <system_error>
#include <utility>
#include <vector>

namespace lares {
namespace fs = std::filesystem;
namespace {

using Transaction = SqliteFile::Transaction;

constexpr const char* kRepairFile = "repair.db";

/// Opens the files, begins the chain where there is none, and looks at its end.
Result<SqliteFile> open_sound_log(const fs::path& folder,
                                  const std::string& why,
                                  const std::string& kept_as = {}) {
    ASSIGN_OR_RETURN(SqliteFile log, open_audit_files(folder));
    {
        ASSIGN_OR_RETURN(auto transaction, Transaction::begin(log));
        ASSIGN_OR_RETURN(const AuditHead newest, newest_entry(log));
        if (newest.number == 0) {
            ASSIGN_OR_RETURN(const AuditHead head, head_of(log));
            RETURN_IF_ERROR(
                begin_chain(log, head.number + 1, head.number == 0 ? why : "missing", kept_as));
            RETURN_IF_ERROR(transaction.commit());
        }
    }
    RETURN_IF_ERROR(agreed_head(log));
    return log;
}

/// Holds other processes back while files are moved; locks go with their process.
Result<SqliteFile> lock_for_repair(const fs::path& folder) {
    ASSIGN_OR_RETURN(SqliteFile lock,
                     SqliteFile::open(folder / kRepairFile, "the log of tool calls"));
    RETURN_IF_ERROR(lock.execute("BEGIN EXCLUSIVE"));
    return lock;
}

/// The head goes first: a log without one is damaged for everybody who opens it meanwhile.
Result<SqliteFile> replace_damaged(const fs::path& folder, std::string& notice) {
    ASSIGN_OR_RETURN(const SqliteFile lock, lock_for_repair(folder));
    Result<SqliteFile> again = open_sound_log(folder, "first");  // somebody else may have done it
    if (again || again.error().code != ErrorCode::Corrupt) return again;
    std::error_code error;
    if (fs::exists(audit_head_file(folder), error))
        RETURN_IF_ERROR(set_aside(audit_head_file(folder)));
    std::string name;
    if (fs::exists(audit_entries_file(folder), error)) {
        ASSIGN_OR_RETURN(const fs::path kept, set_aside(audit_entries_file(folder)));
        name = utf8_from_path(kept.filename());
        notice = "The log of tool calls was damaged. It is kept as " + utf8_from_path(kept) +
                 ", and a new one has begun.";
    }
    return open_sound_log(folder, "damaged", name);
}

/// Of logs that were set aside, and of this one where `also_current`.
void remove_files(const fs::path& folder, bool also_current) {
    std::error_code error;
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const std::string name = utf8_from_path(entry.path().filename());
        for (const fs::path& file : {audit_head_file(folder), audit_entries_file(folder)}) {
            const std::string stem = utf8_from_path(file.filename());
            const bool is_aside = name.starts_with(stem + ".damaged-");
            const bool is_current = name == stem || name == stem + "-journal";
            if (is_aside || (also_current && is_current)) found.push_back(entry.path());
        }
    }
    for (const fs::path& file : found) fs::remove(file, error);
}

}  // namespace

Result<SqliteFile> open_or_replace(const fs::path& folder, std::string& notice) {
    Result<SqliteFile> log = open_sound_log(folder, "first");
    if (log || log.error().code != ErrorCode::Corrupt) return log;
    return replace_damaged(folder, notice);
}

Result<void> erase_log(const fs::path& folder) {
    ASSIGN_OR_RETURN(const SqliteFile lock, lock_for_repair(folder));
    Result<SqliteFile> log = open_sound_log(folder, "first");
    if (!log) {
        if (log.error().code == ErrorCode::Io) return log.error();
        remove_files(folder, /*also_current=*/true);
        RETURN_IF_ERROR(open_sound_log(folder, "erased"));
        return {};
    }
    remove_files(folder, /*also_current=*/false);
    ASSIGN_OR_RETURN(auto transaction, Transaction::begin(*log));
    ASSIGN_OR_RETURN(const AuditHead head, agreed_head(*log));
    RETURN_IF_ERROR(remove_entries(*log, head.number));
    RETURN_IF_ERROR(begin_chain(*log, head.number + 1, "erased"));
    return transaction.commit();
}

Result<void> remove_entries(SqliteFile& log, EntryNumber through) {
    for (const char* sql :
         {"DELETE FROM entries WHERE number <= ?", "DELETE FROM private WHERE number <= ?"}) {
        ASSIGN_OR_RETURN(auto removed, log.prepare(sql));
        RETURN_IF_ERROR(removed.bind(through).run());
    }
    return {};
}

}  // namespace lares
