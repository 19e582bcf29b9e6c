#pragma once

#include "app/store/sqlite_handles.h"
#include "engine/base/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>

#include <filesystem>
#include <unordered_map>
#include <vector>

namespace lares::app {

class Database;

/// One run of a prepared statement, from the first bind to the end of its scope; borrowed from a
/// Database that outlives it. Parameters are bound in order.
class Statement {
public:
    Statement(Database& database, sqlite3_stmt* statement);
    ~Statement();  ///< resets it, so that it can be run again
    Statement(Statement&& other) noexcept;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement& operator=(Statement&&) = delete;

    Statement& bind(qint64 value);
    Statement& bind(const QString& text);
    /// '' for an empty object, which is what most messages have.
    Statement& bind(const QJsonObject& object);
    Statement& bindNull();

    /// True: there is a row. False: done.
    [[nodiscard]] Result<bool> step();
    /// For a statement without rows.
    [[nodiscard]] Result<void> run();
    /// Rewinds it for the next parameters.
    void reset();

    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] qint64 integer(int column) const;
    [[nodiscard]] QString text(int column) const;
    /// Without parsing where the text is empty; anything that is no object reads as an empty one.
    [[nodiscard]] QJsonObject object(int column) const;

private:
    Statement& bindBytes(QByteArray bytes);
    void check(int code);

    Database* m_database;
    sqlite3_stmt* m_statement;
    std::vector<QByteArray> m_bound;  ///< what SQLite reads while the statement runs
    int m_parameter = 0;
    int m_error;
};

/// One connection to one SQLite file, locked against every other one as long as it is open (a
/// second Lares gets "is Lares already running?"). One thread at a time.
class Database {
public:
    /// Opens the file or makes an empty one (0600); changes nothing else in it.
    [[nodiscard]] static Result<Database> open(const std::filesystem::path& file);

    /// Makes commits durable (write-ahead log, synchronous=FULL) and takes the lock. The file is
    /// changed by this, so make sure that it is ours before.
    [[nodiscard]] Result<void> prepareForWriting();

    /// One or more statements without parameters; rows are ignored.
    [[nodiscard]] Result<void> execute(const char* sql);
    /// `sql` lives as long as the program: it is prepared once and kept.
    [[nodiscard]] Result<Statement> prepare(const char* sql);
    /// The first column of the first row; 0 where there is none or it is NULL.
    [[nodiscard]] Result<qint64> number(const char* sql);

    /// What SQLite's own check finds, reading the whole file.
    [[nodiscard]] Result<void> check();
    /// Leaves the log beside the file as it is when the connection closes (a damaged database is
    /// kept untouched).
    void keepLogOnClose();

    [[nodiscard]] const std::filesystem::path& file() const { return m_file; }
    [[nodiscard]] sqlite3* connection() const { return m_connection.get(); }
    [[nodiscard]] Error lastError(int code) const;

private:
    Database(std::filesystem::path file, UniqueConnection connection);

    std::filesystem::path m_file;
    UniqueConnection m_connection;
    std::unordered_map<const char*, UniqueStatement> m_statements;
};

/// All or nothing: what is not committed when the scope ends is rolled back.
class Transaction {
public:
    [[nodiscard]] static Result<Transaction> begin(Database& database);
    ~Transaction();
    Transaction(Transaction&& other) noexcept;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    Transaction& operator=(Transaction&&) = delete;

    [[nodiscard]] Result<void> commit();

private:
    explicit Transaction(Database& database) : m_database(&database) {}

    Database* m_database;  ///< null: committed, or moved from
};

}  // namespace lares::app
