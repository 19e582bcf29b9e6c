#include "tools/storage/sqlite_file.h"

#include "engine/base/path_text.h"
#include "tools/storage/clean_pages.h"
#include "tools/storage/disk_space.h"

#include <sqlite3.h>

#include <fstream>
#include <system_error>
#include <utility>

namespace lares {
namespace fs = std::filesystem;
namespace {

constexpr int kBusyTimeoutMs = 5000;

constexpr const char* kSettings =
    "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA mmap_size=0; "
    "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;";

/// SQLite would make the file readable for others.
void make_private(const fs::path& file) {
    std::error_code error;
    if (fs::exists(file, error) || error) return;
    { const std::ofstream created(file, std::ios::app); }
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, error);
}

}  // namespace

SqliteFile::SqliteFile(fs::path file, std::string what, sqlite3* connection)
    : m_file(std::move(file)), m_what(std::move(what)), m_connection(connection) {}

SqliteFile::SqliteFile(SqliteFile&& other) noexcept
    : m_file(std::move(other.m_file))
    , m_what(std::move(other.m_what))
    , m_connection(std::exchange(other.m_connection, nullptr))
    , m_is_damaged(other.m_is_damaged) {}

SqliteFile& SqliteFile::operator=(SqliteFile&& other) noexcept {
    std::swap(m_file, other.m_file);
    std::swap(m_what, other.m_what);
    std::swap(m_connection, other.m_connection);
    std::swap(m_is_damaged, other.m_is_damaged);
    return *this;
}

SqliteFile::~SqliteFile() {
    sqlite3_close(m_connection);
}

Error SqliteFile::error(int code) const {
    const std::string where = utf8_from_path(m_file) + ": ";
    if (is_out_of_space(m_connection, code))
        return {ErrorCode::Io, where + "the disk is full; free some space and try again"};
    switch (code & 0xFF) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            m_is_damaged = true;
            return {ErrorCode::Corrupt, where + m_what + " is damaged"};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {ErrorCode::Io, where + "another program uses it; try again"};
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
            return {ErrorCode::Io, where + "cannot be written; check the folder's permissions"};
        case SQLITE_NOMEM:
            return {ErrorCode::OutOfMemory, where + "out of memory"};
        case SQLITE_IOERR:
            return {ErrorCode::Io, where + "the disk is full or reports an error (" +
                                       sqlite3_errstr(code) +
                                       "); free some space or make sure that it is connected, "
                                       "and try again"};
        default:
            return {ErrorCode::Io,
                    where + (m_connection ? sqlite3_errmsg(m_connection) : sqlite3_errstr(code))};
    }
}

Result<SqliteFile> SqliteFile::open(const fs::path& file, std::string what) {
    make_private(file);
    sqlite3* connection = nullptr;
    const int code = sqlite3_open_v2(
        utf8_from_path(file).c_str(), &connection,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, clean_pages_vfs());
    SqliteFile database(file, std::move(what), connection);
    if (code != SQLITE_OK) return database.error(code);
    sqlite3_busy_timeout(connection, kBusyTimeoutMs);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    RETURN_IF_ERROR(database.execute(kSettings));
    return database;
}

Result<void> SqliteFile::attach(const fs::path& file, const std::string& name) {
    make_private(file);
    {
        ASSIGN_OR_RETURN(Statement attached, prepare(("ATTACH ? AS " + name).c_str()));
        RETURN_IF_ERROR(attached.bind(utf8_from_path(file)).run());
    }
    return execute(("PRAGMA " + name + ".journal_mode=DELETE; PRAGMA " + name +
                    ".synchronous=EXTRA; PRAGMA " + name + ".mmap_size=0")
                       .c_str());
}

bool SqliteFile::has_moved() const {
    if (!m_connection) return true;
    int moved = 0;
    const int code = sqlite3_file_control(m_connection, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return code == SQLITE_OK && moved != 0;
}

Error SqliteFile::damaged() const {
    return error(SQLITE_CORRUPT);
}

Result<void> SqliteFile::check() const {
    ASSIGN_OR_RETURN(Statement result, prepare("PRAGMA integrity_check(1)"));
    ASSIGN_OR_RETURN(const bool has_row, result.step());
    const std::string found = has_row ? result.text(0) : std::string();
    if (found == "ok") return {};
    Error fault = damaged();
    fault.message += " (" + found.substr(found.rfind('\n') + 1) + ")";
    return fault;
}

Result<void> SqliteFile::execute(const char* sql) {
    const int code = sqlite3_exec(m_connection, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return error(code);
    return {};
}

Result<SqliteFile::Statement> SqliteFile::prepare(const char* sql) const {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(m_connection, sql, -1, &statement, nullptr);
    if (code != SQLITE_OK) return error(code);
    return Statement(*this, statement);
}

Result<std::int64_t> SqliteFile::number(const char* sql) const {
    ASSIGN_OR_RETURN(Statement row, prepare(sql));
    ASSIGN_OR_RETURN(const bool has_row, row.step());
    return has_row ? row.integer(0) : 0;
}

std::int64_t SqliteFile::last_id() const {
    return sqlite3_last_insert_rowid(m_connection);
}

SqliteFile::Statement::Statement(const SqliteFile& database, sqlite3_stmt* statement)
    : m_database(&database), m_statement(statement), m_error(SQLITE_OK) {}

SqliteFile::Statement::Statement(Statement&& other) noexcept
    : m_database(other.m_database)
    , m_statement(std::exchange(other.m_statement, nullptr))
    , m_parameter(other.m_parameter)
    , m_error(other.m_error) {}

SqliteFile::Statement::~Statement() {
    sqlite3_finalize(m_statement);
}

void SqliteFile::Statement::check(int code) {
    if (m_error == SQLITE_OK) m_error = code;
}

SqliteFile::Statement& SqliteFile::Statement::bind(std::int64_t value) {
    check(sqlite3_bind_int64(m_statement, ++m_parameter, value));
    return *this;
}

SqliteFile::Statement& SqliteFile::Statement::bind(std::string_view text) {
    check(sqlite3_bind_text64(m_statement, ++m_parameter, text.data() ? text.data() : "",
                              text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

SqliteFile::Statement& SqliteFile::Statement::bind_bytes(std::string_view bytes) {
    check(sqlite3_bind_blob64(m_statement, ++m_parameter, bytes.data() ? bytes.data() : "",
                              bytes.size(), SQLITE_TRANSIENT));
    return *this;
}

SqliteFile::Statement& SqliteFile::Statement::again() {
    sqlite3_reset(m_statement);  // what failed in the last run was said then
    m_parameter = 0;
    m_error = SQLITE_OK;
    return *this;
}

Result<bool> SqliteFile::Statement::step() {
    if (m_error != SQLITE_OK) return m_database->error(m_error);
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return m_database->error(code);
}

Result<void> SqliteFile::Statement::run() {
    while (true) {
        ASSIGN_OR_RETURN(const bool has_row, step());
        if (!has_row) return {};
    }
}

std::int64_t SqliteFile::Statement::integer(int column) const {
    return sqlite3_column_int64(m_statement, column);
}

std::string SqliteFile::Statement::text(int column) const {
    const void* bytes = sqlite3_column_blob(m_statement, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column));
    return bytes ? std::string(static_cast<const char*>(bytes), size) : std::string();
}

Result<SqliteFile::Transaction> SqliteFile::Transaction::begin(SqliteFile& database) {
    RETURN_IF_ERROR(database.execute("BEGIN IMMEDIATE"));
    return Transaction(database);
}

SqliteFile::Transaction::Transaction(Transaction&& other) noexcept
    : m_database(std::exchange(other.m_database, nullptr)) {}

SqliteFile::Transaction::~Transaction() {
    if (m_database) (void)m_database->execute("ROLLBACK");
}

Result<void> SqliteFile::Transaction::commit() {
    RETURN_IF_ERROR(m_database->execute("COMMIT"));
    m_database = nullptr;
    return {};
}

}  // namespace lares
