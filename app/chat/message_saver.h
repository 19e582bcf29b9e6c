#pragma once

#include "app/chat/chat_message.h"

#include <QHash>
#include <QObject>
#include <QTimer>

#include <optional>

namespace lares::app {

class ConversationStore;

/// Brings messages that are still being written to disk: at most one write at a time, the newest
/// state of each message, at least every 400 ms while they change. A write that fails is tried
/// again every few seconds, and what it held stays here until it is on disk. UI thread only.
class MessageSaver : public QObject {
    Q_OBJECT

public:
    /// Without a store (none could be opened) nothing is kept.
    explicit MessageSaver(ConversationStore* store, QObject* parent = nullptr);

    enum class When { Soon, Now };
    void put(const ChatMessage& message, const ConversationInfo& info, When when);
    /// Everything that was put is on disk.
    [[nodiscard]] bool isIdle() const { return m_waiting.isEmpty() && !m_isWriting; }

signals:
    void idle();

private:
    struct Waiting {
        ChatMessage message;
        ConversationInfo info;
    };
    void writeNext();
    void written(MessageId id, bool isDone);

    ConversationStore* m_store;
    QHash<MessageId, Waiting> m_waiting;
    std::optional<Waiting> m_inWork;
    QTimer m_timer;
    bool m_isWriting = false;
};

}  // namespace lares::app
