#include "app/chat/grant_book.h"

#include "app/store/conversation_store.h"

namespace lares::app {
namespace {

constexpr QLatin1String kReadOnly("read-only");
constexpr QLatin1String kReadWrite("read-write");

}  // namespace

GrantBook::GrantBook(GrantList& list, ConversationStore* store, QObject* parent)
    : QObject(parent), m_list(list), m_store(store), m_version(list.version()) {}

void GrantBook::load() {
    if (!m_store) {
        emit loaded();
        return;
    }
    m_store->grants().then(this, [this](const Result<std::vector<StoredGrant>>& stored) {
        if (stored) {
            for (const StoredGrant& grant : *stored) restore(grant);
        }
        m_version = m_list.version();
        emit loaded();
        emit changed();
    });
}

void GrantBook::restore(const StoredGrant& stored) {
    Grant grant;
    grant.folder = stored.folder.toStdString();
    grant.access = stored.access == kReadWrite ? Access::ReadWrite : Access::Read;
    grant.duration = GrantDuration::Always;
    const Result<Grant> restored = m_list.restore(grant);
    if (restored) {
        m_stored.insert(restored->id, stored.id);
    } else {
        emit notRestored(tr("The permission for %1 is not in force: %2")
                             .arg(stored.folder, QString::fromStdString(restored.error().message)));
    }
}

void GrantBook::sync() {
    if (m_list.version() == m_version) return;
    m_version = m_list.version();
    for (const Grant& grant : m_list.list()) {
        if (grant.duration != GrantDuration::Always || m_stored.contains(grant.id) || !m_store)
            continue;
        if (grant.is_of_library) continue;  // kept there
        m_stored.insert(grant.id, 0);
        const QLatin1String access = grant.access == Access::ReadWrite ? kReadWrite : kReadOnly;
        m_store->addGrant(QString::fromStdString(grant.folder), access)
            .then(this, [this, id = grant.id](const Result<StoredGrant>& stored) {
                if (!stored) return;  // said by the store; in force until the program ends
                if (m_list.contains(id)) {
                    m_stored[id] = stored->id;
                } else {  // revoked meanwhile
                    m_stored.remove(id);
                    m_store->removeGrant(stored->id);
                }
            });
    }
    emit changed();
}

void GrantBook::revoke(GrantId id) {
    m_list.revoke(id);
    const qint64 stored = m_stored.value(id);
    if (stored != 0) {
        m_stored.remove(id);
        m_store->removeGrant(stored);
    }
    m_version = m_list.version();
    emit changed();
}

void GrantBook::endConversation(ConversationId conversation) {
    m_list.end_conversation(std::to_string(conversation));
    sync();
}

std::vector<GrantInfo> GrantBook::grants() const {
    std::vector<GrantInfo> infos;
    for (const Grant& grant : m_list.list()) {
        const bool isForGood = grant.duration == GrantDuration::Always;
        const QString always = grant.is_of_library ? tr("Document library") : tr("Always");
        infos.push_back({QString::fromStdString(grant.folder), grant.access == Access::ReadWrite,
                         isForGood ? always : tr("This conversation"),
                         QString::fromStdString(grant.conversation).toLongLong(), grant.id});
    }
    return infos;
}

}  // namespace lares::app
