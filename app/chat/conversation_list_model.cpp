#include "app/chat/conversation_list_model.h"

#include "app/chat/folder_name.h"

#include <QHash>
#include <QLocale>
#include <QSet>

#include <algorithm>
#include <utility>

namespace lares::app {
namespace {

constexpr int kMaxTitleLength = 120;
constexpr int kRecentDays = 7;

bool comesBefore(const ConversationInfo& a, const ConversationInfo& b) {
    if (a.isTemporary != b.isTemporary) return a.isTemporary;
    if (a.isPinned != b.isPinned) return a.isPinned;
    if (a.updatedAt != b.updatedAt) return a.updatedAt > b.updatedAt;
    return a.id > b.id;
}

QString shownTitle(const ConversationInfo& conversation) {
    for (const QString& text : {conversation.title, conversation.preview}) {
        // One line, and no more than a row can show.
        const QString line = text.left(kMaxTitleLength).simplified();
        if (!line.isEmpty()) return line;
    }
    return conversation.isTemporary ? ConversationListModel::tr("New temporary conversation")
                                    : ConversationListModel::tr("New conversation");
}

QString groupOf(const ConversationInfo& conversation, QDate today) {
    if (conversation.isTemporary) return ConversationListModel::tr("Temporary");
    if (conversation.isPinned) return ConversationListModel::tr("Pinned");
    const QDate day = conversation.updatedAt.toLocalTime().date();
    // A day that has not come yet: the clock was wrong, then or now.
    const qint64 daysAgo = day.isValid() ? day.daysTo(today) : 0;
    if (daysAgo <= 0) return ConversationListModel::tr("Today");
    if (daysAgo == 1) return ConversationListModel::tr("Yesterday");
    if (daysAgo <= kRecentDays) return ConversationListModel::tr("Previous 7 days");
    return ConversationListModel::tr("%1 %2", "month and year")
        .arg(QLocale().standaloneMonthName(day.month()), QString::number(day.year()));
}

}  // namespace

ConversationListModel::ConversationListModel(QObject* parent) : QAbstractListModel(parent) {}

void ConversationListModel::setConversations(std::vector<ConversationInfo> conversations) {
    beginResetModel();
    m_conversations = std::move(conversations);
    std::sort(m_conversations.begin(), m_conversations.end(), comesBefore);
    endResetModel();
}

void ConversationListModel::put(const ConversationInfo& conversation) {
    const int row = rowOf(conversation.id);
    // Where it belongs among the others; its own row, which may be out of order now, does not
    // count.
    const auto begin = m_conversations.begin();
    const auto before = std::count_if(begin, m_conversations.end(), [&](const auto& other) {
        return other.id != conversation.id && comesBefore(other, conversation);
    });
    const int target = static_cast<int>(before);
    if (row < 0) {
        beginInsertRows({}, target, target);
        m_conversations.insert(begin + target, conversation);
        endInsertRows();
        return;
    }
    if (target != row) {
        // Qt counts the destination before the row is taken out.
        beginMoveRows({}, row, row, {}, target > row ? target + 1 : target);
        if (target < row) {
            std::rotate(begin + target, begin + row, begin + row + 1);
        } else {
            std::rotate(begin + row, begin + row + 1, begin + target + 1);
        }
        endMoveRows();
    }
    m_conversations[static_cast<std::size_t>(target)] = conversation;
    emit dataChanged(index(target), index(target));
}

void ConversationListModel::remove(ConversationId id) {
    const int row = rowOf(id);
    if (row < 0) return;
    beginRemoveRows({}, row, row);
    m_conversations.erase(m_conversations.begin() + row);
    endRemoveRows();
}

void ConversationListModel::setFolders(const std::vector<FolderPlace>& places) {
    QHash<ConversationId, QString> folders;
    for (const FolderPlace& place : places) folders.insert(place.conversation, place.folder);
    int first = -1;
    int last = -1;
    for (int row = 0; row < rowCount(); ++row) {
        ConversationInfo& conversation = m_conversations[static_cast<std::size_t>(row)];
        const auto folder = folders.constFind(conversation.id);
        if (folder == folders.constEnd() || conversation.folder == *folder) continue;
        conversation.folder = *folder;
        if (first < 0) first = row;
        last = row;
    }
    if (first >= 0) emit dataChanged(index(first), index(last), {FolderRole});
}

void ConversationListModel::setBusy(ConversationId id) {
    const ConversationId before = std::exchange(m_busy, id);
    if (before == id) return;
    for (const ConversationId changed : {before, id}) {
        const int row = rowOf(changed);
        if (row >= 0)
            emit dataChanged(index(row), index(row), {IsBusyRole, Qt::AccessibleTextRole});
    }
}

void ConversationListModel::setToday(QDate today) {
    if (std::exchange(m_today, today) == today || m_conversations.empty()) return;
    emit dataChanged(index(0), index(rowCount() - 1), {GroupRole});
}

int ConversationListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_conversations.size());
}

QVariant ConversationListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const ConversationInfo& conversation = at(index.row());
    switch (role) {
        case Qt::DisplayRole:
            return shownTitle(conversation);
        case Qt::AccessibleTextRole: {
            const QString title = conversation.isTemporary
                                      ? tr("%1, temporary").arg(shownTitle(conversation))
                                      : shownTitle(conversation);
            return conversation.id == m_busy ? tr("%1, an answer is being written").arg(title)
                                             : title;
        }
        case IdRole:
            return conversation.id;
        case GroupRole:
            return groupOf(conversation, m_today);
        case UpdatedRole:
            return conversation.updatedAt;
        case IsBusyRole:
            return conversation.id == m_busy;
        case FolderRole:
            return conversation.folder;
        case IsTemporaryRole:
            return conversation.isTemporary;
        default:
            return {};
    }
}

int ConversationListModel::rowOf(ConversationId id) const {
    const auto found = std::find_if(m_conversations.begin(), m_conversations.end(),
                                    [id](const auto& other) { return other.id == id; });
    return found == m_conversations.end() ? -1 : static_cast<int>(found - m_conversations.begin());
}

QStringList ConversationListModel::folders() const {
    QSet<QString> names;
    for (const ConversationInfo& conversation : m_conversations) names.insert(conversation.folder);
    names.remove(QString());
    QStringList sorted(names.begin(), names.end());
    std::sort(sorted.begin(), sorted.end(), folderComesBefore);
    return sorted;
}

std::vector<FolderPlace> ConversationListModel::placesIn(const QString& folder) const {
    std::vector<FolderPlace> places;
    for (const ConversationInfo& conversation : m_conversations) {
        if (conversation.folder == folder) places.push_back({conversation.id, folder});
    }
    return places;
}

const ConversationInfo& ConversationListModel::at(int row) const {
    return m_conversations[static_cast<std::size_t>(row)];
}

}  // namespace lares::app

#include "moc_conversation_list_model.cpp"
