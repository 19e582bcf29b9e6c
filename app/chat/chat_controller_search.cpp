// Opening a conversation at a message that was found.
#include "app/chat/chat_controller_impl.h"

#include <utility>

namespace lares::app {

MessageFinder* ChatController::finder() const {
    return &m_impl->finder;
}

MessageFinder* ChatController::makeFinder(QObject* parent) const {
    return new MessageFinder(m_impl->store, parent);
}

void ChatController::openMessage(ConversationId id, MessageId message, const QString& words) {
    m_impl->messageToShow = message;
    m_impl->wordsToShow = words;
    m_impl->open(id);
    if (!m_impl->isShownLoading) m_impl->showWantedMessage();
}

void ChatController::Impl::showWantedMessage() {
    const MessageId message = std::exchange(messageToShow, 0);
    const QString words = std::exchange(wordsToShow, {});
    if (message == 0 || shown->find(message) == nullptr) return;
    // While an answer is written its branch stays: what was found is elsewhere then.
    if (turnOf(shown->info().id) == nullptr && shown->rowOf(message) < 0) {
        shown->showMessage(message);
        saveInfo(shown->info());
    }
    if (shown->rowOf(message) >= 0) emit controller.messageFound(message, words);
}

}  // namespace lares::app
