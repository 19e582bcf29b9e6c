// What was deleted: a list of it, and the end of it.
#include "app/chat/chat_controller_impl.h"

#include <QPromise>

namespace lares::app {

ChatController::TrashReply ChatController::trash() const {
    if (m_impl->store) return m_impl->store->trash();
    return QtFuture::makeReadyFuture(
        Result<std::vector<TrashedConversation>>{std::vector<TrashedConversation>{}});
}

QFuture<Result<void>> ChatController::deleteForGood(const std::vector<ConversationId>& trashed) {
    auto done = std::make_shared<QPromise<Result<void>>>();
    done->start();
    // The last words of an answer that was stopped for it must not come after it.
    for (const ConversationId id : trashed) m_impl->saver.hold(id);
    const auto finish = [this, done, trashed](const Result<void>& result) {
        for (const ConversationId id : trashed)
            result ? m_impl->saver.forget(id) : m_impl->saver.release(id);
        done->addResult(result);
        done->finish();
        if (result) emit trashChanged();
    };
    m_impl->forgetCalls(trashed).then(this, [this, finish, trashed](const Result<void>& forgotten) {
        if (!forgotten || !m_impl->store) return finish(forgotten);
        m_impl->store->deleteForGood(trashed).then(this, finish);
    });
    return done->future();
}

}  // namespace lares::app
