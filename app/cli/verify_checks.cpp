#include "app/cli/verify_checks.h"

#include "app/store/store_format.h"
#include "engine/base/path_text.h"
#include "engine/session/engine.h"
#include "tools/audit/audit_check.h"
#include "tools/audit/audit_database.h"
#include "tools/journal/journal_check.h"
#include "tools/library/library_index.h"
#include "tools/mcp/server_book.h"
#include "tools/storage/sqlite_copy.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <system_error>
#include <utility>

namespace lares::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNothingYet = "Nothing is there yet.";

bool isThere(const fs::path& path) {
    std::error_code error;
    // What cannot be looked at is there.
    return fs::exists(path, error) || error;
}

std::string counted(std::int64_t n, const std::string& one, const std::string& many) {
    return std::to_string(n) + " " + (n == 1 ? one : many);
}

std::string dayOf(std::int64_t timeMs) {
    const auto seconds = static_cast<std::time_t>(timeMs / 1000);
    std::array<char, 32> text{};
    if (const std::tm* local = std::localtime(&seconds))  // one thread
        std::strftime(text.data(), text.size(), "%Y-%m-%d", local);
    return text.data();
}

/// A sentence about a copy is one about what was copied.
std::string sentenceOf(const Error& error, const SqliteCopy& copy, const fs::path& folder) {
    const std::string from = utf8_from_path(copy.folder());
    std::string sentence = error.message;
    for (std::size_t at = sentence.find(from); at != std::string::npos; at = sentence.find(from))
        sentence.replace(at, from.size(), utf8_from_path(folder));
    return sentence;
}

/// What `look` says of copies of these files; what keeps it from looking is what is wrong.
template <class Look>
void checkCopy(Check& check, const std::vector<fs::path>& files, const Look& look) {
    const Result<SqliteCopy> copy = SqliteCopy::of(files);
    if (!copy) {
        check.isOk = false;
        check.detail = copy.error().message;
        return;
    }
    if (const Result<void> looked = look(copy->folder()); !looked) {
        check.isOk = false;
        check.detail = sentenceOf(looked.error(), *copy, files.front().parent_path());
    }
}

// --- the conversations' database ----------------------------------------------------------------

Error foreign(const fs::path& file) {
    return {ErrorCode::Unsupported,
            utf8_from_path(file) + ": this is another program's database; Lares will not open it"};
}

Result<void> lookAtConversations(const SqliteFile& database, Check& check) {
    ASSIGN_OR_RETURN(const std::int64_t mark, database.number("PRAGMA application_id"));
    ASSIGN_OR_RETURN(const std::int64_t version, database.number("PRAGMA user_version"));
    RETURN_IF_ERROR(database.check());
    ASSIGN_OR_RETURN(const std::int64_t nTable,
                     database.number("SELECT count(*) FROM sqlite_schema"));
    if (mark == 0 && version == 0 && nTable == 0) {
        check.detail = kNothingYet;
        return {};
    }
    if (mark != app::kApplicationId) return foreign(database.path());
    check.facts["version"] = version;
    if (version > app::kStoreVersion)
        return Error{ErrorCode::Unsupported,
                     utf8_from_path(database.path()) +
                         ": a newer Lares wrote it; this one cannot open it: update"};
    ASSIGN_OR_RETURN(const std::int64_t nBroken,
                     database.number("SELECT count(*) FROM pragma_foreign_key_check"));
    if (nBroken > 0)
        return Error{ErrorCode::Corrupt, utf8_from_path(database.path()) + ": " +
                                             counted(nBroken, "row belongs", "rows belong") +
                                             " to nothing that is there; keep a copy of the file"};
    ASSIGN_OR_RETURN(const std::int64_t nConversation,
                     database.number("SELECT count(*) FROM conversations"));
    ASSIGN_OR_RETURN(const std::int64_t nMessage, database.number("SELECT count(*) FROM messages"));
    check.facts["conversations"] = nConversation;
    check.facts["messages"] = nMessage;
    check.detail = counted(nConversation, "conversation", "conversations") + ", " +
                   counted(nMessage, "message", "messages") + ".";
    return {};
}

Result<void> lookAtGrants(const SqliteFile& database, Check& check) {
    std::int64_t n = 0;
    std::vector<std::string> gone;
    ASSIGN_OR_RETURN(auto row, database.prepare("SELECT folder, access FROM grants"));
    while (true) {
        ASSIGN_OR_RETURN(const bool hasRow, row.step());
        if (!hasRow) break;
        ++n;
        const fs::path folder = path_from_utf8(row.text(0));
        const std::string access = row.text(1);
        if (!folder.is_absolute() || (access != "read-only" && access != "read-write"))
            return Error{ErrorCode::Corrupt,
                         "The permission for \"" + row.text(0) +
                             "\" is none that Lares writes; take it back in Settings"};
        if (!isThere(folder)) gone.push_back(row.text(0));
    }
    check.facts["folders"] = n;
    check.facts["gone"] = gone;
    check.detail = counted(n, "folder is granted for good", "folders are granted for good");
    for (const std::string& folder : gone)
        check.detail += "; not in force, since it is gone: " + folder;
    check.detail += ".";
    return {};
}

void checkConversations(const DataPlaces& places, std::vector<Check>& checks) {
    Check conversations{"conversations"};
    Check grants{"grants"};
    if (!isThere(places.conversations)) {
        conversations.detail = grants.detail = kNothingYet;
    } else {
        bool isUsable = false;
        checkCopy(
            conversations, {places.conversations}, [&](const fs::path& folder) -> Result<void> {
                ASSIGN_OR_RETURN(
                    const SqliteFile database,
                    SqliteFile::open(folder / app::kStoreFile, "the database of conversations"));
                RETURN_IF_ERROR(lookAtConversations(database, conversations));
                isUsable = conversations.detail != kNothingYet;
                if (!isUsable) return {};
                if (const Result<void> looked = lookAtGrants(database, grants); !looked) {
                    grants.isOk = false;
                    grants.detail = looked.error().message;
                }
                return {};
            });
        if (!isUsable) {
            grants.isOk = conversations.isOk;
            grants.detail =
                conversations.isOk ? kNothingYet : "They are in the database of conversations.";
        }
    }
    checks.push_back(std::move(conversations));
    checks.push_back(std::move(grants));
}

/// By name, which ends in the day.
std::vector<fs::path> copiesIn(const fs::path& folder) {
    std::vector<fs::path> copies;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() == ".db") copies.push_back(entry->path());
    }
    std::sort(copies.begin(), copies.end());
    return copies;
}

Check checkBackups(const DataPlaces& places) {
    Check check{"backups"};
    const std::vector<fs::path> copies = copiesIn(places.backups);
    if (copies.empty()) {
        check.detail = kNothingYet;
        return check;
    }
    const fs::path& newest = copies.back();
    check.facts = {{"copies", copies.size()}, {"newest", utf8_from_path(newest.filename())}};
    checkCopy(check, {newest}, [&](const fs::path& folder) -> Result<void> {
        ASSIGN_OR_RETURN(const SqliteFile copy,
                         SqliteFile::open(folder / newest.filename(), "the newest copy"));
        RETURN_IF_ERROR(copy.check());
        check.detail = counted(std::int64_t(copies.size()), "copy", "copies") +
                       " of the conversations; the newest is " + utf8_from_path(newest.filename()) +
                       ".";
        return {};
    });
    if (!check.isOk) check.detail += ". Delete it; the next start makes another one.";
    return check;
}

// --- what tools did -----------------------------------------------------------------------------

Check checkUndo(const DataPlaces& places) {
    Check check{"undo"};
    const fs::path file = journal_file(places.undo);
    if (!isThere(file)) {
        check.detail = kNothingYet;
        return check;
    }
    checkCopy(check, {file}, [&](const fs::path& folder) -> Result<void> {
        ASSIGN_OR_RETURN(const SqliteFile journal,
                         SqliteFile::open(journal_file(folder), "the journal of changes"));
        ASSIGN_OR_RETURN(const JournalReport report, check_journal(journal));
        check.facts = {{"changes", report.n_change},
                       {"under_way", report.n_under_way},
                       {"kept_files", report.n_kept},
                       {"kept_bytes", report.kept_bytes}};
        check.isOk = report.problem.empty();
        check.detail = counted(report.n_change, "change", "changes") + ", " +
                       counted(report.n_kept, "replaced file", "replaced files") + " kept.";
        if (report.n_under_way > 0)
            check.detail += " " + counted(report.n_under_way, "is", "are") +
                            " under way, or were when Lares ended; its next start looks.";
        if (!check.isOk) check.detail = report.problem;
        return {};
    });
    return check;
}

Check checkToolLog(const DataPlaces& places) {
    Check check{"tool_log"};
    const std::vector<fs::path> files = {audit_entries_file(places.audit),
                                         audit_head_file(places.audit)};
    if (!isThere(files[0]) && !isThere(files[1])) {
        check.detail = kNothingYet;
        return check;
    }
    checkCopy(check, files, [&](const fs::path& folder) -> Result<void> {
        ASSIGN_OR_RETURN(const SqliteFile log, open_audit_files(folder));
        ASSIGN_OR_RETURN(const AuditReport report, check_chain(log));
        check.facts = {{"entries", report.n_entry},       {"newest", report.newest},
                       {"first_ms", report.first_ms},     {"last_ms", report.last_ms},
                       {"forgotten", report.n_forgotten}, {"head", report.head_hash}};
        check.isOk = report.is_intact();
        check.detail = report.problem;
        if (!check.isOk) {
            if (report.problem_entry > 0) check.facts["entry"] = report.problem_entry;
        } else if (report.n_entry == 0) {
            check.detail = kNothingYet;
        } else {
            check.detail = counted(report.n_entry, "entry", "entries") + " from " +
                           dayOf(report.first_ms) + " to " + dayOf(report.last_ms) +
                           ", each behind the one before it.";
        }
        return {};
    });
    return check;
}

Check checkLibrary(const DataPlaces& places) {
    Check check{"library"};
    if (!isThere(places.library)) {
        check.detail = kNothingYet;
        return check;
    }
    checkCopy(check, {places.library}, [&](const fs::path& folder) -> Result<void> {
        LibraryIndex index(folder / places.library.filename());
        ASSIGN_OR_RETURN(const std::vector<LibraryFolder> all, index.folders());
        RETURN_IF_ERROR(index.check());
        std::size_t nFile = 0;
        std::size_t nPassage = 0;
        for (const LibraryFolder& one : all) {
            nFile += one.n_file;
            nPassage += one.n_passage;
        }
        check.facts = {{"folders", all.size()}, {"files", nFile}, {"passages", nPassage}};
        check.detail = counted(std::int64_t(all.size()), "folder", "folders") + ", " +
                       counted(std::int64_t(nFile), "file", "files") + ".";
        return {};
    });
    if (!check.isOk)
        check.detail +=
            " It holds no more than your files do: lares-cli library update makes it "
            "again.";
    return check;
}

Check checkServers(const DataPlaces& places) {
    Check check{"tool_servers"};
    if (!isThere(places.serverBook)) {
        check.detail = kNothingYet;
        return check;
    }
    checkCopy(check, {places.serverBook}, [&](const fs::path& folder) -> Result<void> {
        ServerBook book(folder / places.serverBook.filename());
        RETURN_IF_ERROR(book.check());
        ASSIGN_OR_RETURN(const ServerBook::Contents contents, book.read());
        if (!contents.problems.empty())
            return Error{ErrorCode::Corrupt, "The tool server " + contents.problems.front() +
                                                 "; remove it in Settings and add it again"};
        std::size_t nOn = 0;
        for (const StoredServer& server : contents.servers) nOn += server.is_on;
        check.facts = {{"servers", contents.servers.size()}, {"on", nOn}};
        check.detail = counted(std::int64_t(contents.servers.size()), "server", "servers") + ", " +
                       std::to_string(nOn) + " turned on.";
        return {};
    });
    return check;
}

// --- what can be computed again -----------------------------------------------------------------

Check checkSnapshots(const DataPlaces& places) {
    Check check{"snapshots"};
    const Result<SnapshotCheck> found = Engine::check_snapshots(places.snapshots);
    if (!found) {
        check.isOk = false;
        check.detail = found.error().message;
        return check;
    }
    Json damaged = Json::array();
    for (const SnapshotCheck::Damaged& one : found->damaged)
        damaged.push_back({{"file", utf8_from_path(one.file)}, {"message", one.sentence}});
    check.facts = {{"files", found->n_file}, {"bytes", found->size_bytes}};
    check.detail = found->n_file == 0 ? kNothingYet : counted(found->n_file, "file", "files") + ".";
    if (!found->damaged.empty()) {
        // Nothing is lost with one, so the data is in order.
        check.detail += " " + counted(std::int64_t(found->damaged.size()), "is", "are") +
                        " damaged: harmless, they are left out, and what they held is computed "
                        "again.";
    }
    check.facts["damaged"] = std::move(damaged);
    return check;
}

}  // namespace

std::vector<Check> checkAll(const DataPlaces& places) {
    std::vector<Check> checks;
    checkConversations(places, checks);
    checks.push_back(checkBackups(places));
    checks.push_back(checkUndo(places));
    checks.push_back(checkToolLog(places));
    checks.push_back(checkServers(places));
    checks.push_back(checkLibrary(places));
    checks.push_back(checkSnapshots(places));
    return checks;
}

}  // namespace lares::cli
