#pragma once

#include "app/chat/conversation_list_model.h"
#include "app/chat/message_hit.h"

#include <QHash>
#include <QSet>
#include <QUuid>

#include <vector>

namespace lares::app {

/// What the list shows, row for row: temporary conversations, pinned ones, each folder with its
/// conversations beneath, then the rest by day. A search leaves those whose title or folder holds
/// the words and those in which a message does; folders are open then. What was edited in place or
/// dropped is a wish (a signal), not a change: the controller decides. UI thread only.
class ConversationRows : public QAbstractListModel {
    Q_OBJECT

public:
    /// Roles of ConversationListModel answer for conversations; a folder's row has its name as
    /// DisplayRole, its FolderRole and GroupRole, and 0 as its IdRole.
    enum RowRole {
        SnippetRole = Qt::UserRole + 100,  ///< QString: a line of the message found; empty: none
        MatchStartRole,
        MatchLengthRole,
        MessageRole,      ///< MessageId of the found one; 0: none
        IsFolderRole,     ///< bool: the row of a folder
        IsFoldedRole,     ///< bool: of a folder, whose conversations are not shown
        CountRole,        ///< int: how many a folder holds, of those that are searched for
        StartsGroupRole,  ///< bool: the group's heading stands above
    };

    explicit ConversationRows(ConversationListModel* source, QObject* parent = nullptr);

    void setWords(const QString& words);  ///< what titles and folders must hold; empty: no search
    void setFound(const QHash<ConversationId, MessageHit>& found);
    void setFolded(const QSet<QString>& folders);
    void setFolded(const QString& folder, bool isFolded);
    [[nodiscard]] const QSet<QString>& folded() const { return m_folded; }

    [[nodiscard]] int rowOf(ConversationId id) const;      ///< -1: not shown
    [[nodiscard]] int rowOf(const QString& folder) const;  ///< of its own row; -1: not shown
    [[nodiscard]] QString folderAt(const QModelIndex& index) const;  ///< it or what it is in

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

    // A conversation is dragged onto a folder or what is in it, or onto the rest: out of its own.
    [[nodiscard]] Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    [[nodiscard]] QStringList mimeTypes() const override;
    [[nodiscard]] QMimeData* mimeData(const QModelIndexList& indexes) const override;
    [[nodiscard]] bool canDropMimeData(const QMimeData* data,
                                       Qt::DropAction action,
                                       int row,
                                       int column,
                                       const QModelIndex& parent) const override;
    bool dropMimeData(const QMimeData* data,
                      Qt::DropAction action,
                      int row,
                      int column,
                      const QModelIndex& parent) override;

signals:
    void renameRequested(lares::app::ConversationId id, const QString& title);
    void folderRenameRequested(const QString& from, const QString& to);
    void moveRequested(lares::app::ConversationId id, const QString& folder);
    void foldedChanged();

private:
    struct Row {
        ConversationId id = 0;  ///< 0: of a folder
        QString folder;
        int source = -1;  ///< its row in the model; -1: a folder's; -2: gone
        int count = 0;    ///< of a folder
        bool isFolded = false;

        [[nodiscard]] bool isSame(const Row& other) const {
            return id == other.id && (id != 0 || folder == other.folder);
        }
    };

    [[nodiscard]] bool isWanted(int source) const;
    [[nodiscard]] std::vector<Row> arrange() const;
    void update();
    void removeGone(std::size_t begin, std::size_t end);
    void reorder(std::size_t begin, const std::vector<Row>& order);
    void insertNew(std::size_t begin, std::size_t end, const std::vector<Row>& next);
    [[nodiscard]] const Row& at(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    void sourceChanged(const QModelIndex& first, const QModelIndex& last, const QList<int>& roles);
    [[nodiscard]] QVariant folderData(const Row& row, int role) const;
    [[nodiscard]] QVariant foundData(ConversationId id, int role) const;

    [[nodiscard]] ConversationId draggedIn(const QMimeData& data) const;

    ConversationListModel* m_source;
    const QByteArray m_mark = QUuid::createUuid().toRfc4122();  ///< of what is dragged from here
    QString m_words;
    QHash<ConversationId, MessageHit> m_found;
    QSet<QString> m_folded;
    std::vector<Row> m_rows;
};

}  // namespace lares::app
