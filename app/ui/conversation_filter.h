#pragma once

#include "app/chat/chat_message.h"

#include <QSortFilterProxyModel>

namespace lares::app {

/// The conversations whose title holds the searched text, in the model's order. A title that was
/// edited in place is a wish (`renameRequested`), not a change: the controller decides.
class ConversationFilter : public QSortFilterProxyModel {
    Q_OBJECT

public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    /// What is edited is what is shown.
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

signals:
    void renameRequested(lares::app::ConversationId id, const QString& title);
};

}  // namespace lares::app
