#include "app/ui/conversation_filter.h"

#include "app/chat/conversation_list_model.h"

namespace lares::app {

ConversationId ConversationFilter::idOf(const QModelIndex& index) const {
    return index.data(ConversationListModel::IdRole).toLongLong();
}

void ConversationFilter::setFound(const QHash<ConversationId, MessageHit>& found) {
    m_found = found;
    invalidateFilter();
    if (rowCount() > 0) emit dataChanged(this->index(0, 0), this->index(rowCount() - 1, 0));
}

bool ConversationFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
    return QSortFilterProxyModel::filterAcceptsRow(row, parent) ||
           m_found.contains(idOf(sourceModel()->index(row, 0, parent)));
}

QVariant ConversationFilter::data(const QModelIndex& index, int role) const {
    if (role >= kSnippetRole && role <= kMessageRole) {
        const auto hit = m_found.constFind(
            QSortFilterProxyModel::data(index, ConversationListModel::IdRole).toLongLong());
        if (hit == m_found.constEnd()) return {};
        switch (role) {
            case kSnippetRole:
                return hit->snippet;
            case kMatchStartRole:
                return hit->matchStart;
            case kMatchLengthRole:
                return hit->matchLength;
            default:
                return hit->message;
        }
    }
    if (role == Qt::AccessibleTextRole && m_found.contains(idOf(index)))
        return tr("%1: %2").arg(QSortFilterProxyModel::data(index, role).toString(),
                                data(index, kSnippetRole).toString());
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
