#include "app/chat/conversation_model.h"

#include "app/chat/attachment.h"

#include <algorithm>

namespace lares::app {

ConversationModel::ConversationModel(QObject* parent) : QAbstractListModel(parent) {}

void ConversationModel::setMessages(const ConversationInfo& info,
                                    std::vector<ChatMessage> messages) {
    beginResetModel();
    m_info = info;
    m_messages.clear();
    m_children.clear();
    m_chosen.clear();
    std::sort(messages.begin(), messages.end(),
              [](const ChatMessage& a, const ChatMessage& b) { return a.id < b.id; });
    for (ChatMessage& message : messages) {
        if (m_messages.contains(message.id)) continue;
        // A parent is always older; anything else (a loop, a lost row) hangs below the root.
        if (message.parent >= message.id || !m_messages.contains(message.parent))
            message.parent = 0;
        m_children[message.parent].push_back(message.id);
        m_chosen[message.parent] = message.id;
        m_messages.insert(message.id, std::move(message));
    }
    for (const MessageId id : pathTo(info.activeLeaf)) m_chosen[m_messages[id].parent] = id;
    m_path = m_messages.contains(info.activeLeaf) ? pathTo(info.activeLeaf) : pathThrough(0);
    m_info.activeLeaf = activeLeaf();
    endResetModel();
    emit infoChanged();
}

void ConversationModel::setInfo(const ConversationInfo& info) {
    const MessageId leaf = m_info.activeLeaf;
    m_info = info;
    m_info.activeLeaf = leaf;
    emit infoChanged();
}

int ConversationModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_path.size());
}

QVariant ConversationModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const ChatMessage& message = messageAt(index.row());
    switch (role) {
        case Qt::DisplayRole:
            return markdownOf(message);
        case Qt::AccessibleTextRole:
            return tr("%1: %2").arg(message.role == Role::User ? tr("You") : tr("Assistant"),
                                    summaryOf(message));
        case MessageRole:
            return QVariant::fromValue(message);
        case VersionRole:
            return versionAt(index.row());
        case VersionCountRole:
            return versionCountAt(index.row());
        default:
            return {};
    }
}

const ChatMessage& ConversationModel::messageAt(int row) const {
    return *m_messages.constFind(m_path[static_cast<std::size_t>(row)]);
}

int ConversationModel::versionAt(int row) const {
    const ChatMessage& message = messageAt(row);
    const auto siblings = childrenOf(message.parent);
    return static_cast<int>(std::find(siblings.begin(), siblings.end(), message.id) -
                            siblings.begin());
}

int ConversationModel::versionCountAt(int row) const {
    return static_cast<int>(childrenOf(messageAt(row).parent).size());
}

int ConversationModel::rowOf(MessageId id) const {
    // The end first: streaming asks for the last row.
    const auto found = std::find(m_path.rbegin(), m_path.rend(), id);
    return found == m_path.rend() ? -1 : static_cast<int>(m_path.rend() - found) - 1;
}

const ChatMessage* ConversationModel::find(MessageId id) const {
    const auto found = m_messages.constFind(id);
    return found == m_messages.constEnd() ? nullptr : &*found;
}

MessageId ConversationModel::activeLeaf() const {
    return m_path.empty() ? 0 : m_path.back();
}

std::vector<ChatMessage> ConversationModel::messages() const {
    std::vector<ChatMessage> all(m_messages.begin(), m_messages.end());
    std::sort(all.begin(), all.end(),
              [](const ChatMessage& a, const ChatMessage& b) { return a.id < b.id; });
    return all;
}

void ConversationModel::append(ChatMessage message) {
    if (m_messages.contains(message.id)) return update(message);
    const MessageId id = message.id;
    const MessageId parent = message.parent;
    m_children[parent].push_back(id);
    m_chosen[parent] = id;
    m_messages.insert(id, std::move(message));
    std::vector<MessageId> path = parent == 0 ? std::vector<MessageId>{} : pathTo(parent);
    path.push_back(id);
    setPath(std::move(path));
    // Its older siblings show their version switcher anew; they are not on the path, the row is.
}

void ConversationModel::update(const ChatMessage& message) {
    const auto found = m_messages.find(message.id);
    if (found == m_messages.end()) return;
    *found = message;
    const int row = rowOf(message.id);
    if (row >= 0) emit dataChanged(index(row), index(row));
}

void ConversationModel::showVersion(int row, int version) {
    const auto siblings = childrenOf(messageAt(row).parent);
    if (version < 0 || version >= static_cast<int>(siblings.size())) return;
    const MessageId chosen = siblings[static_cast<std::size_t>(version)];
    m_chosen[messageAt(row).parent] = chosen;
    setPath(pathThrough(chosen));
}

void ConversationModel::showMessage(MessageId id) {
    if (!m_messages.contains(id) || rowOf(id) >= 0) return;
    for (const MessageId one : pathTo(id)) m_chosen[m_messages[one].parent] = one;
    setPath(pathThrough(id));
}

void ConversationModel::setPath(std::vector<MessageId> path) {
    const auto differs = std::mismatch(m_path.begin(), m_path.end(), path.begin(), path.end());
    const auto kept = static_cast<int>(differs.first - m_path.begin());
    if (kept < rowCount()) {
        beginRemoveRows({}, kept, rowCount() - 1);
        m_path.resize(static_cast<std::size_t>(kept));
        endRemoveRows();
    }
    if (kept < static_cast<int>(path.size())) {
        beginInsertRows({}, kept, static_cast<int>(path.size()) - 1);
        m_path = std::move(path);
        endInsertRows();
    }
    m_info.activeLeaf = activeLeaf();
    emit activeLeafChanged();
}

std::vector<MessageId> ConversationModel::pathTo(MessageId leaf) const {
    std::vector<MessageId> path;
    for (auto at = m_messages.constFind(leaf); at != m_messages.constEnd();
         at = m_messages.constFind(at->parent)) {
        path.push_back(at->id);
    }
    std::reverse(path.begin(), path.end());
    return path;
}

std::vector<MessageId> ConversationModel::pathThrough(MessageId id) const {
    std::vector<MessageId> path = pathTo(id);
    for (auto next = m_chosen.constFind(id); next != m_chosen.constEnd();
         next = m_chosen.constFind(*next)) {
        path.push_back(*next);
    }
    return path;
}

std::vector<MessageId> ConversationModel::childrenOf(MessageId parent) const {
    return m_children.value(parent);
}

}  // namespace lares::app

#include "moc_conversation_model.cpp"
