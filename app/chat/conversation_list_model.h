#pragma once

#include "app/chat/chat_message.h"

#include <QAbstractListModel>

namespace lares::app {

/// The conversations in the order of the list: temporary ones first, pinned ones, then by the last
/// message, newest first. Knows no store. UI thread only.
class ConversationListModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum ListRole {
        IdRole = Qt::UserRole,  ///< ConversationId
        GroupRole,    ///< QString: Temporary, Pinned, Today, Yesterday, Previous 7 days, June 2026
        UpdatedRole,  ///< QDateTime
        IsBusyRole,   ///< bool: an answer is being written there
        FolderRole,   ///< QString; empty: in none
        IsTemporaryRole,  ///< bool: nothing of it is kept
    };

    explicit ConversationListModel(QObject* parent = nullptr);

    void setConversations(std::vector<ConversationInfo> conversations);
    void put(const ConversationInfo& conversation);  ///< inserts, or replaces and moves
    void remove(ConversationId id);
    void setFolders(const std::vector<FolderPlace>& places);  ///< of those that are there
    void setBusy(ConversationId id);                          ///< 0: none
    /// The groups are relative to this day; the window calls it after midnight.
    void setToday(QDate today);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    /// DisplayRole: the title, or the beginning of the first message, or "New conversation", "New
    /// temporary conversation".
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] int rowOf(ConversationId id) const;  ///< -1: not there
    [[nodiscard]] const ConversationInfo& at(int row) const;
    [[nodiscard]] QStringList folders() const;  ///< that hold a conversation, by name
    [[nodiscard]] std::vector<FolderPlace> placesIn(const QString& folder) const;

private:
    std::vector<ConversationInfo> m_conversations;
    ConversationId m_busy = 0;
    QDate m_today = QDate::currentDate();
};

}  // namespace lares::app
