#pragma once

#include "app/chat/chat_controller.h"
#include "tools/policy/grant_list.h"

#include <QHash>
#include <QObject>

namespace lares::app {

class ConversationStore;
struct StoredGrant;

/// The grants in force together with those on disk: what was granted for good is stored, and
/// restored at a start; a revoked one is gone in both places. UI thread only.
class GrantBook : public QObject {
    Q_OBJECT

public:
    GrantBook(GrantList& list, ConversationStore* store, QObject* parent = nullptr);

    void load();
    /// Stores what was granted for good since the last look.
    void sync();
    void revoke(GrantId id);
    void endConversation(ConversationId conversation);
    [[nodiscard]] std::vector<GrantInfo> grants() const;

signals:
    void loaded();
    void changed();
    /// A stored grant is not in force: its folder is gone or leads elsewhere now.
    void notRestored(const QString& sentence);

private:
    void restore(const StoredGrant& stored);

    GrantList& m_list;
    ConversationStore* m_store;
    QHash<GrantId, qint64> m_stored;  ///< in the list → on disk (0: being written)
    std::uint64_t m_version = 0;
};

}  // namespace lares::app
