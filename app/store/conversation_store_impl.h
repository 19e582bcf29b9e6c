#pragma once

// How the store carries out what it is asked for: on its thread, with what fails said, and tried
// again where that is promised. Included by its own files alone.
#include "app/store/backup_keeper.h"
#include "app/store/conversation_store.h"
#include "app/store/pending_writes.h"
#include "app/store/store_errors.h"
#include "app/store/store_opening.h"
#include "app/store/store_thread.h"

#include <QPromise>
#include <QTimer>

#include <atomic>
#include <exception>
#include <functional>

namespace lares::app {

/// `database`, `failure`, `pending` and `isFailing` belong to the store's thread once it runs.
struct ConversationStore::Impl {
    template <class T>
    using Work = std::function<Result<T>(Database&)>;

    explicit Impl(OpenedDatabase opened);
    void start(ConversationStore* of);

    template <class T>
    Result<T> run(const Work<T>& work);
    void checkAfterCrash();
    void backupFailed(const Error& error);
    /// What was deleted for good goes from the copies too.
    [[nodiscard]] Result<void> eraseFromBackups(const Work<void>& erase);
    [[nodiscard]] Result<void> eraseMissing(const std::vector<ConversationId>& conversations);

    enum class OnFailure { Answer, Report };
    template <class T>
    Reply<T> post(Work<T> work, OnFailure onFailure);
    template <class T>
    Reply<T> read(Work<T> work);
    template <class T>
    Reply<T> write(Work<T> work);
    /// A write of the newest state of something (PendingWrites) that is tried again. It takes the
    /// place of what waits of `replaced`, too.
    Reply<void> keep(const QString& what, Work<void> work, const QString& replaced = {});
    /// What `keep` calls the row of a conversation.
    [[nodiscard]] static QString rowOf(const ConversationInfo& conversation);
    void savedWithMessage(const ConversationInfo& info);
    /// Whatever waits. An error: it still does.
    [[nodiscard]] Result<void> writePending(Database& open);
    void tryAgain();
    void tryAgainSoon();
    void noteSuccess();
    void noteFailure(const Error& error);

    void reportReplaced(const QString& sentence);
    void reportFailure(const Error& error);

    ConversationStore* store = nullptr;
    const std::filesystem::path databaseFile;
    QJsonValue languageAtOpening{QJsonValue::Undefined};
    std::atomic<ConversationId> lastConversation{0};
    std::atomic<MessageId> lastMessage{0};
    std::optional<Database> database;
    Error failure;  ///< why there is no database
    PendingWrites pending;
    bool isFailing = false;             ///< a write failed for want of a disk, and none went since
    std::atomic<bool> isBehind{false};  ///< something is pending
    QTimer retry;                       ///< in the window's thread
    BackupKeeper backups;
    std::optional<StoreThread> thread;  ///< last: it uses the others
};

/// Libraries may throw (out of memory, mostly): here it becomes an error, once.
template <class T>
Result<T> ConversationStore::Impl::run(const Work<T>& work) {
    if (!database) return failure;
    try {
        Result<T> result = work(*database);
        if (!result && result.error().code == ErrorCode::Corrupt) requestCheck(databaseFile);
        return result;
    } catch (const std::exception& exception) {
        return unexpectedError(exception.what());
    }
}

template <class T>
ConversationStore::Reply<T> ConversationStore::Impl::post(Work<T> work, OnFailure onFailure) {
    const auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    thread->post([this, promise, onFailure, work = std::move(work)] {
        Result<T> result = run(work);
        isBehind = !pending.isEmpty();
        if (onFailure == OnFailure::Report) result ? noteSuccess() : noteFailure(result.error());
        promise->addResult(std::move(result));
        promise->finish();
    });
    return promise->future();
}

template <class T>
ConversationStore::Reply<T> ConversationStore::Impl::read(Work<T> work) {
    return post<T>(std::move(work), OnFailure::Answer);
}

template <class T>
ConversationStore::Reply<T> ConversationStore::Impl::write(Work<T> work) {
    return post<T>(std::move(work), OnFailure::Report);
}

}  // namespace lares::app
