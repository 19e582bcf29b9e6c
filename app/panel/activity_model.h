#pragma once

#include "app/panel/activity_entry.h"

#include <QAbstractListModel>
#include <QMetaObject>

#include <array>

namespace lares::app {

class ConversationModel;

/// The tool calls of a conversation's shown branch, the newest last, as they are made. UI thread
/// only.
class ActivityModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum class Filter { All, Changes, Refused };
    enum ModelRole {
        DetailRole = Qt::UserRole,  ///< QString
        StateRole,                  ///< int, ActivityEntry::State
    };

    explicit ActivityModel(QObject* parent = nullptr);

    /// It outlives the model, or another one is set first.
    void setConversation(const ConversationModel* conversation);
    void setFilter(Filter filter);
    [[nodiscard]] Filter filter() const { return m_filter; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    /// DisplayRole: what was done; AccessibleTextRole: with its state.
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    /// Precondition: 0 <= row < rowCount().
    [[nodiscard]] const ActivityEntry& at(int row) const;

private:
    void rebuild();
    void messageChanged(int row);
    void apply(std::vector<ActivityEntry> entries);
    [[nodiscard]] bool isShown(const ActivityEntry& entry) const;

    const ConversationModel* m_conversation = nullptr;
    Filter m_filter = Filter::All;
    std::vector<ActivityEntry> m_entries;  ///< that pass the filter
    std::array<QMetaObject::Connection, 4> m_connections;
};

}  // namespace lares::app
