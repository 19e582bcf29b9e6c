#pragma once

#include "app/store/backup_copy.h"
#include "app/store/store_thread.h"

#include <QDate>

#include <atomic>
#include <filesystem>
#include <functional>
#include <optional>

namespace lares::app {

/// Sees to it that there is a copy of the database of each day on which it is used
/// (backup_files.h). It copies on the store's thread between other jobs, and checks the copy on one
/// of its own. Everything runs on the store's thread but what says otherwise.
class BackupKeeper {
public:
    using Post = std::function<void(StoreThread::Job)>;
    /// What went wrong with a copy; Corrupt: the database itself is damaged. On the keeper's
    /// thread.
    using Report = std::function<void(const Error&)>;

    /// `post` puts a job behind those that the store's thread has.
    BackupKeeper(std::filesystem::path storeFolder, Post post, Report report);
    ~BackupKeeper();  ///< after `stop`; a copy that is not finished is deleted

    /// Begins today's copy where there is none; at most one attempt a day. `database` outlives
    /// this, at one address.
    void makeTodays(Database& database);
    /// As eraseFromBackups, with none being made meanwhile; `database` as above.
    [[nodiscard]] Result<void> erase(Database& database,
                                     const std::function<Result<void>(Database&)>& erase);
    /// No copy is begun or gone on with any more. Any thread.
    void stop() { m_isStopped = true; }

private:
    void cancel();
    void step(int copyNumber);

    const std::filesystem::path m_storeFolder;
    const Post m_post;
    const Report m_report;
    std::atomic<bool> m_isStopped = false;
    std::atomic<bool> m_isGivenUp = false;  ///< of the copy that is being checked
    QDate m_lastAttempt;
    int m_copyNumber = 0;  ///< whose steps are waited for
    std::optional<BackupCopy> m_copy;
    std::optional<StoreThread> m_checking;  ///< last: it uses the others
};

}  // namespace lares::app
