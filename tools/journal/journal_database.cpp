#include "tools/journal/journal_database.h"

#include "engine/base/path_text.h"

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

JournalDatabase::JournalDatabase(fs::path file, sqlite3* connection)
    : m_file(std::move(file)), m_connection(connection) {}

JournalDatabase::JournalDatabase(JournalDatabase&& other) noexcept
    : m_file(std::move(other.m_file)), m_connection(std::exchange(other.m_connection, nullptr)) {}

JournalDatabase& JournalDatabase::operator=(JournalDatabase&& other) noexcept {
    std::swap(m_file, other.m_file);
    std::swap(m_connection, other.m_connection);
    return *this;
}

JournalDatabase::~JournalDatabase() {
    sqlite3_close(m_connection);
}

Error JournalDatabase::error(int code) const {
    const std::string where = utf8_from_path(m_file) + ": ";
    switch (code & 0xFF) {
        case SQLITE_FULL:
            return {ErrorCode::Io, where + "the disk is full; free some space and try again"};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {ErrorCode::Corrupt, where + "the journal of changes is damaged"};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {ErrorCode::Io, where + "another program uses it; try again"};
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
            return {ErrorCode::Io, where + "cannot be written; check the folder's permissions"};
        case SQLITE_NOMEM:
            return {ErrorCode::OutOfMemory, where + "out of memory"};
        default:
            return {ErrorCode::Io,
                    where + (m_connection ? sqlite3_errmsg(m_connection) : sqlite3_errstr(code))};
    }
}

Result<JournalDatabase> JournalDatabase::open(const fs::path& file) {
    make_private(file);
    sqlite3* connection = nullptr;
    const int code =
        sqlite3_open_v2(utf8_from_path(file).c_str(), &connection,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, nullptr);
    JournalDatabase database(file, connection);
    if (code != SQLITE_OK) return database.error(code);
    sqlite3_busy_timeout(connection, kBusyTimeoutMs);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    RETURN_IF_ERROR(database.execute(kSettings));
    return database;
}

Result<void> JournalDatabase::execute(const char* sql) {
    const int code = sqlite3_exec(m_connection, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return error(code);
    return {};
}

Result<JournalDatabase::Statement> JournalDatabase::prepare(const char* sql) const {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(m_connection, sql, -1, &statement, nullptr);
    if (code != SQLITE_OK) return error(code);
    return Statement(*this, statement);
}

Result<std::int64_t> JournalDatabase::number(const char* sql) const {
    ASSIGN_OR_RETURN(Statement row, prepare(sql));
    ASSIGN_OR_RETURN(const bool has_row, row.step());
    return has_row ? row.integer(0) : 0;
}

std::int64_t JournalDatabase::last_id() const {
    return sqlite3_last_insert_rowid(m_connection);
}

JournalDatabase::Statement::Statement(const JournalDatabase& database, sqlite3_stmt* statement)
    : m_database(&database), m_statement(statement), m_error(SQLITE_OK) {}

JournalDatabase::Statement::Statement(Statement&& other) noexcept
    : m_database(other.m_database)
    , m_statement(std::exchange(other.m_statement, nullptr))
    , m_parameter(other.m_parameter)
    , m_error(other.m_error) {}

JournalDatabase::Statement::~Statement() {
    sqlite3_finalize(m_statement);
}

void JournalDatabase::Statement::check(int code) {
    if (m_error == SQLITE_OK) m_error = code;
}

JournalDatabase::Statement& JournalDatabase::Statement::bind(std::int64_t value) {
    check(sqlite3_bind_int64(m_statement, ++m_parameter, value));
    return *this;
}

JournalDatabase::Statement& JournalDatabase::Statement::bind(std::string_view text) {
    check(sqlite3_bind_text64(m_statement, ++m_parameter, text.data() ? text.data() : "",
                              text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

JournalDatabase::Statement& JournalDatabase::Statement::bind_bytes(std::string_view bytes) {
    check(sqlite3_bind_blob64(m_statement, ++m_parameter, bytes.data() ? bytes.data() : "",
                              bytes.size(), SQLITE_TRANSIENT));
    return *this;
}

Result<bool> JournalDatabase::Statement::step() {
    if (m_error != SQLITE_OK) return m_database->error(m_error);
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return m_database->error(code);
}

Result<void> JournalDatabase::Statement::run() {
    while (true) {
        ASSIGN_OR_RETURN(const bool has_row, step());
        if (!has_row) return {};
    }
}

std::int64_t JournalDatabase::Statement::integer(int column) const {
    return sqlite3_column_int64(m_statement, column);
}

std::string JournalDatabase::Statement::text(int column) const {
    const void* bytes = sqlite3_column_blob(m_statement, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column));
    return bytes ? std::string(static_cast<const char*>(bytes), size) : std::string();
}

Result<JournalDatabase::Transaction> JournalDatabase::Transaction::begin(
    JournalDatabase& database) {
    RETURN_IF_ERROR(database.execute("BEGIN IMMEDIATE"));
    return Transaction(database);
}

JournalDatabase::Transaction::Transaction(Transaction&& other) noexcept
    : m_database(std::exchange(other.m_database, nullptr)) {}

JournalDatabase::Transaction::~Transaction() {
    if (m_database) (void)m_database->execute("ROLLBACK");
}

Result<void> JournalDatabase::Transaction::commit() {
    RETURN_IF_ERROR(m_database->execute("COMMIT"));
    m_database = nullptr;
    return {};
}

}  // namespace lares
