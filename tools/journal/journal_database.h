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

/// One SQLite file of the journal: a rollback journal of SQLite's own and synchronous=EXTRA, so
/// that a commit survives a power cut and two processes may use the file. One thread at a time.
/// Errors: Io (a full disk, no permission), Corrupt (not a database, or a damaged one), each a
/// sentence.
class JournalDatabase {
public:
    /// Opens the file or makes an empty one (0600).
    [[nodiscard]] static Result<JournalDatabase> open(const std::filesystem::path& file);
    JournalDatabase(JournalDatabase&&) noexcept;
    JournalDatabase& operator=(JournalDatabase&&) noexcept;
    ~JournalDatabase();

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
        /// True: there is a row. False: done.
        [[nodiscard]] Result<bool> step();
        /// To the end; rows are ignored.
        [[nodiscard]] Result<void> run();
        [[nodiscard]] std::int64_t integer(int column) const;
        [[nodiscard]] std::string text(int column) const;  ///< of bytes too

    private:
        friend class JournalDatabase;
        Statement(const JournalDatabase& database, sqlite3_stmt* statement);
        void check(int code);

        const JournalDatabase* m_database;
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
        [[nodiscard]] static Result<Transaction> begin(JournalDatabase& database);
        Transaction(Transaction&& other) noexcept;
        ~Transaction();
        [[nodiscard]] Result<void> commit();

    private:
        explicit Transaction(JournalDatabase& database) : m_database(&database) {}
        JournalDatabase* m_database;  ///< null: committed, or moved from
    };

private:
    JournalDatabase(std::filesystem::path file, sqlite3* connection);
    [[nodiscard]] Error error(int code) const;

    std::filesystem::path m_file;
    sqlite3* m_connection;
};

}  // namespace lares
