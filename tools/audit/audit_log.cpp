#include "tools/audit/audit_log.h"

#include "engine/base/new_file.h"
#include "engine/base/path_text.h"
#include "tools/audit/audit_database.h"
#include "tools/storage/private_files.h"
#include "tools/storage/unix_time.h"

#include <algorithm>
#include <mutex>
#include <utility>

namespace lares {
namespace fs = std::filesystem;
namespace {

using Transaction = SqliteFile::Transaction;

constexpr const char* kRepairFile = "repair.db";
constexpr std::int64_t kLooksAtTheEnd = 1024;  // entries between two looks at what is too old
constexpr std::chrono::hours kSlack{24};       // so that the beginning moves once a day at most

std::int64_t milliseconds(std::chrono::hours time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

/// Opens the files, begins the chain where there is none, and looks at its end.
Result<SqliteFile> open_log(const fs::path& folder,
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
    Result<SqliteFile> again = open_log(folder, "first");  // somebody else may have done it
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
    return open_log(folder, "damaged", name);
}

Result<SqliteFile> open_or_replace(const fs::path& folder, std::string& notice) {
    Result<SqliteFile> log = open_log(folder, "first");
    if (log || log.error().code != ErrorCode::Corrupt) return log;
    return replace_damaged(folder, notice);
}

Result<AuditHead> entry_at(const SqliteFile& log, EntryNumber number) {
    ASSIGN_OR_RETURN(auto row, log.prepare("SELECT number, hash FROM entries WHERE number=?"));
    ASSIGN_OR_RETURN(const bool has_row, row.bind(number).step());
    if (!has_row) return AuditHead{};
    return AuditHead{row.integer(0), row.text(1)};
}

Result<void> remove_through(SqliteFile& log, EntryNumber number) {
    for (const char* sql :
         {"DELETE FROM entries WHERE number <= ?", "DELETE FROM private WHERE number <= ?"}) {
        ASSIGN_OR_RETURN(auto removed, log.prepare(sql));
        RETURN_IF_ERROR(removed.bind(number).run());
    }
    return {};
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

struct AuditLog::Impl {
    const fs::path folder;
    const Options options;
    mutable std::mutex mutex;  // of what follows
    SqliteFile log;
    std::string notice;

    Impl(fs::path where, Options chosen, SqliteFile opened)
        : folder(std::move(where)), options(chosen), log(std::move(opened)) {}

    template <class T, class Work>
    Result<T> whole(const Work& work);
    Result<AuditHead> append(NewEntry entry);
    Result<void> cut();
    Result<void> cut_through(EntryNumber number);
    Result<EntryNumber> too_old();
    Result<void> forget(const std::string& conversation);
};

/// Carries `work` out on the log, and once more on the one that takes its place where it was moved
/// away or is damaged.
template <class T, class Work>
Result<T> AuditLog::Impl::whole(const Work& work) {
    if (!log.has_moved()) {
        Result<T> done = work();
        if (done || done.error().code != ErrorCode::Corrupt) return done;
    }
    ASSIGN_OR_RETURN(log, open_or_replace(folder, notice));
    return work();
}

/// The entry before is read and the new one written in one transaction: other processes append too.
Result<AuditHead> AuditLog::Impl::append(NewEntry entry) {
    return whole<AuditHead>([&]() -> Result<AuditHead> {
        ASSIGN_OR_RETURN(auto transaction, Transaction::begin(log));
        ASSIGN_OR_RETURN(const AuditHead before, agreed_head(log));
        ASSIGN_OR_RETURN(AuditHead added, insert_entry(log, before, entry));
        RETURN_IF_ERROR(transaction.commit());
        if (added.number % kLooksAtTheEnd == 0) (void)cut();
        return added;
    });
}

/// The newest entry that has to go; 0: none has.
Result<EntryNumber> AuditLog::Impl::too_old() {
    ASSIGN_OR_RETURN(const AuditHead newest, agreed_head(log));
    ASSIGN_OR_RETURN(const EntryNumber oldest, log.number("SELECT min(number) FROM entries"));
    EntryNumber through = 0;
    const std::int64_t slack = options.max_entries / 10;
    if (newest.number - oldest + 1 > options.max_entries + slack)
        through = newest.number - options.max_entries;
    ASSIGN_OR_RETURN(const std::int64_t oldest_ms,
                     log.number("SELECT time_ms FROM entries ORDER BY number LIMIT 1"));
    const std::int64_t limit = unix_time_ms() - milliseconds(options.keep);
    if (oldest_ms < limit - milliseconds(std::min(kSlack, options.keep))) {
        // Up to the first that is young enough: a clock that was set makes no hole.
        ASSIGN_OR_RETURN(auto row,
                         log.prepare("SELECT min(number) FROM entries WHERE time_ms >= ?"));
        ASSIGN_OR_RETURN(const bool has_row, row.bind(limit).step());
        const EntryNumber young = has_row ? row.integer(0) : 0;
        through = std::max(through, young > 0 ? young - 1 : newest.number);
    }
    return through;
}

Result<void> AuditLog::Impl::cut_through(EntryNumber number) {
    ASSIGN_OR_RETURN(const AuditHead last, entry_at(log, number));
    ASSIGN_OR_RETURN(const AuditHead before, agreed_head(log));
    NewEntry entry;
    entry.entry.kind = AuditEntry::Kind::Cut;
    entry.entry.details = json_text(Json{{"through", last.number}, {"hash", last.hash}});
    RETURN_IF_ERROR(insert_entry(log, before, std::move(entry)));
    return remove_through(log, number);
}

Result<void> AuditLog::Impl::cut() {
    ASSIGN_OR_RETURN(auto transaction, Transaction::begin(log));
    ASSIGN_OR_RETURN(const EntryNumber through, too_old());
    if (through == 0) return {};
    RETURN_IF_ERROR(cut_through(through));
    return transaction.commit();
}

Result<void> AuditLog::Impl::forget(const std::string& conversation) {
    ASSIGN_OR_RETURN(auto transaction, Transaction::begin(log));
    ASSIGN_OR_RETURN(const AuditHead before, agreed_head(log));
    constexpr const char* kOfConversation =
        "DELETE FROM private WHERE number IN (SELECT number FROM entries WHERE conversation=?) "
        "RETURNING number";
    bool is_any = false;
    {
        ASSIGN_OR_RETURN(auto removed, log.prepare(kOfConversation));
        removed.bind(conversation);
        ASSIGN_OR_RETURN(is_any, removed.step());
        if (is_any) RETURN_IF_ERROR(removed.run());
    }
    if (!is_any) return {};
    NewEntry entry;
    entry.entry.kind = AuditEntry::Kind::Forgotten;
    entry.entry.conversation = conversation;
    entry.entry.details = "{}";
    RETURN_IF_ERROR(insert_entry(log, before, std::move(entry)));
    return transaction.commit();
}

AuditLog::AuditLog(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
AuditLog::~AuditLog() = default;

Result<std::unique_ptr<AuditLog>> AuditLog::open(const fs::path& folder, Options options) {
    RETURN_IF_ERROR(make_private_folder(folder));
    std::string notice;
    ASSIGN_OR_RETURN(SqliteFile log, open_or_replace(folder, notice));
    auto impl = std::make_unique<Impl>(folder, options, std::move(log));
    impl->notice = std::move(notice);
    (void)impl->cut();  // what cannot be cut off now is cut off later
    return std::unique_ptr<AuditLog>(new AuditLog(std::move(impl)));
}

Result<EntryNumber> AuditLog::decided(const DecidedCall& call) {
    const std::lock_guard lock(m_impl->mutex);
    ASSIGN_OR_RETURN(const AuditHead added, m_impl->append(entry_of(call)));
    return added.number;
}

Result<void> AuditLog::ended(const EndedCall& call) {
    const std::lock_guard lock(m_impl->mutex);
    RETURN_IF_ERROR(m_impl->append(entry_of(call)));
    return {};
}

Result<void> AuditLog::forget(std::span<const std::string> conversations) {
    const std::lock_guard lock(m_impl->mutex);
    for (const std::string& conversation : conversations) {
        const auto forgotten = m_impl->whole<void>([&] { return m_impl->forget(conversation); });
        if (!forgotten) return forgotten.error();
    }
    return {};
}

Result<void> AuditLog::erase(const fs::path& folder) {
    RETURN_IF_ERROR(make_private_folder(folder));
    ASSIGN_OR_RETURN(const SqliteFile lock, lock_for_repair(folder));
    Result<SqliteFile> log = open_log(folder, "first");
    if (!log) {
        if (log.error().code == ErrorCode::Io) return log.error();
        remove_files(folder, /*also_current=*/true);
        RETURN_IF_ERROR(open_log(folder, "erased"));
        return {};
    }
    remove_files(folder, /*also_current=*/false);
    ASSIGN_OR_RETURN(auto transaction, Transaction::begin(*log));
    ASSIGN_OR_RETURN(const AuditHead head, agreed_head(*log));
    RETURN_IF_ERROR(remove_through(*log, head.number));
    RETURN_IF_ERROR(begin_chain(*log, head.number + 1, "erased"));
    return transaction.commit();
}

Result<AuditReport> AuditLog::check() {
    const std::lock_guard lock(m_impl->mutex);
    if (m_impl->log.has_moved())
        return Error{ErrorCode::Io, "The log of tool calls was moved just now; try again."};
    ASSIGN_OR_RETURN(auto transaction, Transaction::begin(m_impl->log));
    return check_chain(m_impl->log);
}

Result<AuditReport> AuditLog::summary() {
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->whole<AuditReport>([&]() -> Result<AuditReport> {
        AuditReport report;
        const SqliteFile& log = m_impl->log;
        ASSIGN_OR_RETURN(report.n_entry, log.number("SELECT count(*) FROM entries"));
        ASSIGN_OR_RETURN(report.first_ms,
                         log.number("SELECT time_ms FROM entries ORDER BY number LIMIT 1"));
        ASSIGN_OR_RETURN(report.last_ms,
                         log.number("SELECT time_ms FROM entries ORDER BY number DESC LIMIT 1"));
        return report;
    });
}

Result<std::int64_t> AuditLog::export_lines(const fs::path& file) {
    const std::lock_guard lock(m_impl->mutex);
    ASSIGN_OR_RETURN(NewFile lines, NewFile::create(file));
    ASSIGN_OR_RETURN(auto transaction, Transaction::begin(m_impl->log));
    std::int64_t n_line = 0;
    RETURN_IF_ERROR(
        for_each_entry(m_impl->log, [&](const AuditEntry& entry, const std::string& hidden) {
            ++n_line;
            const std::string line = json_text(json_of(entry, hidden)) + "\n";
            return lines.write(std::as_bytes(std::span(line)));
        }));
    RETURN_IF_ERROR(lines.commit());
    return n_line;
}

std::string AuditLog::notice() const {
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->notice;
}

}  // namespace lares
