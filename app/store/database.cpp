#include "app/store/database.h"

#include "app/store/store_errors.h"
#include "tools/storage/clean_pages.h"

#include <QJsonDocument>

#include <utility>

namespace lares::app {
namespace {

namespace fs = std::filesystem;

/// Long enough for a Lares that is just closing, short enough for a window that waits to open.
constexpr int kBusyTimeoutMs = 200;

std::string sqliteName(const fs::path& path) {
    const std::u8string name = path.u8string();
    return {name.begin(), name.end()};
}

}  // namespace

Statement::Statement(Database& database, sqlite3_stmt* statement)
    : m_database(&database), m_statement(statement), m_error(SQLITE_OK) {}

Statement::~Statement() {
    if (m_statement) reset();
}

Statement::Statement(Statement&& other) noexcept
    : m_database(other.m_database)
    , m_statement(std::exchange(other.m_statement, nullptr))
    , m_bound(std::move(other.m_bound))
    , m_parameter(other.m_parameter)
    , m_error(other.m_error) {}

void Statement::check(int code) {
    if (m_error == SQLITE_OK) m_error = code;
}

Statement& Statement::bind(qint64 value) {
    check(sqlite3_bind_int64(m_statement, ++m_parameter, value));
    return *this;
}

Statement& Statement::bind(const QString& text) {
    return bindBytes(text.toUtf8());
}

Statement& Statement::bind(const QJsonObject& object) {
    return bindBytes(object.isEmpty() ? QByteArray()
                                      : QJsonDocument(object).toJson(QJsonDocument::Compact));
}

Statement& Statement::bindNull() {
    check(sqlite3_bind_null(m_statement, ++m_parameter));
    return *this;
}

Statement& Statement::bindBytes(QByteArray bytes) {
    m_bound.push_back(std::move(bytes));
    const QByteArray& kept = m_bound.back();
    // A null pointer would be NULL, not ''.
    check(sqlite3_bind_text64(m_statement, ++m_parameter, kept.isNull() ? "" : kept.constData(),
                              static_cast<sqlite3_uint64>(kept.size()), SQLITE_STATIC,
                              SQLITE_UTF8));
    return *this;
}

Result<bool> Statement::step() {
    if (m_error == SQLITE_OK) {
        const int code = sqlite3_step(m_statement);
        if (code == SQLITE_ROW) return true;
        if (code == SQLITE_DONE) return false;
        m_error = code;
    }
    return m_database->lastError(m_error);
}

Result<void> Statement::run() {
    for (;;) {
        ASSIGN_OR_RETURN(const bool hasRow, step());
        if (!hasRow) return {};
    }
}

void Statement::reset() {
    sqlite3_reset(m_statement);
    sqlite3_clear_bindings(m_statement);
    m_bound.clear();
    m_parameter = 0;
    m_error = SQLITE_OK;
}

bool Statement::isNull(int column) const {
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

qint64 Statement::integer(int column) const {
    return sqlite3_column_int64(m_statement, column);
}

QString Statement::text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
    return QString::fromUtf8(bytes, sqlite3_column_bytes(m_statement, column));
}

QJsonObject Statement::object(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
    const int size = sqlite3_column_bytes(m_statement, column);
    if (size == 0) return {};
    return QJsonDocument::fromJson(QByteArray::fromRawData(bytes, size)).object();
}

Database::Database(fs::path file, UniqueConnection connection)
    : m_file(std::move(file)), m_connection(std::move(connection)) {}

Result<Database> Database::open(const fs::path& file) {
    constexpr int kFlags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(sqliteName(file).c_str(), &opened, kFlags, clean_pages_vfs());
    Database database(file, UniqueConnection(opened));
    if (code != SQLITE_OK) return database.lastError(code);
    // SQLite gives the log the database's permissions. By path: a second descriptor of the file
    // would drop this process's locks on it when it is closed.
    std::error_code ignored;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, ignored);
    if (sqlite3_db_readonly(opened, "main") == 1) return readOnlyDatabase(file);

    sqlite3_extended_result_codes(opened, 1);
    sqlite3_busy_timeout(opened, kBusyTimeoutMs);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    // An exclusive lock from the first access on, released by the system even after a crash; with
    // it the log needs no shared memory.
    RETURN_IF_ERROR(
        database.execute("PRAGMA locking_mode=EXCLUSIVE; PRAGMA cell_size_check=ON; "
                         "PRAGMA temp_store=MEMORY"));
    return database;
}

Result<void> Database::prepareForWriting() {
    // secure_delete: every earlier state of a message that is deleted for good is gone, too.
    RETURN_IF_ERROR(
        execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA secure_delete=ON; PRAGMA journal_size_limit=8388608"));
    return execute("BEGIN EXCLUSIVE; COMMIT");
}

Result<void> Database::execute(const char* sql) {
    const int code = sqlite3_exec(connection(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return lastError(code);
    return {};
}

Result<Statement> Database::prepare(const char* sql) {
    UniqueStatement& statement = m_statements[sql];
    if (!statement) {
        sqlite3_stmt* prepared = nullptr;
        const int code = sqlite3_prepare_v3(connection(), sql, -1, SQLITE_PREPARE_PERSISTENT,
                                            &prepared, nullptr);
        if (code != SQLITE_OK) return lastError(code);
        statement.reset(prepared);
    }
    return Statement(*this, statement.get());
}

Result<qint64> Database::number(const char* sql) {
    ASSIGN_OR_RETURN(Statement statement, prepare(sql));
    ASSIGN_OR_RETURN(const bool hasRow, statement.step());
    return hasRow ? statement.integer(0) : 0;
}

Result<void> Database::check() {
    ASSIGN_OR_RETURN(Statement statement, prepare("PRAGMA quick_check(1)"));
    ASSIGN_OR_RETURN(const bool hasRow, statement.step());
    if (!hasRow || statement.text(0) != QLatin1String("ok")) return lastError(SQLITE_CORRUPT);
    return {};
}

void Database::keepLogOnClose() {
    sqlite3_db_config(connection(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

Error Database::lastError(int code) const {
    return databaseError(connection(), code, m_file);
}

Result<Transaction> Transaction::begin(Database& database) {
    RETURN_IF_ERROR(database.execute("BEGIN IMMEDIATE"));
    return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : m_database(std::exchange(other.m_database, nullptr)) {}

Transaction::~Transaction() {
    // A full disk makes SQLite roll back by itself.
    if (m_database && !sqlite3_get_autocommit(m_database->connection())) {
        (void)m_database->execute("ROLLBACK");
    }
}

Result<void> Transaction::commit() {
    RETURN_IF_ERROR(m_database->execute("COMMIT"));
    m_database = nullptr;
    return {};
}

}  // namespace lares::app
