#include "app/ui/palette_model.h"

#include "app/chat/text_match.h"
#include "app/transcript/visible_text.h"

#include <algorithm>
#include <optional>

namespace lares::app {
namespace {

constexpr std::size_t kMostRecent = 6;  // conversations while nothing is typed
constexpr std::size_t kMostTitles = 20;

QStringList foldedWords(const QString& text) {
    QString folded = FoldedText(text).text();
    for (QChar& c : folded) {
        if (!c.isLetterOrNumber() && !c.isSurrogate()) c = ' ';
    }
    return folded.split(' ', Qt::SkipEmptyParts);
}

bool beginEachOne(const QStringList& wanted, const QStringList& words) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const QString& beginning) {
        return std::any_of(words.begin(), words.end(),
                           [&](const QString& word) { return word.startsWith(beginning); });
    });
}

/// 0: best; none: it is not found.
std::optional<int> rankOf(const PaletteEntry& command, const QStringList& wanted) {
    const QStringList name = foldedWords(command.title);
    if (beginEachOne(wanted, name)) return name.join(' ').startsWith(wanted.join(' ')) ? 0 : 1;
    return beginEachOne(wanted, name + foldedWords(command.words)) ? std::optional(2)
                                                                   : std::nullopt;
}

}  // namespace

void PaletteModel::setEntries(std::vector<PaletteEntry> commands,
                              std::vector<PaletteEntry> conversations) {
    m_commands = std::move(commands);
    m_conversations = std::move(conversations);
    m_query.clear();
    refill();
}

void PaletteModel::setQuery(const QString& query) {
    m_query = query.simplified();
    refill();
}

void PaletteModel::refill() {
    beginResetModel();
    m_shown.clear();
    const QStringList wanted = foldedWords(m_query);
    std::vector<std::pair<int, const PaletteEntry*>> ranked;
    for (const PaletteEntry& command : m_commands) {
        // What holds nothing but signs is no command's name.
        const bool isFoundByAll = wanted.isEmpty() && m_query.isEmpty();
        const auto rank = isFoundByAll       ? std::optional(0)
                          : wanted.isEmpty() ? std::nullopt
                                             : rankOf(command, wanted);
        if (rank) ranked.emplace_back(*rank, &command);
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [rank, command] : ranked) m_shown.push_back(*command);
    m_nCommands = m_shown.size();

    const TextMatcher matcher(searchWords(m_query));
    const std::size_t most = m_query.isEmpty() ? kMostRecent : kMostTitles;
    for (const PaletteEntry& conversation : m_conversations) {
        if (m_shown.size() == m_nCommands + most) break;
        if (matcher.areAllIn(conversation.title)) m_shown.push_back(conversation);
    }
    m_nConversations = m_shown.size() - m_nCommands;
    endResetModel();
}

void PaletteModel::setMessages(std::vector<PaletteEntry> messages) {
    const std::size_t first = m_nCommands + m_nConversations;
    const std::size_t n = m_shown.size() - first;
    if (messages.size() <= n) return;
    beginInsertRows({}, static_cast<int>(m_shown.size()),
                    static_cast<int>(first + messages.size()) - 1);
    m_shown.insert(m_shown.end(), messages.begin() + static_cast<std::ptrdiff_t>(n),
                   messages.end());
    endInsertRows();
}

int PaletteModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

const PaletteEntry& PaletteModel::at(int row) const {
    return m_shown[static_cast<std::size_t>(row)];
}

QString PaletteModel::groupOf(int row) const {
    const auto at = static_cast<std::size_t>(row);
    if (at < m_nCommands) return tr("Commands");
    if (at >= m_nCommands + m_nConversations) return tr("In what was said");
    return m_query.isEmpty() ? tr("Recent conversations") : tr("Conversations");
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const PaletteEntry& entry = at(index.row());
    switch (role) {
        case Qt::DisplayRole:
            return visibleText(entry.title);
        case Qt::AccessibleTextRole: {
            QStringList said = {visibleText(entry.title)};
            for (const QString& more : {entry.line, entry.keys})
                if (!more.isEmpty()) said << visibleText(more);
            return (said << groupOf(index.row())).join(", ");
        }
        case GroupRole:
            return groupOf(index.row());
        case KeysRole:
            return entry.keys;
        case LineRole:
            return entry.line;
        case MatchStartRole:
            return entry.matchStart;
        case MatchLengthRole:
            return entry.matchLength;
        default:
            return {};
    }
}

}  // namespace lares::app
