#pragma once

#include "app/chat/chat_message.h"

#include <QAbstractListModel>

#include <functional>
#include <vector>

namespace lares::app {

/// Something that the palette offers.
struct PaletteEntry {
    QString title;
    QString words = {};  ///< other words under which a command is found
    QString keys = {};
    std::function<void()> run = {};
    QString line = {};  ///< of a message that holds what is looked for, below the title
    int matchStart = 0;
    int matchLength = 0;
};

/// What the palette lists for what is typed, as groups: commands, then conversations by their
/// title, then those in which something was said. A command is found by beginnings of its words, in
/// any order; first those whose name begins so, then by name, then by other words. A title is found
/// by parts of it. Within that the order is the one in which they were given. UI thread only.
class PaletteModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum PaletteRole {
        GroupRole = Qt::UserRole,  ///< QString: the group's heading
        KeysRole,
        LineRole,
        MatchStartRole,  ///< in the line
        MatchLengthRole,
    };

    using QAbstractListModel::QAbstractListModel;

    /// `conversations`: those used last first.
    void setEntries(std::vector<PaletteEntry> commands, std::vector<PaletteEntry> conversations);
    void setQuery(const QString& query);  ///< forgets the messages
    /// For the query as it is; they stand behind all others, and more of them behind the first.
    void setMessages(std::vector<PaletteEntry> messages);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] const PaletteEntry& at(int row) const;

private:
    void refill();
    [[nodiscard]] QString groupOf(int row) const;

    std::vector<PaletteEntry> m_commands;
    std::vector<PaletteEntry> m_conversations;
    std::vector<PaletteEntry> m_shown;
    std::size_t m_nCommands = 0;  ///< of what is shown
    std::size_t m_nConversations = 0;
    QString m_query;
};

}  // namespace lares::app
