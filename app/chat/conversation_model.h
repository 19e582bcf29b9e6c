#pragma once

#include "app/chat/chat_message.h"

#include <QAbstractListModel>
#include <QHash>

namespace lares::app {

/// One conversation: the tree of its messages, and as rows the path from the first message to the
/// active leaf. Owns the messages; knows no store (ChatController saves). Used by the
/// thread that made it: the window's, or one that writes a conversation to a file.
///
/// Streaming appends to the last row: `dataChanged` on it comes about 30 times a second. Switching
/// versions removes the rows below the fork and inserts the others; rows above are untouched.
class ConversationModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum ModelRole {
        MessageRole = Qt::UserRole,  ///< ChatMessage
        VersionRole,                 ///< int, from 0: which of the messages with the same parent
        VersionCountRole,            ///< int, 1 where there is only one
    };

    explicit ConversationModel(QObject* parent = nullptr);

    /// Replaces everything. A leaf that is not there, or messages whose parents are missing, give
    /// the longest path that there is: a damaged tree still shows.
    void setMessages(const ConversationInfo& info, std::vector<ChatMessage> messages);
    [[nodiscard]] const ConversationInfo& info() const { return m_info; }
    void setInfo(const ConversationInfo& info);  ///< title, persona, draft; not the leaf

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    /// DisplayRole: the message's Markdown; AccessibleTextRole: who and what.
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

    /// Without the copy that MessageRole makes. Precondition: 0 <= row < rowCount().
    [[nodiscard]] const ChatMessage& messageAt(int row) const;
    [[nodiscard]] int versionAt(int row) const;
    [[nodiscard]] int versionCountAt(int row) const;
    /// -1 when the message is not on the path.
    [[nodiscard]] int rowOf(MessageId id) const;
    [[nodiscard]] const ChatMessage* find(MessageId id) const;  ///< anywhere in the tree, or null
    [[nodiscard]] MessageId activeLeaf() const;
    [[nodiscard]] std::vector<ChatMessage> messages() const;  ///< the whole tree, by id

    /// Adds a message below its parent and makes it the end of the path. The parent is on the path
    /// (or 0): a parent above the end begins another branch. One that is there is updated.
    void append(ChatMessage message);
    /// The same message with other content; a message that is not there is ignored.
    void update(const ChatMessage& message);
    /// Shows another version of the message in `row` (and below it the branch last looked at).
    void showVersion(int row, int version);
    /// Shows the branch that a message is on, if it is not; below it the one last looked at.
    void showMessage(MessageId id);

signals:
    void infoChanged();
    void activeLeafChanged();

private:
    void setPath(std::vector<MessageId> path);
    [[nodiscard]] std::vector<MessageId> pathTo(MessageId leaf) const;
    [[nodiscard]] std::vector<MessageId> pathThrough(MessageId id) const;
    [[nodiscard]] std::vector<MessageId> childrenOf(MessageId parent) const;

    ConversationInfo m_info;
    QHash<MessageId, ChatMessage> m_messages;
    QHash<MessageId, std::vector<MessageId>> m_children;  ///< by parent, in order of creation
    QHash<MessageId, MessageId> m_chosen;                 ///< parent → the child last looked at
    std::vector<MessageId> m_path;
};

}  // namespace lares::app
