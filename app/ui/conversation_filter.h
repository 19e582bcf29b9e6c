#pragma once

#include "app/chat/chat_message.h"
#include "app/chat/message_hit.h"

#include <QHash>
#include <QSortFilterProxyModel>

namespace lares::app {

/// The conversations whose title holds the searched text, and those in which a message does, in the
/// model's order. A title that was
/// edited in place is a wish (`renameRequested`), not a change: the controller decides.
class ConversationFilter : public QSortFilterProxyModel {
    Q_OBJECT

public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    /// What is edited is what is shown.
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

    /// The line of a found message that stands below the title; empty: none was found.
    static constexpr int kSnippetRole = Qt::UserRole + 100;
    static constexpr int kMatchStartRole = kSnippetRole + 1;
    static constexpr int kMatchLengthRole = kSnippetRole + 2;
    static constexpr int kMessageRole = kSnippetRole + 3;  ///< MessageId of the found one; 0: none
    void setFound(const QHash<ConversationId, MessageHit>& found);

signals:
    void renameRequested(lares::app::ConversationId id, const QString& title);

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    [[nodiscard]] ConversationId idOf(const QModelIndex& index) const;

    QHash<ConversationId, MessageHit> m_found;
};

}  // namespace lares::app
