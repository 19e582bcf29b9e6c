#include "app/store/backup_keeper.h"

#include "app/store/backup_files.h"

#include <memory>
#include <utility>

namespace lares::app {

BackupKeeper::BackupKeeper(std::filesystem::path storeFolder, Post post, Report report)
    : m_storeFolder(std::move(storeFolder)), m_post(std::move(post)), m_report(std::move(report)) {}

BackupKeeper::~BackupKeeper() {
    m_isGivenUp = true;
}

void BackupKeeper::makeTodays(Database& database) {
    const QDate today = QDate::currentDate();
    if (m_isStopped || m_copy || today == m_lastAttempt) return;
    m_lastAttempt = today;
    std::error_code error;
    if (std::filesystem::exists(backupFileOf(m_storeFolder, today), error)) return;
    Result<BackupCopy> copy = BackupCopy::begin(database, m_storeFolder, today);
    if (!copy) return m_report(copy.error());
    m_copy.emplace(std::move(*copy));
    m_post([this, number = ++m_copyNumber] { step(number); });
}

void BackupKeeper::step(int copyNumber) {
    if (copyNumber != m_copyNumber || !m_copy) return;  // given up meanwhile
    if (m_isStopped) return m_copy.reset();
    const Result<bool> isCopied = m_copy->step();
    if (!isCopied) {
        m_copy.reset();
        return m_report(isCopied.error());
    }
    if (!*isCopied) return m_post([this, copyNumber] { step(copyNumber); });
    // A job can be copied, a copy of the database cannot.
    const auto copied = std::make_shared<BackupCopy>(std::move(*m_copy));
    m_copy.reset();
    m_isGivenUp = false;
    if (!m_checking) m_checking.emplace();
    m_checking->post([this, copied] {
        const Result<void> finished = copied->finish(m_isGivenUp);
        if (!finished && !m_isGivenUp) m_report(finished.error());
    });
}

void BackupKeeper::cancel() {
    m_copy.reset();
    m_isGivenUp = true;
    if (m_checking) m_checking->waitForDone();
}

Result<void> BackupKeeper::erase(Database& database,
                                 const std::function<Result<void>(Database&)>& erase) {
    cancel();
    Result<void> erased = eraseFromBackups(m_storeFolder, erase);
    m_lastAttempt = QDate();
    makeTodays(database);
    return erased;
}

}  // namespace lares::app
