#pragma once

#include "engine/base/result.h"

#include <QDate>

#include <filesystem>
#include <functional>
#include <vector>

namespace lares::app {

class Database;

/// Copies of the conversations' database in `backups/` beside it (0700), one a day by name:
/// lares-2026-06-30.db. Those of the last three days that have one stay, and the newest of each of
/// three weeks before. Functions of one thread at a time.

struct BackupFile {
    std::filesystem::path file;
    QDate day;

    bool operator==(const BackupFile&) const = default;
};

[[nodiscard]] std::filesystem::path backupFolder(const std::filesystem::path& storeFolder);
[[nodiscard]] std::filesystem::path backupFileOf(const std::filesystem::path& storeFolder,
                                                 const QDate& day);
/// Newest first. What is no copy by its name is left out.
[[nodiscard]] std::vector<BackupFile> backupsIn(const std::filesystem::path& storeFolder);
/// Those of `newestFirst` that have had their time.
[[nodiscard]] std::vector<BackupFile> expiredBackups(const std::vector<BackupFile>& newestFirst);

/// A copy that is being made; one that was not finished is worth nothing.
[[nodiscard]] std::filesystem::path unfinishedBackup(const std::filesystem::path& storeFolder);
void removeUnfinishedBackup(const std::filesystem::path& storeFolder);

/// Runs `erase` in each copy, what is deleted there is overwritten; a copy in which that fails is
/// deleted, and so is an unfinished one: what the user deleted for good is in none of them
/// afterwards. Errors: Io, a copy could be neither changed nor deleted.
[[nodiscard]] Result<void> eraseFromBackups(const std::filesystem::path& storeFolder,
                                            const std::function<Result<void>(Database&)>& erase);

}  // namespace lares::app
