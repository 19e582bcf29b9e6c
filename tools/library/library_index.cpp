#include "tools/library/library_index.h"

#include "engine/base/path_text.h"
#include "tools/library/path_range.h"
#include "tools/library/word_hits.h"
#include "tools/sandbox/display_text.h"
#include "tools/sandbox/path_parts.h"
#include "tools/storage/file_mark.h"
#include "tools/storage/private_files.h"
#include "tools/storage/sqlite_file.h"
#include "tools/storage/unix_time.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace lares {
namespace fs = std::filesystem;
namespace {

/// Another one whenever search_words or passages_of gives other words: what is erased is found by
/// them.
constexpr std::int64_t kLibraryFormat = 1;
/// "LLIB", the index's mark in the file.
constexpr std::int64_t kLibraryApplication = 0x4C4C4942;
constexpr FileMark kLibraryMark = {kLibraryApplication, kLibraryFormat,
                                   "the document library cannot be kept there",
                                   "this document library", "update Lares"};

/// Words are looked up by their text. A row is a word in a file: "the" in a book is one row. No
/// FTS5: the SQLite of the Windows build has none, and scores and words are those of a search
/// without an index. Passages of a file have its id in their upper bits.
constexpr const char* kLibrarySchema = R"sql(
PRAGMA auto_vacuum=INCREMENTAL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS folders(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL UNIQUE,
    updated_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS files(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    folder INTEGER NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    device INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    n_passage INTEGER NOT NULL,
    n_word INTEGER NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE(folder, path)
) STRICT;
CREATE TABLE IF NOT EXISTS passages(
    id INTEGER PRIMARY KEY,
    place TEXT NOT NULL,
    heading TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS hits(
    word TEXT NOT NULL,
    file INTEGER NOT NULL,
    passages BLOB NOT NULL,
    PRIMARY KEY(word, file)
) STRICT, WITHOUT ROWID;
PRAGMA application_id=1280067906;
PRAGMA user_version=1;
COMMIT;
)sql";
static_assert(kLibraryApplication == 1280067906);

// A page that has to leave the cache in mid-transaction costs a sync of the disk. What a power cut
// could do to the file is found and made again, so the disk is not waited for more than that needs.
constexpr const char* kLibrarySettings =
    "PRAGMA secure_delete=ON; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-128000";

std::int64_t as_signed(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}
std::uint64_t as_unsigned(std::int64_t number) {
    return static_cast<std::uint64_t>(number);
}

Result<void> run_with(SqliteFile& database, const char* sql, std::int64_t number) {
    ASSIGN_OR_RETURN(auto statement, database.prepare(sql));
    return statement.bind(number).run();
}

Result<std::int64_t> id_of(SqliteFile& database, std::int64_t folder, const std::string& path) {
    ASSIGN_OR_RETURN(auto row,
                     database.prepare("SELECT id FROM files WHERE folder = ? AND path = ?"));
    ASSIGN_OR_RETURN(const bool is_known, row.bind(folder).bind(path).step());
    return is_known ? row.integer(0) : 0;
}

/// The words of a file are those of its passages: an index of them by file would be as large as the
/// one by word.
Result<void> erase_hits(SqliteFile& database, std::int64_t file) {
    std::vector<std::string> texts;  // texts and headings in turn, borrowed below
    std::string path;
    {
        ASSIGN_OR_RETURN(auto row, database.prepare("SELECT path FROM files WHERE id = ?"));
        ASSIGN_OR_RETURN(const bool is_there, row.bind(file).step());
        if (is_there) path = row.text(0);
        ASSIGN_OR_RETURN(auto rows,
                         database.prepare("SELECT text, heading FROM passages WHERE id BETWEEN "
                                          "(?1 << 20) AND (?1 << 20) + 1048575"));
        rows.bind(file);
        while (true) {
            ASSIGN_OR_RETURN(const bool has_row, rows.step());
            if (!has_row) break;
            texts.push_back(rows.text(0));
            texts.push_back(rows.text(1));
        }
    }
    std::vector<PlacedPassage> passages;
    for (std::size_t i = 0; i + 1 < texts.size(); i += 2) {
        PlacedPassage placed;
        placed.passage.text = texts[i];
        placed.passage.heading = texts[i + 1];
        passages.push_back(std::move(placed));
    }
    ASSIGN_OR_RETURN(auto gone, database.prepare("DELETE FROM hits WHERE word = ? AND file = ?"));
    for (const auto& [word, hits] : words_of_file(path, passages).hits)
        RETURN_IF_ERROR(gone.again().bind(word).bind(file).run());
    return {};
}

Result<void> erase_file(SqliteFile& database, std::int64_t file) {
    if (file == 0) return {};
    RETURN_IF_ERROR(erase_hits(database, file));
    RETURN_IF_ERROR(run_with(
        database, "DELETE FROM passages WHERE id BETWEEN (?1 << 20) AND (?1 << 20) + 1048575",
        file));
    return run_with(database, "DELETE FROM files WHERE id = ?", file);
}

Result<void> insert_passages(SqliteFile& database,
                             std::int64_t file,
                             std::span<const PlacedPassage> passages) {
    std::int64_t id = file << 20;
    ASSIGN_OR_RETURN(
        auto row,
        database.prepare("INSERT INTO passages(id, place, heading, text) VALUES(?, ?, ?, ?)"));
    for (const auto& [passage, where] : passages) {
        row.again().bind(id++).bind(where).bind(passage.heading);
        RETURN_IF_ERROR(row.bind(passage.text).run());
    }
    return {};
}

Result<void> insert_hits(SqliteFile& database, std::int64_t file, const FileWords& words) {
    std::map<std::string_view, std::string_view> sorted;  // one place of the tree after the other
    for (const auto& [word, hits] : words.hits) sorted.emplace(word, hits);
    ASSIGN_OR_RETURN(auto row,
                     database.prepare("INSERT INTO hits(word, file, passages) VALUES(?, ?, ?)"));
    for (const auto& [word, hits] : sorted)
        RETURN_IF_ERROR(row.again().bind(word).bind(file).bind_bytes(hits).run());
    return {};
}

Result<void> insert_file(SqliteFile& database, std::int64_t folder, const LibraryFile& file) {
    std::vector<PlacedPassage> passages;
    if (!file.text.empty()) passages = placed_passages(file.text, file.form);
    std::string reason = file.reason;
    if (passages.size() > kMaxFilePassages) {
        passages.resize(kMaxFilePassages);
        reason = "is very long; only its first " + std::to_string(kMaxFilePassages) +
                 " passages are searched";
    }
    const FileWords words = words_of_file(file.path, passages);
    {
        ASSIGN_OR_RETURN(
            auto row,
            database.prepare("INSERT INTO files(folder, path, size, modified, device, inode, "
                             "n_passage, n_word, reason) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"));
        row.bind(folder).bind(file.path).bind(as_signed(file.stamp.size_bytes));
        row.bind(file.stamp.modified_ns).bind(as_signed(file.stamp.identity.device));
        row.bind(as_signed(file.stamp.identity.file));
        row.bind(static_cast<std::int64_t>(passages.size())).bind(as_signed(words.n_word));
        RETURN_IF_ERROR(row.bind(reason).run());
    }
    const std::int64_t id = database.last_id();
    RETURN_IF_ERROR(insert_passages(database, id, passages));
    return insert_hits(database, id, words);
}

Error no_such_folder(const std::string& path) {
    return {ErrorCode::NotFound, display_text(path) + ": not in the document library"};
}

fs::path with_ending(fs::path file, const char* ending) {
    return file += ending;
}

void remove_index(const fs::path& file) {
    std::error_code error;  // what cannot be removed cannot be opened as new, and that is said
    fs::remove(file, error);
    fs::remove(with_ending(file, "-journal"), error);
}

}  // namespace

LibraryIndex::LibraryIndex(fs::path file) : m_file(std::move(file)) {}

LibraryIndex::~LibraryIndex() = default;

/// Null: there is no file, and none was to be made.
Result<SqliteFile*> LibraryIndex::open(bool makes_file) {
    if (m_database && !m_database->has_moved()) return m_database.get();
    m_database.reset();
    std::error_code error;
    if (!makes_file && !fs::exists(m_file, error)) return nullptr;
    RETURN_IF_ERROR(make_private_folder(m_file.parent_path()));
    ASSIGN_OR_RETURN(SqliteFile database, SqliteFile::open(m_file, "the document library"));
    ASSIGN_OR_RETURN(const bool is_new, is_new_file(database, kLibraryMark));
    RETURN_IF_ERROR(database.execute(kLibrarySettings));
    ASSIGN_OR_RETURN(const std::int64_t format, database.number("PRAGMA user_version"));
    if (!is_new && format < kLibraryFormat) {
        return Error{ErrorCode::Corrupt, utf8_from_path(m_file) +
                                             ": an older Lares made this index of the document "
                                             "library in another way"};
    }
    if (is_new) RETURN_IF_ERROR(database.execute(kLibrarySchema));
    m_database = std::make_unique<SqliteFile>(std::move(database));
    return m_database.get();
}

Result<std::vector<LibraryFolder>> LibraryIndex::folders() {
    const std::lock_guard lock(m_mutex);
    std::vector<LibraryFolder> folders;
    ASSIGN_OR_RETURN(SqliteFile * database, open(/*makes_file=*/false));
    if (!database) return folders;
    if (database->is_known_damaged()) return database->damaged();
    // total(): of damaged numbers the sum has no end.
    ASSIGN_OR_RETURN(
        auto rows,
        database->prepare("SELECT d.id, d.path, d.updated_ms, coalesce(sum(f.n_passage > 0), 0), "
                          "total(f.n_passage), coalesce(sum(f.reason != ''), 0), "
                          "coalesce(min(f.n_passage), 0), coalesce(max(f.n_passage), 0) FROM "
                          "folders d LEFT JOIN files f ON f.folder = d.id GROUP BY d.id"));
    while (true) {
        ASSIGN_OR_RETURN(const bool has_row, rows.step());
        if (!has_row) return folders;
        if (rows.integer(6) < 0 || as_unsigned(rows.integer(7)) > kMaxFilePassages)
            return database->damaged();
        folders.push_back({rows.integer(0), rows.text(1), static_cast<std::size_t>(rows.integer(3)),
                           static_cast<std::size_t>(rows.integer(4)),
                           static_cast<std::size_t>(rows.integer(5)), rows.integer(2)});
    }
}

Result<LibraryFolder> LibraryIndex::add_folder(const std::string& path) {
    ASSIGN_OR_RETURN(const std::vector<LibraryFolder> before, folders());
    for (const LibraryFolder& folder : before) {
        if (is_in_folder(folder.path, path)) {
            const bool is_itself = folder.path == path;
            return Error{ErrorCode::InvalidArgument,
                         display_text(path) + ": in the document library already" +
                             (is_itself ? "" : ", with " + display_text(folder.path))};
        }
    }
    const std::lock_guard lock(m_mutex);
    ASSIGN_OR_RETURN(SqliteFile * database, open(/*makes_file=*/true));
    ASSIGN_OR_RETURN(auto transaction, SqliteFile::Transaction::begin(*database));
    for (const LibraryFolder& folder : before) {
        if (is_in_folder(path, folder.path)) RETURN_IF_ERROR(erase_folder(*database, folder.id));
    }
    ASSIGN_OR_RETURN(const std::int64_t n_folder, database->number("SELECT count(*) FROM folders"));
    if (as_unsigned(n_folder) >= kMaxLibraryFolders) {
        return Error{ErrorCode::InvalidArgument,
                     "the document library has " + std::to_string(kMaxLibraryFolders) +
                         " folders, which is all that it takes; add a folder above them instead"};
    }
    {
        ASSIGN_OR_RETURN(auto row, database->prepare("INSERT INTO folders(path) VALUES(?)"));
        RETURN_IF_ERROR(row.bind(path).run());
    }
    LibraryFolder added;
    added.id = database->last_id();
    added.path = path;
    RETURN_IF_ERROR(transaction.commit());
    return added;
}

Result<void> LibraryIndex::erase_folder(SqliteFile& database, std::int64_t folder) {
    RETURN_IF_ERROR(run_with(database,
                             "DELETE FROM passages WHERE id >> 20 IN (SELECT id FROM files WHERE "
                             "folder = ?)",
                             folder));
    RETURN_IF_ERROR(
        run_with(database, "DELETE FROM hits WHERE file IN (SELECT id FROM files WHERE folder = ?)",
                 folder));
    RETURN_IF_ERROR(run_with(database, "DELETE FROM files WHERE folder = ?", folder));
    return run_with(database, "DELETE FROM folders WHERE id = ?", folder);
}

Result<void> LibraryIndex::remove_folder(const std::string& path) {
    ASSIGN_OR_RETURN(const std::vector<LibraryFolder> all, folders());
    const std::lock_guard lock(m_mutex);
    for (const LibraryFolder& folder : all) {
        if (folder.path != path) continue;
        ASSIGN_OR_RETURN(SqliteFile * database, open(/*makes_file=*/true));
        ASSIGN_OR_RETURN(auto transaction, SqliteFile::Transaction::begin(*database));
        RETURN_IF_ERROR(erase_folder(*database, folder.id));
        RETURN_IF_ERROR(transaction.commit());
        // The text is gone; giving the room back is a courtesy that may fail on a full disk.
        (void)database->execute("PRAGMA incremental_vacuum");
        return {};
    }
    return no_such_folder(path);
}

Result<LibraryIndex::KnownFiles> LibraryIndex::known_files(std::int64_t folder,
                                                           const std::string& below) {
    const std::lock_guard lock(m_mutex);
    KnownFiles known;
    ASSIGN_OR_RETURN(SqliteFile * database, open(/*makes_file=*/false));
    if (!database) return known;
    ASSIGN_OR_RETURN(
        auto rows,
        database->prepare("SELECT path, size, modified, device, inode, reason != '' FROM files "
                          "WHERE folder = ? AND path >= ? AND path < ?"));
    const PathRange range = paths_below(below);
    rows.bind(folder).bind(range.first).bind(range.last);
    while (true) {
        ASSIGN_OR_RETURN(const bool has_row, rows.step());
        if (!has_row) return known;
        known.emplace(rows.text(0),
                      KnownFile{{as_unsigned(rows.integer(1)),
                                 rows.integer(2),
                                 {as_unsigned(rows.integer(3)), as_unsigned(rows.integer(4))}},
                                rows.integer(5) != 0});
    }
}

Result<void> LibraryIndex::put(std::int64_t folder, std::span<const LibraryFile> files) {
    const std::lock_guard lock(m_mutex);
    ASSIGN_OR_RETURN(SqliteFile * database, open(/*makes_file=*/true));
    ASSIGN_OR_RETURN(auto transaction, SqliteFile::Transaction::begin(*database));
    {
        ASSIGN_OR_RETURN(auto row, database->prepare("SELECT path FROM folders WHERE id = ?"));
        ASSIGN_OR_RETURN(const bool is_there, row.bind(folder).step());
        if (!is_there) return no_such_folder("the folder");
    }
    ASSIGN_OR_RETURN(const std::int64_t n_passage,
                     database->number("SELECT total(n_passage) FROM files"));
    if (as_unsigned(n_passage) >= kMaxLibraryPassages) {
        return Error{ErrorCode::InvalidArgument,
                     "the document library is full: it has " + std::to_string(n_passage) +
                         " passages; remove a folder, or add smaller ones"};
    }
    for (const LibraryFile& file : files) {
        ASSIGN_OR_RETURN(const std::int64_t before, id_of(*database, folder, file.path));
        RETURN_IF_ERROR(erase_file(*database, before));
        RETURN_IF_ERROR(insert_file(*database, folder, file));
    }
    return transaction.commit();
}

Result<void> LibraryIndex::forget(std::int64_t folder, std::span<const std::string> paths) {
    if (paths.empty()) return {};
    const std::lock_guard lock(m_mutex);
    ASSIGN_OR_RETURN(SqliteFile * database, open(/*makes_file=*/true));
    ASSIGN_OR_RETURN(auto transaction, SqliteFile::Transaction::begin(*database));
    for (const std::string& path : paths) {
        ASSIGN_OR_RETURN(const std::int64_t file, id_of(*database, folder, path));
        RETURN_IF_ERROR(erase_file(*database, file));
    }
    RETURN_IF_ERROR(transaction.commit());
    (void)database->execute("PRAGMA incremental_vacuum");
    return {};
}

Result<void> LibraryIndex::set_updated(std::int64_t folder) {
    const std::lock_guard lock(m_mutex);
    ASSIGN_OR_RETURN(SqliteFile * database, open(/*makes_file=*/true));
    ASSIGN_OR_RETURN(auto row, database->prepare("UPDATE folders SET updated_ms = ? WHERE id = ?"));
    return row.bind(unix_time_ms()).bind(folder).run();
}

Result<std::vector<UnreadableFile>> LibraryIndex::unreadable(std::int64_t folder) {
    const std::lock_guard lock(m_mutex);
    std::vector<UnreadableFile> files;
    ASSIGN_OR_RETURN(SqliteFile * database, open(/*makes_file=*/false));
    if (!database) return files;
    ASSIGN_OR_RETURN(auto rows,
                     database->prepare("SELECT d.path, f.path, f.reason FROM files f JOIN folders "
                                       "d ON d.id = f.folder WHERE f.folder = ? AND f.reason != "
                                       "'' ORDER BY f.path"));
    rows.bind(folder);
    while (true) {
        ASSIGN_OR_RETURN(const bool has_row, rows.step());
        if (!has_row) return files;
        files.push_back({rows.text(0) + "/" + rows.text(1), rows.text(2)});
    }
}

void LibraryIndex::release_memory() {
    const std::lock_guard lock(m_mutex);
    if (m_database) (void)m_database->execute("PRAGMA shrink_memory");
}

std::uint64_t LibraryIndex::size_bytes() const {
    std::error_code error;
    const auto size = fs::file_size(m_file, error);
    return error ? 0 : size;
}

Result<void> LibraryIndex::check() {
    const std::lock_guard lock(m_mutex);
    ASSIGN_OR_RETURN(SqliteFile * database, open(/*makes_file=*/false));
    if (!database) return {};
    return database->check();
}

/// Read as far as it goes, whatever else is damaged, and of an older format too.
Result<std::vector<LibraryIndex::NamedFolder>> LibraryIndex::still_named() const {
    std::vector<NamedFolder> named;
    std::error_code error;
    if (!fs::exists(m_file, error)) return named;
    const auto database = SqliteFile::open(m_file, "the document library");
    const auto is_new = database ? is_new_file(*database, kLibraryMark) : database.error();
    if (!is_new && is_new.error().code == ErrorCode::Corrupt) return named;
    if (!is_new) return is_new.error();
    // What is damaged and not to be read is none of its folders.
    auto rows = database->prepare("SELECT id, path FROM folders ORDER BY id");
    while (rows) {
        const auto has_row = rows->step();
        if (!has_row || !*has_row) break;
        named.push_back({rows->integer(0), rows->text(1)});
    }
    return named;
}

/// Another program may be about to use a folder's number, so it means no other folder.
Result<void> LibraryIndex::take_over(const std::vector<NamedFolder>& folders) {
    constexpr std::int64_t kMaxId = std::int64_t{1} << 40;  // above it, it is damaged
    ASSIGN_OR_RETURN(SqliteFile * database, open(/*makes_file=*/true));
    ASSIGN_OR_RETURN(auto transaction, SqliteFile::Transaction::begin(*database));
    std::vector<std::string> taken;
    for (const auto& [id, path] : folders) {
        const bool is_among = std::any_of(taken.begin(), taken.end(), [&](const auto& other) {
            return is_in_folder(other, path) || is_in_folder(path, other);
        });
        if (path.empty() || is_among || taken.size() == kMaxLibraryFolders) continue;
        ASSIGN_OR_RETURN(auto row, database->prepare("INSERT OR IGNORE INTO folders(id, path) "
                                                     "VALUES(nullif(?, 0), ?)"));
        const std::int64_t same_id = id > 0 && id < kMaxId ? id : 0;
        RETURN_IF_ERROR(row.bind(same_id).bind(path).run());
        taken.push_back(path);
    }
    return transaction.commit();
}

Result<void> LibraryIndex::make_again() {
    const std::lock_guard lock(m_mutex);
    m_database.reset();
    ASSIGN_OR_RETURN(const auto named, still_named());
    // The list of folders is nowhere else: the damaged file stays until another one has it.
    const fs::path fresh_file = with_ending(m_file, ".new");
    remove_index(fresh_file);
    {
        LibraryIndex fresh(fresh_file);
        RETURN_IF_ERROR(fresh.take_over(named));
    }
    std::error_code error;
    fs::remove(with_ending(m_file, "-journal"), error);  // not for the new one to roll back
    if (!error) fs::rename(fresh_file, m_file, error);
    if (error) {
        return Error{ErrorCode::Io, utf8_from_path(m_file) +
                                        ": damaged, and cannot be replaced: " + error.message()};
    }
    return {};
}

}  // namespace lares
