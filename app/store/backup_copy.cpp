#include "app/store/backup_copy.h"

#include "app/store/backup_files.h"
#include "app/store/store_errors.h"

#include <sqlite3.h>

#include <utility>

namespace lares::app {
namespace {

namespace fs = std::filesystem;

/// Two megabytes: some milliseconds.
constexpr int kStepPages = 512;
/// What a copy leaves free.
constexpr std::uintmax_t kRoomBytes = 200'000'000;

Result<void> checkRoom(Database& source, const fs::path& folder) {
    ASSIGN_OR_RETURN(const qint64 nPage, source.number("PRAGMA page_count"));
    ASSIGN_OR_RETURN(const qint64 pageBytes, source.number("PRAGMA page_size"));
    std::error_code error;
    const fs::space_info space = fs::space(folder, error);
    if (!error && space.available < static_cast<std::uintmax_t>(nPage * pageBytes) + kRoomBytes)
        return databaseError(nullptr, SQLITE_FULL, folder / "x");
    return {};
}

Result<void> syncFile(Database& database) {
    sqlite3_file* file = nullptr;
    sqlite3_file_control(database.connection(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (!file || !file->pMethods) return {};
    const int code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
    if (code != SQLITE_OK) return database.lastError(code);
    return {};
}

}  // namespace

void BackupCopy::EndBackup::operator()(sqlite3_backup* backup) const {
    sqlite3_backup_finish(backup);
}

BackupCopy::BackupCopy(fs::path storeFolder, QDate day, Database copy)
    : m_storeFolder(std::move(storeFolder)), m_day(day), m_copy(std::move(copy)) {}

BackupCopy::BackupCopy(BackupCopy&& other) noexcept
    : m_storeFolder(std::move(other.m_storeFolder))
    , m_day(other.m_day)
    , m_copy(std::exchange(other.m_copy, std::nullopt))
    , m_backup(std::move(other.m_backup)) {}

BackupCopy::~BackupCopy() {
    if (!m_copy) return;
    m_backup.reset();
    m_copy.reset();
    removeUnfinishedBackup(m_storeFolder);
}

Result<BackupCopy> BackupCopy::begin(Database& source,
                                     const fs::path& storeFolder,
                                     const QDate& day) {
    const fs::path folder = backupFolder(storeFolder);
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return folderError(folder, error);
    fs::permissions(folder, fs::perms::owner_all, error);
    RETURN_IF_ERROR(checkRoom(source, folder));
    removeUnfinishedBackup(storeFolder);
    ASSIGN_OR_RETURN(Database into, Database::open(unfinishedBackup(storeFolder)));
    // The disk is waited for once, by `finish`: never by the thread that copies.
    RETURN_IF_ERROR(into.execute("PRAGMA synchronous=OFF"));
    BackupCopy copy(storeFolder, day, std::move(into));
    copy.m_backup.reset(
        sqlite3_backup_init(copy.m_copy->connection(), "main", source.connection(), "main"));
    if (!copy.m_backup)
        return copy.m_copy->lastError(sqlite3_extended_errcode(copy.m_copy->connection()));
    return copy;
}

Result<bool> BackupCopy::step() {
    const int code = sqlite3_backup_step(m_backup.get(), kStepPages);
    if (code == SQLITE_OK) return false;
    if (code != SQLITE_DONE) return m_copy->lastError(code);
    m_backup.reset();
    return true;
}

Result<void> BackupCopy::finish(const std::atomic<bool>& isStopped) {
    const auto stop = [](void* flag) { return int{*static_cast<std::atomic<bool>*>(flag)}; };
    sqlite3_progress_handler(m_copy->connection(), 10'000, stop,
                             const_cast<std::atomic<bool>*>(&isStopped));
    RETURN_IF_ERROR(m_copy->check());
    if (isStopped) return Error{ErrorCode::Cancelled, "stopped"};
    // One file, without a log beside it.
    RETURN_IF_ERROR(m_copy->execute("PRAGMA journal_mode=DELETE"));
    RETURN_IF_ERROR(syncFile(*m_copy));
    m_copy.reset();
    std::error_code error;
    fs::rename(unfinishedBackup(m_storeFolder), backupFileOf(m_storeFolder, m_day), error);
    if (error) {
        removeUnfinishedBackup(m_storeFolder);
        return folderError(backupFolder(m_storeFolder), error);
    }
    for (const BackupFile& expired : expiredBackups(backupsIn(m_storeFolder)))
        fs::remove(expired.file, error);
    return {};
}

}  // namespace lares::app
