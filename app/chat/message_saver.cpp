#include "app/chat/message_saver.h"

#include "app/store/conversation_store.h"

namespace lares::app {
namespace {

constexpr int kSoonMs = 400;
constexpr int kRetryMs = 3000;

}  // namespace

MessageSaver::MessageSaver(ConversationStore* store, QObject* parent)
    : QObject(parent), m_store(store) {
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &MessageSaver::writeNext);
}

void MessageSaver::put(const ChatMessage& message, const ConversationInfo& info, When when) {
    if (!m_store) return;
    m_waiting.insert(message.id, {message, info});
    if (when == When::Now) {
        m_timer.stop();
        writeNext();
    } else if (!m_timer.isActive()) {
        m_timer.start(kSoonMs);
    }
}

void MessageSaver::writeNext() {
    if (m_isWriting || m_waiting.isEmpty()) return;
    m_isWriting = true;
    m_inWork = m_waiting.take(m_waiting.constBegin().key());
    m_store->save(m_inWork->message, m_inWork->info)
        .then(this, [this, id = m_inWork->message.id](const Result<void>& result) {
            written(id, result.has_value());
        });
}

void MessageSaver::written(MessageId id, bool isDone) {
    m_isWriting = false;
    // What came meanwhile is newer than what failed.
    if (!isDone && !m_waiting.contains(id)) m_waiting.insert(id, *m_inWork);
    m_inWork.reset();
    if (m_waiting.isEmpty()) {
        m_timer.stop();
        emit idle();
    } else if (!m_timer.isActive()) {
        m_timer.start(isDone ? kSoonMs : kRetryMs);
    }
}

}  // namespace lares::app
