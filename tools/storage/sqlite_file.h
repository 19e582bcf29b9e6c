#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace lares {

/// A SQLite file of the tools: a rollback journal of SQLite's own and synchronous=EXTRA, so that a
/// commit survives a power cut and two processes may use the file. One thread at a time.
/// Errors: Io (a full disk, no permission), Corrupt (not a database, or a damaged one), each a
/// sentence; Unsupported where the program was built without SQLite.
class SqliteFile {
public:
    /// Opens the file or makes an empty one (0600). `what` names it in sentences: "the journal of
    /// changes".
    [[nodiscard]] static Result<SqliteFile> open(const std::filesystem::path& file,
                                                 std::string what);
    SqliteFile(SqliteFile&&) noexcept;
    SqliteFile& operator=(SqliteFile&&) noexcept;
    ~SqliteFile();

    /// Opens a second file as the schema `name`, or makes it: a transaction is all or nothing in
    /// both of them.
    [[nodiscard]] Result<void> attach(const std::filesystem::path& file, const std::string& name);
    /// The name leads to another file now, or to none: somebody moved or removed this one, or it
    /// was handed on. On Windows nobody can move or remove it while it is open here.
    [[nodiscard]] bool has_moved() const;
    /// What SQLite's own check finds, reading all of it. Errors: Corrupt.
    [[nodiscard]] Result<void> check() const;
    /// Corrupt: for whoever finds that what stands in it cannot be so.
    [[nodiscard]] Error damaged() const;
    /// An error was Corrupt since it was opened.
    [[nodiscard]] bool is_known_damaged() const { return m_is_damaged; }
    [[nodiscard]] const std::filesystem::path& path() const { return m_file; }

    /// One or more statements without parameters; rows are ignored.
    [[nodiscard]] Result<void> execute(const char* sql);

    /// One run of a statement; parameters are bound in order.
    class Statement {
    public:
        Statement(Statement&&) noexcept;
        ~Statement();
        Statement& bind(std::int64_t value);
        Statement& bind(std::string_view text);
        Statement& bind_bytes(std::string_view bytes);
        /// Ready to be bound and run once more.
        Statement& again();
        /// True: there is a row. False: done.
        [[nodiscard]] Result<bool> step();
        /// To the end; rows are ignored.
        [[nodiscard]] Result<void> run();
        [[nodiscard]] std::int64_t integer(int column) const;
        [[nodiscard]] std::string text(int column) const;  ///< of bytes too

    private:
        friend class SqliteFile;
        Statement(const SqliteFile& database, sqlite3_stmt* statement);
        void check(int code);

        const SqliteFile* m_database;
        sqlite3_stmt* m_statement;
        int m_parameter = 0;
        int m_error;
    };
    /// The database outlives the statement.
    [[nodiscard]] Result<Statement> prepare(const char* sql) const;
    /// The first column of the first row; 0 where there is none.
    [[nodiscard]] Result<std::int64_t> number(const char* sql) const;
    [[nodiscard]] std::int64_t last_id() const;

    /// All or nothing: what is not committed when the scope ends is rolled back.
    class Transaction {
    public:
        [[nodiscard]] static Result<Transaction> begin(SqliteFile& database);
        Transaction(Transaction&& other) noexcept;
        ~Transaction();
        [[nodiscard]] Result<void> commit();

    private:
        explicit Transaction(SqliteFile& database) : m_database(&database) {}
        SqliteFile* m_database;  ///< null: committed, or moved from
    };

private:
    SqliteFile(std::filesystem::path file, std::string what, sqlite3* connection);
    [[nodiscard]] Error error(int code) const;

    std::filesystem::path m_file;
    std::string m_what;
    sqlite3* m_connection;
    mutable bool m_is_damaged = false;
};

}  // namespace lares
