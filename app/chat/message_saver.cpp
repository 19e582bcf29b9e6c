#include "app/chat/message_saver.h"

#include "app/chat/conversation_model.h"
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

MessageSaver::~MessageSaver() {
    for (const Waiting& one : std::as_const(m_waiting))
        m_store->save(one.message, one.conversation->info());
}

std::vector<ChatMessage> MessageSaver::unsaved(ConversationId conversation) const {
    std::vector<ChatMessage> messages;
    const auto add = [&](const ChatMessage& message) {
        if (message.conversation == conversation) messages.push_back(message);
    };
    if (m_inWork) add(m_inWork->message);
    for (const Waiting& one : m_waiting) add(one.message);
    return messages;
}

void MessageSaver::put(const ChatMessage& message,
                       std::shared_ptr<const ConversationModel> conversation,
                       When when) {
    if (!m_store) return;
    m_waiting.insert(message.id, {message, std::move(conversation)});
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
    m_store->save(m_inWork->message, m_inWork->conversation->info())
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
