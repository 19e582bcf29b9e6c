#include "tools/audit/audit_log.h"

#include "engine/base/new_file.h"
#include "engine/base/path_text.h"
#include "tools/audit/audit_database.h"
#include "tools/audit/audit_opening.h"
#include "tools/storage/private_files.h"
#include "tools/storage/unix_time.h"

#include <algorithm>
#include <mutex>
#include <utility>

namespace lares {
namespace fs = std::filesystem;
namespace {

using Transaction = SqliteFile::Transaction;

constexpr std::int64_t kLooksAtTheEnd = 1024;  // entries between two looks at what is too old
constexpr std::chrono::hours kSlack{24};       // so that the beginning moves once a day at most

std::int64_t milliseconds(std::chrono::hours time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

Result<AuditHead> entry_at(const SqliteFile& log, EntryNumber number) {
    ASSIGN_OR_RETURN(auto row, log.prepare("SELECT number, hash FROM entries WHERE number=?"));
    ASSIGN_OR_RETURN(const bool has_row, row.bind(number).step());
    if (!has_row) return AuditHead{};
    return AuditHead{row.integer(0), row.text(1)};
}

}  // namespace

struct AuditLog::Impl {
    const fs::path folder;
    const Options options;
    std::mutex mutex;  // of what follows
    SqliteFile log;
    std::string notice;

    Impl(fs::path where, Options chosen, SqliteFile opened)
        : folder(std::move(where)), options(chosen), log(std::move(opened)) {}

    template <class T, class Work>
    Result<T> whole(const Work& work);
    template <class Call>
    Result<EntryNumber> append(std::span<const Call> calls);
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
    { const SqliteFile closed = std::move(log); }  // Windows moves no file that is open
    ASSIGN_OR_RETURN(log, open_or_replace(folder, notice));
    return work();
}

/// One entry a call; the number of the first. The entry before is read and the new ones written in
/// one transaction: other processes append too.
template <class Call>
Result<EntryNumber> AuditLog::Impl::append(std::span<const Call> calls) {
    return whole<EntryNumber>([&]() -> Result<EntryNumber> {
        ASSIGN_OR_RETURN(auto transaction, Transaction::begin(log));
        ASSIGN_OR_RETURN(const AuditHead before, agreed_head(log));
        AuditHead newest = before;
        for (const Call& call : calls) {
            ASSIGN_OR_RETURN(newest, insert_entry(log, newest, entry_of(call)));
        }
        RETURN_IF_ERROR(transaction.commit());
        if (newest.number / kLooksAtTheEnd != before.number / kLooksAtTheEnd) (void)cut();
        return before.number + 1;
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
    return remove_entries(log, number);
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

Result<EntryNumber> AuditLog::decided_all(std::span<const DecidedCall> calls) {
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->append(calls);
}

Result<void> AuditLog::ended_all(std::span<const EndedCall> calls) {
    const std::lock_guard lock(m_impl->mutex);
    RETURN_IF_ERROR(m_impl->append(calls));
    return {};
}

Result<void> AuditLog::undone(const UndoneCalls& calls) {
    const std::lock_guard lock(m_impl->mutex);
    RETURN_IF_ERROR(m_impl->append(std::span(&calls, 1)));
    return {};
}

Result<void> AuditLog::revoked(const RevokedGrant& grant) {
    const std::lock_guard lock(m_impl->mutex);
    RETURN_IF_ERROR(m_impl->append(std::span(&grant, 1)));
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
    return erase_log(folder);
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

std::string AuditLog::take_notice() {
    const std::lock_guard lock(m_impl->mutex);
    return std::exchange(m_impl->notice, {});
}

}  // namespace lares
