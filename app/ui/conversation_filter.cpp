#include "app/ui/conversation_filter.h"

#include "app/chat/conversation_list_model.h"

namespace lares::app {

QVariant ConversationFilter::data(const QModelIndex& index, int role) const {
    return QSortFilterProxyModel::data(index, role == Qt::EditRole ? Qt::DisplayRole : role);
}

Qt::ItemFlags ConversationFilter::flags(const QModelIndex& index) const {
    return QSortFilterProxyModel::flags(index) | Qt::ItemIsEditable;
}

bool ConversationFilter::setData(const QModelIndex& index, const QVariant& value, int role) {
    const QString title = value.toString().simplified();
    if (role != Qt::EditRole || title.isEmpty() || title == index.data().toString()) return false;
    emit renameRequested(index.data(ConversationListModel::IdRole).toLongLong(), title);
    return true;
}

}  // namespace lares::app
