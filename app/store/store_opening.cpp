#include "app/store/store_opening.h"

#include "app/store/backup_copy.h"
#include "app/store/backup_files.h"
#include "app/store/migrations.h"
#include "app/store/store_errors.h"
#include "app/store/store_format.h"
#include "app/store/store_recovery.h"

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

/// Whatever a migration does, what was before it is there still. Without room for a copy there is
/// hardly any for the migration.
void keepCopy(Database& database) {
    const fs::path folder = database.file().parent_path();
    const QDate today = QDate::currentDate();
    std::error_code error;
    if (fs::exists(backupFileOf(folder, today), error)) return;
    Result<BackupCopy> copy = BackupCopy::begin(database, folder, today);
    if (!copy) return;
    Result<bool> isCopied = false;
    do isCopied = copy->step();
    while (isCopied && !*isCopied);
    const std::atomic<bool> isStopped = false;
    if (isCopied) (void)copy->finish(isStopped);
}

Result<void> makeReady(Database& database) {
    RETURN_IF_ERROR(checkOrigin(database, storeMigrations()));
    RETURN_IF_ERROR(database.prepareForWriting());
    ASSIGN_OR_RETURN(const qint64 version, database.number("PRAGMA user_version"));
    if (version > 0 && version < kStoreVersion) keepCopy(database);
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

/// Where a crash came between setting the damaged one aside and this.
void finishRecovery(const fs::path& file) {
    std::error_code error;
    if (!fs::exists(file, error) && !error) fs::rename(recoveredFile(file), file, error);
}

}  // namespace

Result<OpenedDatabase> openStoreDatabase(const fs::path& folder) {
    RETURN_IF_ERROR(makeFolder(folder));
    const fs::path file = folder / kStoreFile;
    const bool mustCheck = !endedProperly(file);
    finishRecovery(file);
    ASSIGN_OR_RETURN(Database database, Database::open(file));
    if (const auto ready = makeReady(database); !ready) {
        if (ready.error().code != ErrorCode::Corrupt) return ready.error();
        return replaceDamaged(std::move(database));
    }
    return OpenedDatabase{std::move(database), mustCheck, std::nullopt};
}

Result<OpenedDatabase> replaceDamaged(Database damaged) {
    const fs::path file = damaged.file();
    requestCheck(file);  // until the other one is there
    {
        damaged.keepLogOnClose();
        const Database closed = std::move(damaged);
    }
    ASSIGN_OR_RETURN(const Recovered recovered, recoverDatabase(file));
    ASSIGN_OR_RETURN(const fs::path kept, setAside(file));
    finishRecovery(file);
    ASSIGN_OR_RETURN(Database database, Database::open(file));
    RETURN_IF_ERROR(makeReady(database));
    forgetCheck(file);
    return OpenedDatabase{std::move(database), false, recoveredSentence(recovered, kept)};
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
