#include "tools/mcp/server_book.h"

#include "engine/base/json_builder.h"
#include "tools/storage/file_mark.h"
#include "tools/storage/private_files.h"
#include "tools/storage/sqlite_file.h"

#include <utility>

namespace lares {
namespace {

constexpr std::int64_t kBookFormat = 1;
/// "LMCP", the book's mark in the file.
constexpr std::int64_t kBookApplication = 0x4C4D4350;

constexpr const char* kBookSchema = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS servers(
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    config TEXT NOT NULL,
    is_on INTEGER NOT NULL,
    tools TEXT NOT NULL,
    changed_tools TEXT NOT NULL,
    allowed TEXT NOT NULL
) STRICT;
PRAGMA application_id=1280131920;
PRAGMA user_version=1;
COMMIT;
)sql";
static_assert(kBookApplication == 1280131920);

constexpr FileMark kBookMark = {kBookApplication, kBookFormat, "no tool server can be kept there",
                                "these tool servers", "update Lares"};

/// Ours, but somebody may have written it over: with the bounds of a stranger's.
Result<Json> stored_json(const std::string& text) {
    if (text.empty()) return Json();
    JsonBuilder<Json> builder(JsonBounds{.depth = 80, .n_value = 1'000'000, .n_key = 1000});
    if (!Json::sax_parse(text.begin(), text.end(), &builder))
        return Error{ErrorCode::Corrupt, "its settings are damaged: " + builder.problem()};
    return std::move(builder.root());
}

std::string text_of_json(const Json& json) {
    return json.is_null() ? std::string() : json_text(json);
}

Result<StoredServer> server_of(const SqliteFile::Statement& row) {
    StoredServer server;
    ASSIGN_OR_RETURN(server.config, server_config_from_json(row.text(1)));
    server.is_on = row.integer(2) != 0;
    ASSIGN_OR_RETURN(server.tools, stored_json(row.text(3)));
    ASSIGN_OR_RETURN(server.changed_tools, stored_json(row.text(4)));
    ASSIGN_OR_RETURN(const Json allowed, stored_json(row.text(5)));
    for (const Json& name : allowed) {
        if (name.is_string()) server.allowed.insert(name.get<std::string>());
    }
    return server;
}

}  // namespace

ServerBook::ServerBook(std::filesystem::path file) : m_file(std::move(file)) {}

ServerBook::~ServerBook() = default;

/// Null: there is no file, and none was to be made.
Result<SqliteFile*> ServerBook::open(bool makes_file) {
    if (m_database && !m_database->has_moved()) return m_database.get();
    m_database.reset();
    std::error_code error;
    if (!makes_file && !std::filesystem::exists(m_file, error)) return nullptr;
    RETURN_IF_ERROR(make_private_folder(m_file.parent_path()));
    ASSIGN_OR_RETURN(SqliteFile database, SqliteFile::open(m_file, "the list of tool servers"));
    ASSIGN_OR_RETURN(const bool is_new, is_new_file(database, kBookMark));
    // What a variable held is gone with its server.
    RETURN_IF_ERROR(database.execute("PRAGMA secure_delete=ON"));
    if (is_new) RETURN_IF_ERROR(database.execute(kBookSchema));
    m_database = std::make_unique<SqliteFile>(std::move(database));
    return m_database.get();
}

Result<ServerBook::Contents> ServerBook::read() {
    const std::lock_guard lock(m_mutex);
    ASSIGN_OR_RETURN(SqliteFile * database, open(/*makes_file=*/false));
    Contents contents;
    if (!database) return contents;
    ASSIGN_OR_RETURN(auto rows, database->prepare("SELECT name, config, is_on, tools, "
                                                  "changed_tools, allowed FROM servers "
                                                  "ORDER BY position"));
    while (true) {
        ASSIGN_OR_RETURN(const bool has_row, rows.step());
        if (!has_row) return contents;
        Result<StoredServer> server = server_of(rows);
        if (server) {
            contents.servers.push_back(std::move(*server));
        } else {
            contents.problems.push_back(rows.text(0) + ": " + server.error().message);
        }
    }
}

Result<void> ServerBook::write(const StoredServer& server) {
    const std::lock_guard lock(m_mutex);
    ASSIGN_OR_RETURN(SqliteFile * database, open(/*makes_file=*/true));
    ASSIGN_OR_RETURN(
        auto row,
        database->prepare(
            "INSERT INTO servers(name, config, is_on, tools, changed_tools, allowed) "
            "VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(name) DO UPDATE SET config=excluded.config, "
            "is_on=excluded.is_on, tools=excluded.tools, changed_tools=excluded.changed_tools, "
            "allowed=excluded.allowed"));
    return row.bind(server.config.name)
        .bind(json_text(json_of(server.config)))
        .bind(std::int64_t{server.is_on})
        .bind(text_of_json(server.tools))
        .bind(text_of_json(server.changed_tools))
        .bind(json_text(Json(server.allowed)))
        .run();
}

Result<void> ServerBook::remove(const std::string& name) {
    const std::lock_guard lock(m_mutex);
    ASSIGN_OR_RETURN(SqliteFile * database, open(/*makes_file=*/false));
    if (!database) return {};
    ASSIGN_OR_RETURN(auto row, database->prepare("DELETE FROM servers WHERE name = ?"));
    return row.bind(name).run();
}

Result<void> ServerBook::check() {
    const std::lock_guard lock(m_mutex);
    ASSIGN_OR_RETURN(SqliteFile * database, open(/*makes_file=*/false));
    if (!database) return {};
    return database->check();
}

std::int64_t ServerBook::version() {
    const std::lock_guard lock(m_mutex);
    const Result<SqliteFile*> database = open(/*makes_file=*/false);
    if (!database || !*database) return 0;
    return (*database)->number("PRAGMA data_version").value_or(0);
}

}  // namespace lares
