#pragma once

#include "app/store/database.h"

#include <QDate>

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>

struct sqlite3_backup;

namespace lares::app {

/// The database copied a few pages at a time, so that its thread has time for others in between;
/// what is written meanwhile by the same connection is in the copy too. One thread at a time, and
/// `step` only on that of the database.
class BackupCopy {
public:
    /// Into a file that is no copy yet by its name. `source` outlives this. Errors: Io, also where
    /// there is no room for a copy.
    [[nodiscard]] static Result<BackupCopy> begin(Database& source,
                                                  const std::filesystem::path& storeFolder,
                                                  const QDate& day);
    BackupCopy(BackupCopy&&) noexcept;
    BackupCopy& operator=(BackupCopy&&) = delete;
    ~BackupCopy();  ///< an unfinished copy is deleted

    /// True: all of it is copied.
    [[nodiscard]] Result<bool> step();
    /// Reads and checks all of the copy, gives it the name of its day, and deletes those that have
    /// had their time. Once, after all of it is copied; on any thread. Errors: Corrupt (so is the
    /// source; the copies before stay), Io, Cancelled where `isStopped` became true.
    [[nodiscard]] Result<void> finish(const std::atomic<bool>& isStopped);

private:
    struct EndBackup {
        void operator()(sqlite3_backup* backup) const;
    };
    BackupCopy(std::filesystem::path storeFolder, QDate day, Database copy);

    std::filesystem::path m_storeFolder;
    QDate m_day;
    std::optional<Database> m_copy;
    std::unique_ptr<sqlite3_backup, EndBackup> m_backup;  ///< ends before the copy is closed
};

}  // namespace lares::app
