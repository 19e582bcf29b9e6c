#include "app/store/store_opening.h"

#include "app/store/migrations.h"
#include "app/store/store_errors.h"
#include "app/store/store_format.h"

#include <QDateTime>
#include <QFile>

#include <array>

namespace lares::app {
namespace {

namespace fs = std::filesystem;

fs::path beside(const fs::path& file, const char* ending) {
    fs::path other = file;
    other += ending;
    return other;
}

fs::path logOf(const fs::path& file) {
    return beside(file, "-wal");
}
fs::path checkMarkOf(const fs::path& file) {
    return beside(file, "-check");
}

Result<void> makeFolder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (!error && !fs::is_directory(folder, error) && !error) {
        error = std::make_error_code(std::errc::not_a_directory);
    }
    if (error) return folderError(folder, error);
    // Best effort: some file systems know no permissions.
    fs::permissions(folder, fs::perms::owner_all, error);
    return {};
}

/// SQLite deletes the log when it closes a database properly.
bool endedProperly(const fs::path& file) {
    std::error_code error;
    const auto logSize = fs::file_size(logOf(file), error);
    return (error || logSize == 0) && !fs::exists(checkMarkOf(file), error);
}

Result<void> makeReady(Database& database) {
    RETURN_IF_ERROR(checkOrigin(database, storeMigrations()));
    RETURN_IF_ERROR(database.prepareForWriting());
    return migrate(database, storeMigrations());
}

/// A name that is not taken: lares-damaged-2026-06-30-174501.db
fs::path nameForDamaged(const fs::path& file) {
    const QString time = QDateTime::currentDateTime().toString("yyyy-MM-dd-HHmmss");
    fs::path name;
    std::error_code error;
    for (int attempt = 1;; ++attempt) {
        const QString suffix = attempt == 1 ? QString() : QStringLiteral("-%1").arg(attempt);
        name = file.parent_path() /
               QStringLiteral("lares-damaged-%1%2.db").arg(time, suffix).toStdString();
        if (!fs::exists(name, error)) return name;
    }
}

/// The log goes first: a crash between the two leaves a database that is found damaged again.
Result<fs::path> setAside(const fs::path& file) {
    const fs::path kept = nameForDamaged(file);
    std::error_code error;
    if (fs::exists(logOf(file), error)) fs::rename(logOf(file), logOf(kept), error);
    if (!error) fs::rename(file, kept, error);
    if (error) return cannotSetAside(file, error);
    return kept;
}

}  // namespace

Result<OpenedDatabase> openStoreDatabase(const fs::path& folder) {
    RETURN_IF_ERROR(makeFolder(folder));
    const fs::path file = folder / kStoreFile;
    const bool mustCheck = !endedProperly(file);
    ASSIGN_OR_RETURN(Database database, Database::open(file));
    if (const auto ready = makeReady(database); !ready) {
        if (ready.error().code != ErrorCode::Corrupt) return ready.error();
        return replaceDamaged(std::move(database));
    }
    return OpenedDatabase{std::move(database), mustCheck, std::nullopt};
}

Result<OpenedDatabase> replaceDamaged(Database damaged) {
    const fs::path file = damaged.file();
    requestCheck(file);  // until the empty one is there
    {
        damaged.keepLogOnClose();
        const Database closed = std::move(damaged);
    }
    ASSIGN_OR_RETURN(const fs::path kept, setAside(file));
    ASSIGN_OR_RETURN(Database database, Database::open(file));
    RETURN_IF_ERROR(makeReady(database));
    forgetCheck(file);
    return OpenedDatabase{std::move(database), false, damagedDatabaseKept(kept)};
}

void requestCheck(const fs::path& file) {
    QFile mark(checkMarkOf(file));
    (void)mark.open(QIODevice::WriteOnly);
}

void forgetCheck(const fs::path& file) {
    std::error_code ignored;
    fs::remove(checkMarkOf(file), ignored);
}

}  // namespace lares::app
