#include "app/ui/conversation_rows.h"

#include "app/chat/folder_name.h"
#include "app/transcript/visible_text.h"

#include <QMimeData>

#include <algorithm>
#include <map>
#include <utility>

namespace lares::app {
namespace {

constexpr int kGone = -2;
constexpr const char* kMimeType = "application/x-lares-conversation";

struct ByName {
    bool operator()(const QString& a, const QString& b) const { return folderComesBefore(a, b); }
};

}  // namespace

ConversationRows::ConversationRows(ConversationListModel* source, QObject* parent)
    : QAbstractListModel(parent), m_source(source) {
    connect(source, &QAbstractItemModel::modelReset, this, &ConversationRows::update);
    connect(source, &QAbstractItemModel::rowsInserted, this, &ConversationRows::update);
    connect(source, &QAbstractItemModel::rowsRemoved, this, &ConversationRows::update);
    connect(source, &QAbstractItemModel::rowsMoved, this, &ConversationRows::update);
    connect(source, &QAbstractItemModel::dataChanged, this, &ConversationRows::sourceChanged);
    update();
}

void ConversationRows::setWords(const QString& words) {
    if (std::exchange(m_words, words) != words) update();
}

void ConversationRows::setFound(const QHash<ConversationId, MessageHit>& found) {
    m_found = found;
    update();
    if (!m_rows.empty()) emit dataChanged(index(0), index(rowCount() - 1));
}

void ConversationRows::setFolded(const QSet<QString>& folders) {
    m_folded = folders;
    update();
}

void ConversationRows::setFolded(const QString& folder, bool isFolded) {
    if (m_folded.contains(folder) == isFolded) return;
    isFolded ? void(m_folded.insert(folder)) : void(m_folded.remove(folder));
    update();
    emit foldedChanged();
}

bool ConversationRows::isWanted(int source) const {
    if (m_words.isEmpty()) return true;
    const ConversationInfo& conversation = m_source->at(source);
    return m_found.contains(conversation.id) ||
           m_source->index(source).data().toString().contains(m_words, Qt::CaseInsensitive) ||
           conversation.folder.contains(m_words, Qt::CaseInsensitive);
}

std::vector<ConversationRows::Row> ConversationRows::arrange() const {
    std::vector<Row> rows;
    std::vector<Row> others;
    std::map<QString, std::vector<Row>, ByName> folders;
    std::vector<Row>* folder = nullptr;  // neighbours are often in the same one
    QString folderOf;
    for (int source = 0; source < m_source->rowCount(); ++source) {
        const ConversationInfo& conversation = m_source->at(source);
        if (!isWanted(source)) continue;
        const Row row{conversation.id, conversation.folder, source};
        if (conversation.folder.isEmpty()) {
            const bool isAbove = conversation.isPinned || conversation.isTemporary;
            (isAbove ? rows : others).push_back(row);
            continue;
        }
        if (folder == nullptr || folderOf != conversation.folder) {
            folder = &folders[conversation.folder];
            folderOf = conversation.folder;
        }
        folder->push_back(row);
    }
    for (auto& [name, members] : folders) {
        const bool isFolded = m_words.isEmpty() && m_folded.contains(name);
        rows.push_back({0, name, -1, static_cast<int>(members.size()), isFolded});
        if (!isFolded) rows.insert(rows.end(), members.begin(), members.end());
    }
    rows.insert(rows.end(), others.begin(), others.end());
    return rows;
}

/// One change of the model is one change here: what is gone, what stands elsewhere, what is new.
/// Whoever holds an index (the view its current row, an editor) keeps it.
void ConversationRows::update() {
    const std::vector<Row> next = arrange();
    const auto isSame = [](const Row& a, const Row& b) { return a.isSame(b); };
    const auto differs =
        std::mismatch(m_rows.begin(), m_rows.end(), next.begin(), next.end(), isSame);
    const auto begin = static_cast<std::size_t>(differs.first - m_rows.begin());
    std::size_t end = m_rows.size();
    std::size_t nextEnd = next.size();
    while (end > begin && nextEnd > begin && m_rows[end - 1].isSame(next[nextEnd - 1])) {
        --end;
        --nextEnd;
    }

    QHash<ConversationId, std::size_t> conversations;
    QHash<QString, std::size_t> folders;
    for (std::size_t i = begin; i < nextEnd; ++i) {
        next[i].id != 0 ? void(conversations.insert(next[i].id, i))
                        : void(folders.insert(next[i].folder, i));
    }
    // Before anybody hears of anything, every row knows what it stands for now.
    QStringList changedFolders;
    std::vector<std::pair<std::size_t, Row>> kept;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        Row& row = m_rows[i];
        std::size_t now = i < begin ? i : i - end + nextEnd;
        if (i >= begin && i < end) {
            const auto none = next.size();
            now = row.id != 0 ? conversations.value(row.id, none) : folders.value(row.folder, none);
            if (now == none) {
                row.source = kGone;
                continue;
            }
            kept.emplace_back(now, next[now]);
        }
        if (row.id == 0 && (row.count != next[now].count || row.isFolded != next[now].isFolded))
            changedFolders << row.folder;
        row = next[now];
    }
    removeGone(begin, end);
    const auto isBefore = [](const auto& a, const auto& b) { return a.first < b.first; };
    if (!std::is_sorted(kept.begin(), kept.end(), isBefore)) {
        std::sort(kept.begin(), kept.end(), isBefore);
        std::vector<Row> order;
        order.reserve(kept.size());
        for (const auto& [at, row] : kept) order.push_back(row);
        reorder(begin, order);
    }
    insertNew(begin, nextEnd, next);
    for (const QString& folder : changedFolders) {
        const QModelIndex changed = index(rowOf(folder));
        emit dataChanged(changed, changed, {CountRole, IsFoldedRole, Qt::AccessibleTextRole});
    }
}

void ConversationRows::removeGone(std::size_t begin, std::size_t end) {
    while (end > begin) {
        std::size_t first = end;
        while (first > begin && m_rows[first - 1].source == kGone) --first;
        if (first < end) {
            beginRemoveRows({}, static_cast<int>(first), static_cast<int>(end) - 1);
            m_rows.erase(m_rows.begin() + static_cast<std::ptrdiff_t>(first),
                         m_rows.begin() + static_cast<std::ptrdiff_t>(end));
            endRemoveRows();
            end = first;
        } else {
            --end;
        }
    }
}

void ConversationRows::reorder(std::size_t begin, const std::vector<Row>& order) {
    emit layoutAboutToBeChanged({}, VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    std::vector<Row> held;
    for (const QModelIndex& index : before) held.push_back(at(index.row()));
    std::copy(order.begin(), order.end(), m_rows.begin() + static_cast<std::ptrdiff_t>(begin));
    QModelIndexList after;
    for (const Row& row : held) after << index(row.id != 0 ? rowOf(row.id) : rowOf(row.folder));
    changePersistentIndexList(before, after);
    emit layoutChanged({}, VerticalSortHint);
}

void ConversationRows::insertNew(std::size_t begin, std::size_t end, const std::vector<Row>& next) {
    const std::size_t nBehind = next.size() - end;
    for (std::size_t first = begin; first < end;) {
        // The next row that stayed; those are in the right order already.
        const bool isThere = first < m_rows.size() - nBehind;
        std::size_t last = first;
        while (last < end && !(isThere && m_rows[first].isSame(next[last]))) ++last;
        if (last > first) {
            beginInsertRows({}, static_cast<int>(first), static_cast<int>(last) - 1);
            m_rows.insert(m_rows.begin() + static_cast<std::ptrdiff_t>(first),
                          next.begin() + static_cast<std::ptrdiff_t>(first),
                          next.begin() + static_cast<std::ptrdiff_t>(last));
            endInsertRows();
        }
        first = last + 1;
    }
}

void ConversationRows::sourceChanged(const QModelIndex& first,
                                     const QModelIndex& last,
                                     const QList<int>& roles) {
    if (!roles.contains(ConversationListModel::IsBusyRole)) update();
    if (first == last) {
        const QModelIndex changed = index(rowOf(m_source->at(first.row()).id));
        if (changed.isValid()) emit dataChanged(changed, changed, roles);
    } else if (!m_rows.empty()) {
        emit dataChanged(index(0), index(rowCount() - 1), roles);
    }
}

int ConversationRows::rowOf(ConversationId id) const {
    if (id == 0) return -1;
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [id](const Row& row) { return row.id == id; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int ConversationRows::rowOf(const QString& folder) const {
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& row) {
        return row.id == 0 && row.folder == folder;
    });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

QString ConversationRows::folderAt(const QModelIndex& index) const {
    return index.isValid() ? at(index.row()).folder : QString();
}

int ConversationRows::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant ConversationRows::folderData(const Row& row, int role) const {
    switch (role) {
        case Qt::DisplayRole:
        case Qt::EditRole:
        case ConversationListModel::FolderRole:
            return row.folder;
        case Qt::AccessibleTextRole: {
            const QString count = tr("%Ln conversation(s)", nullptr, row.count);
            return tr("Folder %1, %2, %3")
                .arg(visibleText(row.folder), count, row.isFolded ? tr("folded") : tr("open"));
        }
        case ConversationListModel::GroupRole:
            return tr("Folders");
        case ConversationListModel::IdRole:
            return ConversationId{0};
        case IsFoldedRole:
            return row.isFolded;
        case CountRole:
            return row.count;
        default:
            return {};
    }
}

QVariant ConversationRows::foundData(ConversationId id, int role) const {
    const auto hit = m_found.constFind(id);
    if (hit == m_found.constEnd()) return {};
    switch (role) {
        case SnippetRole:
            return hit->snippet;
        case MatchStartRole:
            return hit->matchStart;
        case MatchLengthRole:
            return hit->matchLength;
        default:
            return hit->message;
    }
}

QVariant ConversationRows::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};  // a view's Ctrl+C asks, with no row current
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = at(index.row());
    if (role == IsFolderRole) return row.id == 0;
    if (role == StartsGroupRole) {
        return index.row() == 0 ||
               index.siblingAtRow(index.row() - 1).data(ConversationListModel::GroupRole) !=
                   index.data(ConversationListModel::GroupRole);
    }
    if (row.id == 0) return folderData(row, role);
    if (role >= SnippetRole && role <= MessageRole) return foundData(row.id, role);
    if (row.source == kGone) return {};
    if (role == ConversationListModel::GroupRole && !row.folder.isEmpty()) return tr("Folders");
    const QModelIndex source = m_source->index(row.source);
    if (role != Qt::AccessibleTextRole)
        return source.data(role == Qt::EditRole ? Qt::DisplayRole : role);  // as it is shown
    QString text = source.data(role).toString();
    if (!row.folder.isEmpty()) text = tr("%1, in %2").arg(text, visibleText(row.folder));
    if (m_found.contains(row.id))
        text = tr("%1: %2").arg(text, foundData(row.id, SnippetRole).toString());
    return text;
}

Qt::ItemFlags ConversationRows::flags(const QModelIndex& index) const {
    if (!index.isValid()) return Qt::ItemIsDropEnabled;  // below all rows
    Qt::ItemFlags flags =
        QAbstractListModel::flags(index) | Qt::ItemIsEditable | Qt::ItemIsDropEnabled;
    const bool isTemporary = index.data(ConversationListModel::IsTemporaryRole).toBool();
    if (at(index.row()).id != 0 && !isTemporary) flags |= Qt::ItemIsDragEnabled;
    return flags;
}

bool ConversationRows::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::EditRole || !index.isValid()) return false;
    const Row& row = at(index.row());
    const QString name = row.id == 0 ? folderName(value.toString()) : value.toString().simplified();
    if (name.isEmpty() || name == index.data().toString()) return false;
    if (row.id != 0) {
        emit renameRequested(row.id, name);
        return true;
    }
    const QString before = row.folder;  // its row may go with the signal
    if (row.isFolded && rowOf(name) < 0) m_folded.insert(name);
    emit folderRenameRequested(before, name);
    return true;
}

QStringList ConversationRows::mimeTypes() const {
    return {kMimeType};
}

QMimeData* ConversationRows::mimeData(const QModelIndexList& indexes) const {
    if (indexes.isEmpty() || at(indexes.front().row()).id == 0) return nullptr;
    auto* data = new QMimeData;
    data->setData(kMimeType, m_mark + QByteArray::number(at(indexes.front().row()).id));
    return data;
}

/// 0: another program's, another Lares' (whose numbers are its own), or gone.
ConversationId ConversationRows::draggedIn(const QMimeData& data) const {
    const QByteArray dragged = data.data(kMimeType);
    if (!dragged.startsWith(m_mark)) return 0;
    return dragged.mid(m_mark.size()).toLongLong();
}

bool ConversationRows::canDropMimeData(
    const QMimeData* data, Qt::DropAction, int, int, const QModelIndex& parent) const {
    const int source = m_source->rowOf(draggedIn(*data));
    return source >= 0 && m_source->at(source).folder != folderAt(parent);
}

bool ConversationRows::dropMimeData(
    const QMimeData* data, Qt::DropAction action, int row, int column, const QModelIndex& parent) {
    if (!canDropMimeData(data, action, row, column, parent)) return false;
    emit moveRequested(draggedIn(*data), folderAt(parent));
    return true;
}

}  // namespace lares::app
