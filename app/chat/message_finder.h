#pragma once

#include "app/chat/message_hit.h"

#include <QHash>
#include <QObject>

namespace lares::app {

class ConversationStore;

/// Looks through all conversations for words, part by part, and stops when other words come. UI
/// thread only; the reading is the store's.
class MessageFinder : public QObject {
    Q_OBJECT

public:
    explicit MessageFinder(ConversationStore* store, QObject* parent = nullptr);

    /// Fewer than two characters find nothing. The same words again search again.
    void search(const QString& words);

    /// Of each conversation the newest message that holds the words, so far.
    [[nodiscard]] const QHash<ConversationId, MessageHit>& found() const { return m_found; }
    [[nodiscard]] bool isSearching() const { return m_isSearching; }

signals:
    void changed();

private:
    void searchOn(MessageId before);

    ConversationStore* m_store;  ///< null: there is nothing to look through
    QString m_words;
    quint64 m_number = 0;  ///< of the search: what an earlier one finds is dropped
    bool m_isSearching = false;
    QHash<ConversationId, MessageHit> m_found;
};

}  // namespace lares::app
