#include "app/panel/activity_model.h"

#include "app/chat/conversation_model.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace lares::app {

ActivityModel::ActivityModel(QObject* parent) : QAbstractListModel(parent) {}

void ActivityModel::setConversation(const ConversationModel* conversation) {
    for (auto& connection : m_connections) disconnect(connection);
    m_conversation = conversation;
    if (conversation) {
        using Model = QAbstractItemModel;
        m_connections = {
            connect(conversation, &Model::modelReset, this, &ActivityModel::rebuild),
            connect(conversation, &Model::rowsInserted, this, &ActivityModel::rebuild),
            connect(conversation, &Model::rowsRemoved, this, &ActivityModel::rebuild),
            connect(conversation, &Model::dataChanged, this,
                    [this](const QModelIndex& index) { messageChanged(index.row()); })};
    }
    beginResetModel();
    m_entries.clear();
    endResetModel();
    rebuild();
}

void ActivityModel::setFilter(Filter filter) {
    if (m_filter == filter) return;
    m_filter = filter;
    rebuild();
}

bool ActivityModel::isShown(const ActivityEntry& entry) const {
    switch (m_filter) {
        case Filter::Changes:
            return entry.isChange;
        case Filter::Refused:
            return entry.state == ActivityEntry::State::Refused;
        case Filter::All:
            break;
    }
    return true;
}

void ActivityModel::rebuild() {
    std::vector<ActivityEntry> entries;
    for (int row = 0; m_conversation && row < m_conversation->rowCount(); ++row)
        std::ranges::copy(activityOf(m_conversation->messageAt(row)), std::back_inserter(entries));
    std::erase_if(entries, [this](const ActivityEntry& entry) { return !isShown(entry); });
    apply(std::move(entries));
}

/// Thirty times a second while an answer is written: only its own entries are made again.
void ActivityModel::messageChanged(int row) {
    const ChatMessage& message = m_conversation->messageAt(row);
    const auto isOther = [&](const ActivityEntry& entry) { return entry.message != message.id; };
    std::vector<ActivityEntry> entries = activityOf(message);
    std::erase_if(entries, [this](const ActivityEntry& entry) { return !isShown(entry); });
    if (row + 1 < m_conversation->rowCount()) return rebuild();  // undone, say; seldom
    std::vector<ActivityEntry> all;
    std::ranges::copy_if(m_entries, std::back_inserter(all), isOther);
    all.insert(all.end(), entries.begin(), entries.end());
    apply(std::move(all));
}

/// What stayed keeps its row, so that the selection and the view stay where they are.
void ActivityModel::apply(std::vector<ActivityEntry> entries) {
    const std::size_t nOld = m_entries.size();
    const bool isLonger =
        entries.size() >= nOld && std::equal(m_entries.begin(), m_entries.end(), entries.begin(),
                                             [](const ActivityEntry& a, const ActivityEntry& b) {
                                                 return a.key() == b.key();
                                             });
    if (!isLonger) {
        beginResetModel();
        m_entries = std::move(entries);
        endResetModel();
        return;
    }
    for (std::size_t i = 0; i < nOld; ++i) {
        if (m_entries[i] == entries[i]) continue;
        m_entries[i] = entries[i];
        const QModelIndex changed = index(static_cast<int>(i));
        emit dataChanged(changed, changed);
    }
    if (entries.size() == nOld) return;
    beginInsertRows({}, static_cast<int>(nOld), static_cast<int>(entries.size()) - 1);
    m_entries = std::move(entries);
    endInsertRows();
}

int ActivityModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

const ActivityEntry& ActivityModel::at(int row) const {
    return m_entries[static_cast<std::size_t>(row)];
}

QVariant ActivityModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};  // a view's Ctrl+C asks, with no row current
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ActivityEntry& entry = at(index.row());
    switch (role) {
        case Qt::DisplayRole:
            return entry.title;
        case DetailRole:
            return entry.detail;
        case StateRole:
            return static_cast<int>(entry.state);
        case Qt::AccessibleTextRole:
            return QString("%1, %2").arg(entry.title, entry.detail);
        default:
            return {};
    }
}

}  // namespace lares::app
