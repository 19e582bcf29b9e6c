#pragma once

#include "app/chat/chat_message.h"

#include <QHash>
#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace lares::app {

class ConversationModel;
class ConversationStore;

/// Brings messages that are still being written to disk: at most one write at a time, the newest
/// state of each message, at least every 400 ms while they change. A write that fails is tried
/// again every few seconds, and what it held stays here until it is on disk. UI thread only.
class MessageSaver : public QObject {
    Q_OBJECT

public:
    /// Without a store (none could be opened) nothing is kept.
    explicit MessageSaver(ConversationStore* store, QObject* parent = nullptr);
    /// Hands everything that waits to the store, which writes it before it closes.
    ~MessageSaver() override;

    enum class When { Soon, Now };
    /// The conversation is stored along, as it is when the write begins: a title that the user
    /// gives meanwhile is not undone.
    void put(const ChatMessage& message,
             std::shared_ptr<const ConversationModel> conversation,
             When when);
    /// What a conversation that is read from disk now lacks or holds in an older form.
    [[nodiscard]] std::vector<ChatMessage> unsaved(ConversationId conversation) const;
    /// Everything that was put is on disk.
    [[nodiscard]] bool isIdle() const { return m_waiting.isEmpty() && !m_isWriting; }

signals:
    void idle();

private:
    struct Waiting {
        ChatMessage message;
        std::shared_ptr<const ConversationModel> conversation;
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
