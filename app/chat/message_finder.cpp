#include "app/chat/message_finder.h"

#include "app/store/conversation_store.h"

namespace lares::app {
namespace {

constexpr qsizetype kFewestCharacters = 2;

}  // namespace

MessageFinder::MessageFinder(ConversationStore* store, QObject* parent)
    : QObject(parent), m_store(store) {}

void MessageFinder::search(const QString& words) {
    ++m_number;
    m_words = words.simplified();
    m_found.clear();
    m_isSearching = m_store != nullptr && m_words.size() >= kFewestCharacters;
    emit changed();
    if (m_isSearching) searchOn(0);
}

void MessageFinder::searchOn(MessageId before) {
    m_store->searchMessages(m_words, before)
        .then(this, [this, number = m_number](const Result<SearchPage>& page) {
            if (number != m_number) return;
            if (page) {
                for (const MessageHit& hit : page->hits) {
                    if (!m_found.contains(hit.conversation)) m_found.insert(hit.conversation, hit);
                }
            }
            m_isSearching = page && page->next != 0;
            emit changed();
            if (m_isSearching) searchOn(page->next);
        });
}

}  // namespace lares::app

#include "moc_message_finder.cpp"
