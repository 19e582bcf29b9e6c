#include "app/chat/message_saver.h"

#include "app/chat/conversation_model.h"
#include "app/store/conversation_store.h"

#include <algorithm>
#include <utility>

namespace lares::app {
namespace {

constexpr int kSoonMs = 400;
constexpr int kRetryMs = 3000;

}  // namespace

MessageSaver::MessageSaver(ConversationStore* store, QObject* parent)
    : QObject(parent), m_store(store) {
    m_timer.setSingleShot(true);
    // A slow disk gets the newest state when it is ready for it, not every state one by one.
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (m_inWork.isEmpty()) flush();
    });
}

MessageSaver::~MessageSaver() {
    // Of what is held, the user wants nothing kept.
    const auto saveLast = [this](const Waiting& one) {
        if (!m_held.contains(one.message.conversation))
            m_store->save(one.message, one.conversation->info());
    };
    // Some of these may have failed, and nobody hears of it any more.
    for (const Waiting& one : std::as_const(m_inWork)) saveLast(one);
    for (const Waiting& one : std::as_const(m_waiting)) saveLast(one);
}

std::vector<ChatMessage> MessageSaver::unsaved(ConversationId conversation) const {
    std::vector<ChatMessage> messages;
    const auto add = [&](const ChatMessage& message) {
        if (message.conversation == conversation) messages.push_back(message);
    };
    for (const Waiting& one : m_inWork) add(one.message);
    for (const Waiting& one : m_waiting) add(one.message);
    return messages;
}

std::vector<std::shared_ptr<ConversationModel>> MessageSaver::models() const {
    std::vector<std::shared_ptr<ConversationModel>> models;
    for (const Waiting& one : m_inWork) models.push_back(one.conversation);
    for (const Waiting& one : m_waiting) models.push_back(one.conversation);
    return models;
}

void MessageSaver::put(const ChatMessage& message,
                       std::shared_ptr<ConversationModel> conversation,
                       When when) {
    if (!m_store) return;
    const auto held = m_held.constFind(message.conversation);
    if (held != m_held.cend()) {
        if (*held == Held::Waits) m_waiting.insert(message.id, {message, std::move(conversation)});
        return;
    }
    if (when == When::Now) {
        m_waiting.remove(message.id);
        write({message, std::move(conversation)});
        return;
    }
    m_waiting.insert(message.id, {message, std::move(conversation)});
    if (!m_timer.isActive()) m_timer.start(kSoonMs);
}

void MessageSaver::flush() {
    m_timer.stop();
    const auto all = std::exchange(m_waiting, {});
    for (const Waiting& one : all)
        m_held.contains(one.message.conversation) ? void(m_waiting.insert(one.message.id, one))
                                                  : write(one);
}

void MessageSaver::hold(ConversationId conversation) {
    flush();  // the store keeps the order
    m_held.insert(conversation, Held::Waits);
}

void MessageSaver::release(ConversationId conversation) {
    if (m_held.remove(conversation)) flush();
}

void MessageSaver::forget(ConversationId conversation) {
    const auto held = m_held.find(conversation);
    if (held == m_held.end()) return;
    *held = Held::Gone;
    m_waiting.removeIf([&](const auto& one) { return one->message.conversation == conversation; });
}

void MessageSaver::write(const Waiting& one) {
    const qint64 number = ++m_lastWrite;
    m_inWork.insert(number, one);
    m_store->save(one.message, one.conversation->info())
        .then(this,
              [this, number](const Result<void>& result) { written(number, result.has_value()); });
}

bool MessageSaver::isNewerKnown(MessageId id) const {
    return m_waiting.contains(id) ||
           std::any_of(m_inWork.begin(), m_inWork.end(),
                       [id](const Waiting& one) { return one.message.id == id; });
}

void MessageSaver::written(qint64 number, bool isDone) {
    const Waiting one = m_inWork.take(number);  // results come in the order of the writes
    if (!isDone && !isNewerKnown(one.message.id)) m_waiting.insert(one.message.id, one);
    if (!m_inWork.isEmpty()) return;
    if (m_waiting.isEmpty()) {
        emit idle();
    } else if (!m_timer.isActive()) {
        m_timer.start(isDone ? kSoonMs : kRetryMs);
    }
}

std::vector<ChatMessage> withNewer(std::vector<ChatMessage> read,
                                   std::vector<ChatMessage> unsaved) {
    for (ChatMessage& newer : unsaved) {
        const auto old = std::find_if(read.begin(), read.end(),
                                      [&](const ChatMessage& one) { return one.id == newer.id; });
        old == read.end() ? read.push_back(std::move(newer)) : void(*old = std::move(newer));
    }
    return read;
}

}  // namespace lares::app
