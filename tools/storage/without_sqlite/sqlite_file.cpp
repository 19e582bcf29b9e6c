// Where the program was built without SQLite nothing can be written down, and so no tool that needs
// that runs: opening is all that ever happens.
#include "tools/storage/sqlite_file.h"

namespace lares {
namespace {

Error unsupported() {
    return {ErrorCode::Unsupported, "this build keeps no journal and no log: it lacks SQLite"};
}

}  // namespace

Result<SqliteFile> SqliteFile::open(const std::filesystem::path&, std::string) {
    return unsupported();
}

SqliteFile::SqliteFile(SqliteFile&&) noexcept = default;
SqliteFile& SqliteFile::operator=(SqliteFile&&) noexcept = default;
SqliteFile::~SqliteFile() = default;

Result<void> SqliteFile::attach(const std::filesystem::path&, const std::string&) {
    return unsupported();
}
bool SqliteFile::has_moved() const {
    return false;
}
Error SqliteFile::damaged() const {
    return unsupported();
}
Result<void> SqliteFile::check() const {
    return unsupported();
}
Result<void> SqliteFile::execute(const char*) {
    return unsupported();
}
Result<SqliteFile::Statement> SqliteFile::prepare(const char*) const {
    return unsupported();
}
Result<std::int64_t> SqliteFile::number(const char*) const {
    return unsupported();
}
std::int64_t SqliteFile::last_id() const {
    return 0;
}

SqliteFile::Statement::Statement(Statement&&) noexcept = default;
SqliteFile::Statement::~Statement() = default;
SqliteFile::Statement& SqliteFile::Statement::bind(std::int64_t) {
    return *this;
}
SqliteFile::Statement& SqliteFile::Statement::bind(std::string_view) {
    return *this;
}
SqliteFile::Statement& SqliteFile::Statement::bind_bytes(std::string_view) {
    return *this;
}
SqliteFile::Statement& SqliteFile::Statement::again() {
    return *this;
}
Result<bool> SqliteFile::Statement::step() {
    return unsupported();
}
Result<void> SqliteFile::Statement::run() {
    return unsupported();
}
std::int64_t SqliteFile::Statement::integer(int) const {
    return 0;
}
std::string SqliteFile::Statement::text(int) const {
    return {};
}

Result<SqliteFile::Transaction> SqliteFile::Transaction::begin(SqliteFile&) {
    return unsupported();
}
SqliteFile::Transaction::Transaction(Transaction&&) noexcept = default;
SqliteFile::Transaction::~Transaction() = default;
Result<void> SqliteFile::Transaction::commit() {
    return unsupported();
}

}  // namespace lares
