#include "tools/journal/undo_journal.h"

#include "engine/base/path_text.h"
#include "tools/journal/journal_check.h"
#include "tools/journal/reversal.h"
#include "tools/journal/sha256.h"
#include "tools/storage/private_files.h"
#include "tools/storage/sqlite_file.h"
#include "tools/storage/unix_time.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <utility>

namespace lares {
namespace fs = std::filesystem;
namespace {

using ChangeKind = FileChange::Kind;
using ChangeState = FileChange::State;

constexpr const char* kPresenceFile = "in-use.db";

// auto_vacuum: what was forgotten gives its space back. No index but the turn's: a month of changes
// is a few thousand rows.
constexpr const char* kSchema = R"sql(
PRAGMA auto_vacuum=FULL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS changes(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    time_ms INTEGER NOT NULL,
    conversation TEXT NOT NULL,
    turn TEXT NOT NULL,
    folder TEXT NOT NULL,
    folder_file INTEGER NOT NULL,
    relative TEXT NOT NULL,
    from_folder TEXT NOT NULL,
    from_folder_file INTEGER NOT NULL,
    from_relative TEXT NOT NULL,
    file INTEGER NOT NULL,
    temporary TEXT NOT NULL,
    new_sha256 TEXT NOT NULL,
    old_sha256 TEXT NOT NULL,
    old_mode INTEGER NOT NULL,
    old_modified_ns INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS changes_of_turn ON changes(turn, id);
CREATE TABLE IF NOT EXISTS kept(sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
COMMIT;
)sql";

/// Without the id, which SQLite gives.
constexpr const char* kColumns =
    "kind, state, time_ms, conversation, turn, folder, folder_file, relative, from_folder, "
    "from_folder_file, from_relative, file, temporary, new_sha256, old_sha256, old_mode, "
    "old_modified_ns";

std::string select(const char* rest) {
    return std::string("SELECT id, ") + kColumns + " FROM changes " + rest;
}

template <class Enum, std::size_t N>
Enum value_of(const std::array<Enum, N>& values, const std::string& name, Enum fallback) {
    const auto it = std::find_if(values.begin(), values.end(),
                                 [&](Enum value) { return to_string(value) == name; });
    return it == values.end() ? fallback : *it;
}

constexpr std::array kKinds = {ChangeKind::MakeFolder, ChangeKind::Move, ChangeKind::Write};
constexpr std::array kStates = {ChangeState::Intent, ChangeState::Done, ChangeState::Undoing,
                                ChangeState::Undone, ChangeState::Unclear};

std::int64_t signed_of(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}

FileChange change_from(const SqliteFile::Statement& row) {
    FileChange change;
    change.id = row.integer(0);
    change.kind = value_of(kKinds, row.text(1), ChangeKind::MakeFolder);
    change.state = value_of(kStates, row.text(2), ChangeState::Unclear);
    change.time_ms = row.integer(3);
    change.conversation = row.text(4);
    change.turn = row.text(5);
    change.place = {row.text(6), static_cast<std::uint64_t>(row.integer(7)), row.text(8)};
    change.from = {row.text(9), static_cast<std::uint64_t>(row.integer(10)), row.text(11)};
    change.file = static_cast<std::uint64_t>(row.integer(12));
    change.temporary = row.text(13);
    change.new_sha256 = row.text(14);
    change.old_sha256 = row.text(15);
    change.old_mode = static_cast<std::uint32_t>(row.integer(16));
    change.old_modified_ns = row.integer(17);
    return change;
}

Result<std::vector<FileChange>> read_all(SqliteFile::Statement row) {
    std::vector<FileChange> changes;
    while (true) {
        ASSIGN_OR_RETURN(const bool has_row, row.step());
        if (!has_row) return changes;
        changes.push_back(change_from(row));
    }
}

Result<std::vector<FileChange>> under_way(const SqliteFile& database) {
    ASSIGN_OR_RETURN(
        auto row,
        database.prepare(select("WHERE state IN ('intent', 'undoing') ORDER BY id DESC").c_str()));
    return read_all(std::move(row));
}

Result<SqliteFile> open_database(const fs::path& file) {
    ASSIGN_OR_RETURN(SqliteFile database, SqliteFile::open(file, "the journal of changes"));
    ASSIGN_OR_RETURN(const std::int64_t n_table,
                     database.number("SELECT count(*) FROM sqlite_schema WHERE type='table' AND "
                                     "name IN ('changes', 'kept')"));
    if (n_table != 2) RETURN_IF_ERROR(database.execute(kSchema));
    // Of the changes alone: they are small, and each copy of a file is checked when it is used.
    ASSIGN_OR_RETURN(auto check, database.prepare("PRAGMA quick_check(changes)"));
    ASSIGN_OR_RETURN(const bool has_row, check.step());
    if (!has_row || check.text(0) != "ok")
        return Error{ErrorCode::Corrupt,
                     utf8_from_path(file) + ": the journal of changes is damaged"};
    return database;
}

}  // namespace

struct UndoJournal::Impl {
    Options options;
    mutable std::mutex mutex;
    SqliteFile database;
    std::optional<SqliteFile> presence;  ///< holds a lock for as long as this process is here
    std::string notice;

    explicit Impl(SqliteFile opened, Options chosen)
        : options(chosen), database(std::move(opened)) {}

    Result<void> set_state(ChangeId id, ChangeState state);
    Result<void> remove(ChangeId id);
    Result<std::string> kept_bytes(const std::string& sha256) const;
    void settle_interrupted(const fs::path& folder);
    Result<void> forget_old();
    Result<void> forget_above_quota();
    Result<std::optional<FileChange>> take_to_undo(ChangeId id);
    void undo_one(const FileChange& change, UndoReport& report);
};

Result<void> UndoJournal::Impl::set_state(ChangeId id, ChangeState state) {
    ASSIGN_OR_RETURN(auto statement, database.prepare("UPDATE changes SET state=? WHERE id=?"));
    return statement.bind(to_string(state)).bind(id).run();
}

Result<void> UndoJournal::Impl::remove(ChangeId id) {
    ASSIGN_OR_RETURN(auto statement, database.prepare("DELETE FROM changes WHERE id=?"));
    return statement.bind(id).run();
}

Result<std::string> UndoJournal::Impl::kept_bytes(const std::string& sha256) const {
    ASSIGN_OR_RETURN(auto row, database.prepare("SELECT bytes FROM kept WHERE sha256=?"));
    ASSIGN_OR_RETURN(const bool has_row, row.bind(sha256).step());
    if (!has_row) return Error{ErrorCode::NotFound, "the copy of the old file was forgotten"};
    std::string bytes = row.text(0);
    if (sha256_hex(bytes) != sha256)
        return Error{ErrorCode::Corrupt, "the copy of the old file is damaged"};
    return bytes;
}

/// What was under way when a process ended. Only where no other process uses the journal: what
/// looks interrupted may be its work. SQLite's locks go with their process, however it ends.
void UndoJournal::Impl::settle_interrupted(const fs::path& folder) {
    auto opened = SqliteFile::open(folder / kPresenceFile, "the journal of changes");
    if (!opened) return;
    presence = std::move(*opened);
    (void)presence->execute("PRAGMA busy_timeout=0");
    if (presence->execute("BEGIN EXCLUSIVE")) {
        if (const auto changes = under_way(database)) {
            for (const FileChange& change : *changes) {
                const bool was_undoing = change.state == ChangeState::Undoing;
                switch (sight_of(change, options.open_method)) {
                    case ChangeSight::After:
                        (void)set_state(change.id, ChangeState::Done);
                        break;
                    case ChangeSight::Before:
                        (void)(was_undoing ? set_state(change.id, ChangeState::Undone)
                                           : remove(change.id));
                        break;
                    case ChangeSight::Away:
                        break;  // the next start looks again
                    case ChangeSight::Neither:
                        (void)set_state(change.id, ChangeState::Unclear);
                        break;
                }
            }
        }
        (void)presence->execute("COMMIT");
    }
    // A shared lock from here on. Another process may be settling just now: without the lock, the
    // next one would settle what is under way here.
    (void)presence->execute("PRAGMA busy_timeout=5000");
    if (presence->execute("BEGIN")) (void)presence->number("SELECT count(*) FROM sqlite_schema");
}

Result<void> UndoJournal::Impl::forget_old() {
    ASSIGN_OR_RETURN(auto transaction, SqliteFile::Transaction::begin(database));
    const std::int64_t keep_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(options.keep).count();
    {
        ASSIGN_OR_RETURN(auto old, database.prepare("DELETE FROM changes WHERE time_ms < ?"));
        RETURN_IF_ERROR(old.bind(unix_time_ms() - keep_ms).run());
    }
    RETURN_IF_ERROR(
        database.execute("DELETE FROM kept WHERE sha256 NOT IN (SELECT old_sha256 FROM changes)"));
    return transaction.commit();
}

Result<void> UndoJournal::Impl::forget_above_quota() {
    while (true) {
        ASSIGN_OR_RETURN(const std::int64_t kept,
                         database.number("SELECT total(length(bytes)) FROM kept"));
        ASSIGN_OR_RETURN(const std::int64_t oldest,
                         database.number("SELECT min(id) FROM changes WHERE old_sha256 <> ''"));
        ASSIGN_OR_RETURN(const std::int64_t newest,
                         database.number("SELECT max(id) FROM changes WHERE old_sha256 <> ''"));
        if (kept <= options.max_kept_bytes || oldest == newest) return {};
        RETURN_IF_ERROR(remove(oldest));
        RETURN_IF_ERROR(database.execute(
            "DELETE FROM kept WHERE sha256 NOT IN (SELECT old_sha256 FROM changes)"));
    }
}

/// The change as it is, and Undoing from now on if it was Done: no other process takes it as well.
Result<std::optional<FileChange>> UndoJournal::Impl::take_to_undo(ChangeId id) {
    ASSIGN_OR_RETURN(auto transaction, SqliteFile::Transaction::begin(database));
    ASSIGN_OR_RETURN(auto row, database.prepare(select("WHERE id=?").c_str()));
    row.bind(id);
    ASSIGN_OR_RETURN(const std::vector<FileChange> found, read_all(std::move(row)));
    if (found.empty()) return std::optional<FileChange>();
    if (found.front().state == ChangeState::Done) {
        RETURN_IF_ERROR(set_state(id, ChangeState::Undoing));
        RETURN_IF_ERROR(transaction.commit());
    }
    return std::optional(found.front());
}

/// `change` was taken.
void UndoJournal::Impl::undo_one(const FileChange& change, UndoReport& report) {
    const auto failed = [&](const std::string& sentence) {
        report.problems.push_back({change.id, sentence});
    };
    if (change.state == ChangeState::Undone) return report.undone_before.push_back(change.id);
    if (change.state == ChangeState::Unclear)
        return failed(sentence_of(change) +
                      ": the program ended in the middle, and the file was changed since");
    if (change.state != ChangeState::Done)
        return failed(sentence_of(change) + ": this is still under way; try again");
    const Result<void> undone = reverse(
        change, [this, &change] { return kept_bytes(change.old_sha256); }, options.open_method);
    (void)set_state(change.id, undone ? ChangeState::Undone : ChangeState::Done);
    if (!undone) return failed(undone.error().message);
    report.undone.push_back(change.id);
}

UndoJournal::UndoJournal(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
UndoJournal::~UndoJournal() = default;

Result<std::unique_ptr<UndoJournal>> UndoJournal::open(const fs::path& folder, Options options) {
    RETURN_IF_ERROR(make_private_folder(folder));
    std::string notice;
    Result<SqliteFile> database = open_database(journal_file(folder));
    if (!database && database.error().code == ErrorCode::Corrupt) {
        ASSIGN_OR_RETURN(const fs::path kept, set_aside(journal_file(folder)));
        notice =
            "The journal of file changes was damaged: earlier changes cannot be undone. It is "
            "kept as " +
            utf8_from_path(kept);
        database = open_database(journal_file(folder));
    }
    if (!database) return database.error();
    auto impl = std::make_unique<Impl>(std::move(*database), options);
    impl->notice = std::move(notice);
    impl->settle_interrupted(folder);
    (void)impl->forget_old();
    return std::unique_ptr<UndoJournal>(new UndoJournal(std::move(impl)));
}

Result<ChangeId> UndoJournal::begin(const FileChange& change, std::string_view replaced_bytes) {
    const std::lock_guard lock(m_impl->mutex);
    SqliteFile& database = m_impl->database;
    ASSIGN_OR_RETURN(auto transaction, SqliteFile::Transaction::begin(database));
    if (!change.old_sha256.empty()) {
        ASSIGN_OR_RETURN(auto kept, database.prepare("INSERT OR IGNORE INTO kept VALUES(?, ?)"));
        RETURN_IF_ERROR(kept.bind(change.old_sha256).bind_bytes(replaced_bytes).run());
    }
    const std::string sql = std::string("INSERT INTO changes(") + kColumns +
                            ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
    ASSIGN_OR_RETURN(auto row, database.prepare(sql.c_str()));
    row.bind(to_string(change.kind)).bind(to_string(ChangeState::Intent)).bind(unix_time_ms());
    row.bind(change.conversation).bind(change.turn);
    for (const RecordedPlace* place : {&change.place, &change.from})
        row.bind(place->folder).bind(signed_of(place->folder_file)).bind(place->relative);
    row.bind(signed_of(change.file)).bind(change.temporary);
    row.bind(change.new_sha256).bind(change.old_sha256);
    row.bind(std::int64_t{change.old_mode}).bind(change.old_modified_ns);
    RETURN_IF_ERROR(row.run());
    const ChangeId id = database.last_id();
    if (!change.old_sha256.empty()) RETURN_IF_ERROR(m_impl->forget_above_quota());
    RETURN_IF_ERROR(transaction.commit());
    return id;
}

void UndoJournal::done(ChangeId id) {
    const std::lock_guard lock(m_impl->mutex);
    (void)m_impl->set_state(id, ChangeState::Done);
}

void UndoJournal::drop(ChangeId id) {
    const std::lock_guard lock(m_impl->mutex);
    (void)m_impl->remove(id);
}

Result<std::vector<FileChange>> UndoJournal::changes(int limit) const {
    const std::lock_guard lock(m_impl->mutex);
    ASSIGN_OR_RETURN(auto row,
                     m_impl->database.prepare(select("ORDER BY id DESC LIMIT ?").c_str()));
    row.bind(std::int64_t{limit});
    return read_all(std::move(row));
}

Result<std::vector<FileChange>> UndoJournal::changes_of_turn(const std::string& turn) const {
    const std::lock_guard lock(m_impl->mutex);
    ASSIGN_OR_RETURN(auto row,
                     m_impl->database.prepare(select("WHERE turn=? ORDER BY id DESC").c_str()));
    row.bind(turn);
    return read_all(std::move(row));
}

Result<UndoReport> UndoJournal::undo(std::span<const ChangeId> ids) {
    const std::lock_guard lock(m_impl->mutex);
    std::vector<ChangeId> newest_first(ids.begin(), ids.end());
    std::sort(newest_first.rbegin(), newest_first.rend());
    newest_first.erase(std::unique(newest_first.begin(), newest_first.end()), newest_first.end());
    UndoReport report;
    for (const ChangeId id : newest_first) {
        const auto taken = m_impl->take_to_undo(id);
        if (!taken) {
            report.problems.push_back({id, taken.error().message});
        } else if (!*taken) {
            report.problems.push_back({id, "This change is no longer remembered."});
        } else {
            m_impl->undo_one(**taken, report);
        }
    }
    return report;
}

const std::string& UndoJournal::notice() const {
    return m_impl->notice;
}

}  // namespace lares
