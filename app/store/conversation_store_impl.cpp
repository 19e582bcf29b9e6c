#include "app/store/conversation_store_impl.h"

#include "app/store/conversation_tables.h"

#include <QMetaObject>

#include <sqlite3.h>

namespace lares::app {
namespace {

constexpr int kRetryMs = 3000;

}  // namespace

ConversationStore::Impl::Impl(OpenedDatabase opened)
    : databaseFile(opened.database.file())
    , database(std::move(opened.database))
    , backups(
          databaseFile.parent_path(),
          [this](StoreThread::Job job) { thread->post(std::move(job)); },
          [this](const Error& error) { backupFailed(error); }) {}

void ConversationStore::Impl::start(ConversationStore* of) {
    store = of;
    retry.setSingleShot(true);
    retry.setInterval(kRetryMs);
    connect(&retry, &QTimer::timeout, store, [this] { thread->post([this] { tryAgain(); }); });
    thread.emplace();
}

void ConversationStore::Impl::checkAfterCrash() {
    const auto sound = run<void>([](Database& checked) { return checked.check(); });
    if (sound) return forgetCheck(database->file());
    if (sound.error().code != ErrorCode::Corrupt) return;  // checked at the next start
    auto replaced = replaceDamaged(*std::exchange(database, std::nullopt));
    if (!replaced) {
        failure = replaced.error();
        return reportFailure(failure);
    }
    database = std::move(replaced->database);
    reportReplaced(*replaced->replaced);
}

void ConversationStore::Impl::backupFailed(const Error& error) {
    // Without room there is none today; the newest is a day older. That is all.
    if (error.code != ErrorCode::Corrupt) return;
    requestCheck(databaseFile);
    reportFailure(databaseError(nullptr, SQLITE_CORRUPT, databaseFile));
}

Result<void> ConversationStore::Impl::eraseFromBackups(const Work<void>& erase) {
    return backups.erase(*database, erase);
}

Result<void> ConversationStore::Impl::eraseMissing(
    const std::vector<ConversationId>& conversations) {
    ASSIGN_OR_RETURN(const auto missing, missingOf(*database, conversations));
    if (missing.empty()) return {};
    return eraseFromBackups([&](Database& copy) { return eraseConversations(copy, missing); });
}

QString ConversationStore::Impl::rowOf(const ConversationInfo& conversation) {
    return QStringLiteral("conversation %1").arg(conversation.id);
}

ConversationStore::Reply<void> ConversationStore::Impl::keep(const QString& what,
                                                             Work<void> work,
                                                             const QString& replaced) {
    return write<void>([=, this, work = std::move(work)](Database& open) -> Result<void> {
        pending.drop(what);
        pending.drop(replaced);
        // What waits may be about the same rows, and is older.
        Result<void> written = writePending(open);
        if (written) written = work(open);
        if (!written && PendingWrites::isWorthAnotherTry(written.error())) {
            pending.put(what, work);
            tryAgainSoon();
        }
        return written;
    });
}

/// It was written though there is no room for what waits, which must not come after it with an
/// older title.
void ConversationStore::Impl::savedWithMessage(const ConversationInfo& info) {
    if (pending.isEmpty()) return;
    pending.put(rowOf(info), [info](Database& open) { return saveConversation(open, info); });
    (void)writePending(*database);
}

Result<void> ConversationStore::Impl::writePending(Database& open) {
    Result<void> written = pending.tryAgain(open);
    // What no room will help is said, and waits no longer.
    while (!written && !PendingWrites::isWorthAnotherTry(written.error())) {
        if (written.error().code == ErrorCode::Corrupt) requestCheck(databaseFile);
        reportFailure(written.error());
        written = pending.tryAgain(open);
    }
    return written;
}

void ConversationStore::Impl::tryAgain() {
    if (pending.isEmpty()) return;
    const auto written = run<void>([this](Database& open) { return writePending(open); });
    isBehind = !pending.isEmpty();
    written ? noteSuccess() : tryAgainSoon();
}

void ConversationStore::Impl::tryAgainSoon() {
    QMetaObject::invokeMethod(
        store, [this] { retry.start(); }, Qt::QueuedConnection);
}

void ConversationStore::Impl::noteSuccess() {
    // The first write of a day, of a window that is open for days.
    backups.makeTodays(*database);
    if (!isFailing || !pending.isEmpty()) return;
    isFailing = false;
    QMetaObject::invokeMethod(
        store, [to = store] { emit to->writesAgain(); }, Qt::QueuedConnection);
}

void ConversationStore::Impl::noteFailure(const Error& error) {
    isFailing = isFailing || PendingWrites::isWorthAnotherTry(error);
    reportFailure(error);
}

// Signals are emitted in the thread in which the store lives, from its event loop.

void ConversationStore::Impl::reportReplaced(const QString& sentence) {
    QMetaObject::invokeMethod(
        store, [to = store, sentence] { emit to->databaseReplaced(sentence); },
        Qt::QueuedConnection);
}

void ConversationStore::Impl::reportFailure(const Error& error) {
    QMetaObject::invokeMethod(
        store,
        [to = store, sentence = QString::fromStdString(error.message)] {
            emit to->writeFailed(sentence);
        },
        Qt::QueuedConnection);
}

}  // namespace lares::app
