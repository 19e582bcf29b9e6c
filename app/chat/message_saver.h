#pragma once

#include "app/chat/chat_message.h"

#include <QHash>
#include <QMap>
#include <QObject>
#include <QTimer>

#include <memory>
#include <vector>

namespace lares::app {

class ConversationModel;
class ConversationStore;

/// Brings messages that are still being written to disk: the newest state of each message, at least
/// every 400 ms while they change, and no faster than the disk takes them. A write that fails is
/// tried again every few seconds, and what it held stays here until it is on disk. UI thread only.
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
             std::shared_ptr<ConversationModel> conversation,
             When when);
    /// Hands everything that waits to the store. What the caller gives the store afterwards is on
    /// disk only when all of this is.
    void flush();
    /// For a conversation that is being deleted for good: what is put of it waits for `release`,
    /// where it stays after all, or is dropped by `forget`, then and later.
    void hold(ConversationId conversation);
    void release(ConversationId conversation);
    void forget(ConversationId conversation);  ///< no effect on one that is not held
    /// What a conversation that is read from disk now lacks or holds in an older form.
    [[nodiscard]] std::vector<ChatMessage> unsaved(ConversationId conversation) const;
    /// Of the conversations in which something is not on disk yet, with what they will be stored.
    [[nodiscard]] std::vector<std::shared_ptr<ConversationModel>> models() const;
    /// Everything that was put is on disk.
    [[nodiscard]] bool isIdle() const { return m_waiting.isEmpty() && m_inWork.isEmpty(); }

signals:
    void idle();

private:
    struct Waiting {
        ChatMessage message;
        std::shared_ptr<ConversationModel> conversation;
    };
    void write(const Waiting& one);
    void written(qint64 number, bool isDone);
    [[nodiscard]] bool isNewerKnown(MessageId id) const;

    ConversationStore* m_store;
    QHash<MessageId, Waiting> m_waiting;
    enum class Held { Waits, Gone };
    QHash<ConversationId, Held> m_held;
    QMap<qint64, Waiting> m_inWork;  ///< by number of the write, which the store keeps in order
    qint64 m_lastWrite = 0;
    QTimer m_timer;
};

/// Those that were read from disk, as `unsaved` has them.
[[nodiscard]] std::vector<ChatMessage> withNewer(std::vector<ChatMessage> read,
                                                 std::vector<ChatMessage> unsaved);

}  // namespace lares::app
