#include "app/store/known_conversation.h"

#include "app/store/conversation_tables.h"
#include "app/store/message_names.h"

#include <QCryptographicHash>
#include <QHash>
#include <QSet>

#include <algorithm>

namespace lares::app {
namespace {

void addText(QCryptographicHash& hash, const QString& text) {
    const QByteArray bytes = text.toUtf8();
    hash.addData(QByteArray::number(bytes.size()) + ':');
    hash.addData(bytes);
}

/// What each message says, and all before it on its branch.
std::vector<QByteArray> branchKeys(const std::vector<ChatMessage>& messages) {
    QHash<MessageId, QByteArray> keyOf;
    std::vector<QByteArray> keys;
    for (const ChatMessage& message : messages) {
        QCryptographicHash hash(QCryptographicHash::Sha256);
        hash.addData(keyOf.value(message.parent));
        addText(hash, storedName(message.role));
        addText(hash, message.createdAt.isValid()
                          ? QString::number(message.createdAt.toMSecsSinceEpoch())
                          : QString());
        for (const Part& part : message.parts) {
            addText(hash, storedName(part.kind));
            addText(hash, part.toolName);
            addText(hash, part.text);
        }
        keys.push_back(hash.result());
        keyOf.insert(message.id, keys.back());
    }
    return keys;
}

void bindTimeOf(Statement& row, const QDateTime& time) {
    time.isValid() ? row.bind(time.toMSecsSinceEpoch()) : row.bindNull();
}

/// Those that begin when this one does.
Result<std::vector<ConversationId>> candidates(Database& database,
                                               const QDateTime& createdAt,
                                               const ChatMessage& first) {
    ASSIGN_OR_RETURN(
        Statement row,
        database.prepare("SELECT m.conversation FROM messages m JOIN conversations c ON c.id = "
                         "m.conversation WHERE m.created_at IS ?1 AND m.parent = 0 AND "
                         "c.deleted_at IS NULL AND (?2 IS NULL OR c.created_at IS ?2)"));
    bindTimeOf(row, first.createdAt);
    bindTimeOf(row, createdAt);
    std::vector<ConversationId> found;
    for (;;) {
        ASSIGN_OR_RETURN(const bool hasRow, row.step());
        if (!hasRow) return found;
        found.push_back(row.integer(0));
    }
}

}  // namespace

Result<bool> isConversationKnown(Database& database,
                                 const QDateTime& createdAt,
                                 const std::vector<ChatMessage>& messages) {
    if (messages.empty()) return false;
    ASSIGN_OR_RETURN(const std::vector<ConversationId> found,
                     candidates(database, createdAt, messages.front()));
    if (found.empty()) return false;
    const std::vector<QByteArray> wanted = branchKeys(messages);
    for (const ConversationId id : found) {
        ASSIGN_OR_RETURN(const std::vector<ChatMessage> there, loadMessages(database, id));
        const std::vector<QByteArray> keys = branchKeys(there);
        const QSet<QByteArray> all(keys.begin(), keys.end());
        if (std::all_of(wanted.begin(), wanted.end(),
                        [&](const QByteArray& key) { return all.contains(key); }))
            return true;
    }
    return false;
}

}  // namespace lares::app
