#pragma once

#include "engine/base/json.h"
#include "tools/mcp/server_config.h"

#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace lares {

class SqliteFile;

/// What is kept of a tool server.
struct StoredServer {
    McpServerConfig config;
    bool is_on = false;  ///< its tools are offered to the model
    /// The definitions that the user saw, as the server gave them; null: it was never looked at.
    Json tools;
    /// Others that it gave since: not offered until the user has seen them. Null: none.
    Json changed_tools;
    /// Its own names of the tools that run without asking.
    std::set<std::string> allowed;
};

/// The tool servers on disk: one SQLite file (tools/storage), which the window and lares-cli share.
/// Opened when it is first needed; a reader finds no file and makes none. Thread safe.
/// Errors are sentences: Io (a full disk), Corrupt, Unsupported (a newer Lares, no SQLite).
class ServerBook {
public:
    explicit ServerBook(std::filesystem::path file);
    ~ServerBook();

    /// In the order in which they were added. One whose settings cannot be read is left as it is,
    /// and named in `problems`.
    struct Contents {
        std::vector<StoredServer> servers;
        std::vector<std::string> problems;
    };
    [[nodiscard]] Result<Contents> read();
    /// Adds it, or writes it over the one of its name. On disk when it returns.
    [[nodiscard]] Result<void> write(const StoredServer& server);
    [[nodiscard]] Result<void> remove(const std::string& name);
    /// Reads and checks all of the file.
    [[nodiscard]] Result<void> check();
    /// Another number after another program has written.
    [[nodiscard]] std::int64_t version();

private:
    [[nodiscard]] Result<SqliteFile*> open(bool makes_file);

    const std::filesystem::path m_file;
    std::mutex m_mutex;  // of what follows
    std::unique_ptr<SqliteFile> m_database;
};

}  // namespace lares
