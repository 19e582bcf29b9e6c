#include "app/store/backup_files.h"

#include "app/store/database.h"
#include "app/store/store_errors.h"
#include "app/store/store_format.h"

#include <algorithm>
#include <set>

namespace lares::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDays = 3;
constexpr std::size_t kWeeks = 3;

/// Weeks since the beginning of days: the same from Monday to Sunday.
qint64 weekOf(const QDate& day) {
    return (day.toJulianDay() - QDate(1970, 1, 5).toJulianDay()) / 7;
}

Result<void> eraseFrom(const fs::path& file, const std::function<Result<void>(Database&)>& erase) {
    ASSIGN_OR_RETURN(Database database, Database::open(file));
    RETURN_IF_ERROR(database.execute("PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON"));
    return erase(database);
}

}  // namespace

fs::path backupFolder(const fs::path& storeFolder) {
    return storeFolder / kBackupFolder;
}

fs::path backupFileOf(const fs::path& storeFolder, const QDate& day) {
    return backupFolder(storeFolder) /
           QStringLiteral("lares-%1.db").arg(day.toString(Qt::ISODate)).toStdString();
}

std::vector<BackupFile> backupsIn(const fs::path& storeFolder) {
    std::vector<BackupFile> backups;
    std::error_code error;
    for (fs::directory_iterator entry(backupFolder(storeFolder), error), end;
         !error && entry != end; entry.increment(error)) {
        const QString name = QString::fromStdString(entry->path().filename().string());
        if (!name.startsWith("lares-") || !name.endsWith(".db")) continue;
        const QDate day = QDate::fromString(name.mid(6, name.size() - 9), Qt::ISODate);
        if (day.isValid()) backups.push_back({entry->path(), day});
    }
    std::sort(backups.begin(), backups.end(),
              [](const BackupFile& a, const BackupFile& b) { return a.day > b.day; });
    return backups;
}

std::vector<BackupFile> expiredBackups(const std::vector<BackupFile>& newestFirst) {
    std::vector<BackupFile> expired;
    std::set<qint64> weeks;
    for (std::size_t i = kDays; i < newestFirst.size(); ++i) {
        const qint64 week = weekOf(newestFirst[i].day);
        const bool stays = !weeks.contains(week) && weeks.size() < kWeeks;
        weeks.insert(week);
        if (!stays) expired.push_back(newestFirst[i]);
    }
    return expired;
}

fs::path unfinishedBackup(const fs::path& storeFolder) {
    return backupFolder(storeFolder) / "unfinished";
}

void removeUnfinishedBackup(const fs::path& storeFolder) {
    std::error_code ignored;
    for (const char* ending : {"", "-journal", "-wal"})
        fs::remove(unfinishedBackup(storeFolder) += ending, ignored);
}

Result<void> eraseFromBackups(const fs::path& storeFolder,
                              const std::function<Result<void>(Database&)>& erase) {
    removeUnfinishedBackup(storeFolder);
    Result<void> done;
    for (const BackupFile& backup : backupsIn(storeFolder)) {
        if (eraseFrom(backup.file, erase)) continue;
        std::error_code error;
        fs::remove(backup.file, error);
        if (error) done = cannotErase(backup.file, error);
    }
    return done;
}

}  // namespace lares::app
