#include "app/store/store_recovery.h"

#include "app/store/backup_files.h"
#include "app/store/migrations.h"
#include "app/store/salvage.h"
#include "app/store/store_errors.h"
#include "tools/storage/sqlite_copy.h"

#include <array>

namespace lares::app {
namespace {

namespace fs = std::filesystem;

/// Not complete yet.
fs::path workFile(const fs::path& database) {
    return database.parent_path() / "lares-recovering.db";
}

void removeWork(const fs::path& file) {
    std::error_code ignored;
    for (const char* ending : {"", "-journal", "-wal"})
        fs::remove(fs::path(file) += ending, ignored);
}

Result<Database> openSound(const fs::path& file) {
    ASSIGN_OR_RETURN(Database database, Database::open(file));
    RETURN_IF_ERROR(database.check());
    RETURN_IF_ERROR(migrate(database, storeMigrations()));
    RETURN_IF_ERROR(database.execute("PRAGMA foreign_keys=ON"));
    return database;
}

/// Begins with a copy of the newest backup that can be used, or with nothing.
Result<Database> beginRecovery(const fs::path& work,
                               const fs::path& storeFolder,
                               std::optional<QDate>& used) {
    for (const BackupFile& backup : backupsIn(storeFolder)) {
        removeWork(work);
        std::error_code error;
        if (!fs::copy_file(backup.file, work, error)) {
            if (error == std::errc::no_space_on_device) return folderError(storeFolder, error);
            continue;
        }
        if (Result<Database> database = openSound(work)) {
            used = backup.day;
            return database;
        }
    }
    removeWork(work);
    return openSound(work);
}

/// What cannot even be opened has nothing to give.
Result<qint64> salvageFrom(const fs::path& damaged, Database& into) {
    ASSIGN_OR_RETURN(const SqliteCopy copy, SqliteCopy::of(std::array{damaged}));
    Result<Database> from = Database::open(copy.folder() / damaged.filename());
    if (!from) return qint64{0};
    (void)migrate(*from, storeMigrations());  // an older one lacks columns
    return salvage(*from, into);
}

Result<Recovered> recoverInto(const fs::path& work, const fs::path& damaged) {
    Recovered recovered;
    ASSIGN_OR_RETURN(Database database,
                     beginRecovery(work, damaged.parent_path(), recovered.backup));
    ASSIGN_OR_RETURN(recovered.nSalvaged, salvageFrom(damaged, database));
    RETURN_IF_ERROR(
        database.execute("DELETE FROM grants; DELETE FROM settings WHERE key = 'commands'"));
    ASSIGN_OR_RETURN(recovered.nConversations,
                     database.number("SELECT count(*) FROM conversations"));
    RETURN_IF_ERROR(database.execute("PRAGMA journal_mode=DELETE"));
    return recovered;
}

}  // namespace

fs::path recoveredFile(const fs::path& database) {
    return database.parent_path() / "lares-recovered.db";
}

Result<Recovered> recoverDatabase(const fs::path& damaged) {
    const fs::path work = workFile(damaged);
    Result<Recovered> recovered = recoverInto(work, damaged);
    std::error_code error;
    if (recovered) fs::rename(work, recoveredFile(damaged), error);
    removeWork(work);
    if (error) return folderError(damaged.parent_path(), error);
    return recovered;
}

QString recoveredSentence(const Recovered& recovered, const fs::path& kept) {
    if (recovered.nConversations == 0) return damagedDatabaseKept(kept);
    return recovered.backup
               ? recoveredFromBackup(*recovered.backup, recovered.nConversations,
                                     recovered.nSalvaged, kept)
               : recoveredFromRest(recovered.nConversations, recovered.nSalvaged, kept);
}

}  // namespace lares::app
