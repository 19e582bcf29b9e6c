#include "app/store/conversation_tables.h"

#include "app/store/message_names.h"

#include <algorithm>

namespace lares::app {
namespace {

constexpr int kPreviewLength = 200;
constexpr qint64 kMaxId = qint64{1} << 62;

void bindTime(Statement& statement, const QDateTime& time) {
    if (time.isValid()) {
        statement.bind(time.toMSecsSinceEpoch());
    } else {
        statement.bindNull();
    }
}

QDateTime timeAt(const Statement& statement, int column) {
    if (statement.isNull(column)) return {};
    return QDateTime::fromMSecsSinceEpoch(statement.integer(column));
}

// Every upsert names its columns again in WHERE: a row that is the same is not written.

Result<void> putConversation(Database& database, const ConversationInfo& info) {
    ASSIGN_OR_RETURN(
        Statement statement,
        database.prepare("INSERT INTO conversations(id, title, preview, persona, created_at, "
                         "updated_at, is_pinned, active_leaf, parameters, folder) "
                         "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                         "ON CONFLICT(id) DO UPDATE SET title=excluded.title, "
                         "preview=excluded.preview, persona=excluded.persona, "
                         "created_at=excluded.created_at, updated_at=excluded.updated_at, "
                         "is_pinned=excluded.is_pinned, active_leaf=excluded.active_leaf, "
                         "parameters=excluded.parameters, folder=excluded.folder "
                         "WHERE (title, preview, persona, created_at, updated_at, is_pinned, "
                         "active_leaf, parameters, folder) IS NOT (excluded.title, "
                         "excluded.preview, excluded.persona, excluded.created_at, "
                         "excluded.updated_at, excluded.is_pinned, excluded.active_leaf, "
                         "excluded.parameters, excluded.folder)"));
    statement.bind(info.id).bind(info.title).bind(info.preview).bind(info.personaId);
    bindTime(statement, info.createdAt);
    bindTime(statement, info.updatedAt);
    statement.bind(qint64{info.isPinned}).bind(info.activeLeaf).bind(info.parameters);
    statement.bind(info.folder);
    return statement.run();
}

Result<void> putDraft(Database& database, const ConversationInfo& info) {
    if (info.draft.isEmpty()) {
        ASSIGN_OR_RETURN(Statement statement,
                         database.prepare("DELETE FROM drafts WHERE conversation = ?"));
        return statement.bind(info.id).run();
    }
    ASSIGN_OR_RETURN(Statement statement,
                     database.prepare("INSERT INTO drafts(conversation, text) VALUES(?, ?) "
                                      "ON CONFLICT(conversation) DO UPDATE SET "
                                      "text=excluded.text WHERE text IS NOT excluded.text"));
    return statement.bind(info.id).bind(info.draft).run();
}

Result<void> cutDraftAttachments(Database& database, ConversationId conversation, qint64 from) {
    ASSIGN_OR_RETURN(
        Statement statement,
        database.prepare("DELETE FROM draft_attachments WHERE conversation = ? AND position >= ?"));
    return statement.bind(conversation).bind(from).run();
}

Result<void> putDraftAttachments(Database& database,
                                 ConversationId conversation,
                                 const Attachments& attachments) {
    ASSIGN_OR_RETURN(
        Statement statement,
        database.prepare("INSERT INTO draft_attachments(conversation, position, data, text) "
                         "VALUES(?, ?, ?, ?) ON CONFLICT(conversation, position) DO UPDATE SET "
                         "data=excluded.data, text=excluded.text WHERE (data, text) IS NOT "
                         "(excluded.data, excluded.text)"));
    qint64 position = 0;
    for (const Attachment& attachment : attachments) {
        const Part part = partOf(attachment);
        statement.bind(conversation).bind(position++).bind(part.data).bind(part.text);
        RETURN_IF_ERROR(statement.run());
        statement.reset();
    }
    return cutDraftAttachments(database, conversation, position);
}

/// Where a conversation ends: at a message that is stored, or comes in the same transaction, for
/// one that found no room may never come; and that no other follows, since whoever names it has not
/// heard of that one yet. Else where it ended before.
Result<MessageId> endOf(Database& database, const ConversationInfo& info, MessageId coming) {
    ASSIGN_OR_RETURN(
        Statement statement,
        database.prepare("SELECT CASE WHEN ((?1 = ?3 AND ?1 <> 0) OR EXISTS (SELECT 1 FROM "
                         "messages WHERE id = ?1)) AND NOT EXISTS (SELECT 1 FROM messages WHERE "
                         "conversation = ?2 AND id > ?1 AND parent = ?1) THEN ?1 ELSE "
                         "coalesce((SELECT active_leaf FROM conversations WHERE id = ?2), 0) "
                         "END"));
    ASSIGN_OR_RETURN(const bool isRow,
                     statement.bind(info.activeLeaf).bind(info.id).bind(coming).step());
    return isRow ? statement.integer(0) : info.activeLeaf;
}

/// `coming`: the message that is written with it.
Result<void> putConversationAndDraft(Database& database,
                                     const ConversationInfo& info,
                                     MessageId coming = 0) {
    ConversationInfo stored = info;
    ASSIGN_OR_RETURN(stored.activeLeaf, endOf(database, info, coming));
    RETURN_IF_ERROR(putConversation(database, stored));
    if (!info.hasAttachedDraft) RETURN_IF_ERROR(cutDraftAttachments(database, info.id, 0));
    return putDraft(database, info);
}

/// The conversation of a message whose own row could not be saved (a full disk, say).
Result<void> putMissingConversation(Database& database, const ChatMessage& message) {
    ASSIGN_OR_RETURN(Statement statement,
                     database.prepare("INSERT INTO conversations(id, preview, created_at, "
                                      "updated_at, active_leaf) SELECT ?1, ?2, ?3, ?3, ?4 WHERE "
                                      "NOT EXISTS (SELECT 1 FROM conversations WHERE id = ?1)"));
    statement.bind(message.conversation).bind(summaryOf(message).left(kPreviewLength));
    bindTime(statement, message.createdAt);
    return statement.bind(message.id).run();
}

Result<void> putMessage(Database& database, const ChatMessage& message) {
    ASSIGN_OR_RETURN(
        Statement statement,
        database.prepare("INSERT INTO messages(id, conversation, parent, role, state, persona, "
                         "created_at, stats) VALUES(?, ?, ?, ?, ?, ?, ?, ?) "
                         "ON CONFLICT(id) DO UPDATE SET conversation=excluded.conversation, "
                         "parent=excluded.parent, role=excluded.role, state=excluded.state, "
                         "persona=excluded.persona, created_at=excluded.created_at, "
                         "stats=excluded.stats WHERE (conversation, parent, role, state, persona, "
                         "created_at, stats) IS NOT (excluded.conversation, excluded.parent, "
                         "excluded.role, excluded.state, excluded.persona, excluded.created_at, "
                         "excluded.stats)"));
    statement.bind(message.id).bind(message.conversation).bind(message.parent);
    statement.bind(QString(storedName(message.role))).bind(QString(storedName(message.state)));
    statement.bind(message.personaId);
    bindTime(statement, message.createdAt);
    return statement.bind(message.stats).run();
}

Result<void> putParts(Database& database, const ChatMessage& message) {
    ASSIGN_OR_RETURN(
        Statement statement,
        database.prepare("INSERT INTO parts(message, position, kind, tool_name, call_state, "
                         "summary, duration_ms, data, text) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) "
                         "ON CONFLICT(message, position) DO UPDATE SET kind=excluded.kind, "
                         "tool_name=excluded.tool_name, call_state=excluded.call_state, "
                         "summary=excluded.summary, duration_ms=excluded.duration_ms, "
                         "data=excluded.data, text=excluded.text WHERE (kind, tool_name, "
                         "call_state, summary, duration_ms, data, text) IS NOT (excluded.kind, "
                         "excluded.tool_name, excluded.call_state, excluded.summary, "
                         "excluded.duration_ms, excluded.data, excluded.text)"));
    qint64 position = 0;
    for (const Part& part : message.parts) {
        statement.bind(message.id).bind(position++).bind(QString(storedName(part.kind)));
        statement.bind(part.toolName).bind(QString(storedName(part.callState)));
        statement.bind(part.summary).bind(part.durationMs).bind(part.data).bind(part.text);
        RETURN_IF_ERROR(statement.run());
        statement.reset();
    }
    ASSIGN_OR_RETURN(Statement surplus,
                     database.prepare("DELETE FROM parts WHERE message = ? AND position >= ?"));
    return surplus.bind(message.id).bind(position).run();
}

Result<void> putSummary(Database& database, const ChatMessage& message) {
    if (!message.summary) {
        ASSIGN_OR_RETURN(Statement statement,
                         database.prepare("DELETE FROM summaries WHERE message = ?"));
        return statement.bind(message.id).run();
    }
    ASSIGN_OR_RETURN(
        Statement statement,
        database.prepare("INSERT INTO summaries(message, is_leaving_out, text) VALUES(?, ?, ?) "
                         "ON CONFLICT(message) DO UPDATE SET "
                         "is_leaving_out=excluded.is_leaving_out, text=excluded.text WHERE "
                         "(is_leaving_out, text) IS NOT (excluded.is_leaving_out, excluded.text)"));
    statement.bind(message.id).bind(qint64{message.summary->isLeavingOut});
    return statement.bind(message.summary->text).run();
}

/// A message with everything that belongs to it.
Result<void> putWholeMessage(Database& database, const ChatMessage& message) {
    RETURN_IF_ERROR(putMessage(database, message));
    RETURN_IF_ERROR(putParts(database, message));
    return putSummary(database, message);
}

Part partAt(const Statement& row) {
    Part part;
    part.kind = partKindOf(row.text(1));
    part.toolName = row.text(2);
    part.callState = callStateOf(row.text(3));
    part.summary = row.text(4);
    part.durationMs = row.integer(5);
    part.data = row.object(6);
    part.text = row.text(7);
    return part;
}

Result<std::vector<ChatMessage>> loadWithoutParts(Database& database, ConversationId conversation) {
    ASSIGN_OR_RETURN(
        Statement row,
        database.prepare("SELECT id, parent, role, state, persona, created_at, stats, text, "
                         "is_leaving_out FROM messages LEFT JOIN summaries ON message = id "
                         "WHERE conversation = ? ORDER BY id"));
    row.bind(conversation);
    std::vector<ChatMessage> messages;
    for (;;) {
        ASSIGN_OR_RETURN(const bool hasRow, row.step());
        if (!hasRow) return messages;
        ChatMessage message;
        message.id = row.integer(0);
        message.conversation = conversation;
        message.parent = row.integer(1);
        message.role = roleOf(row.text(2));
        message.state = stateOf(row.text(3));
        message.personaId = row.text(4);
        message.createdAt = timeAt(row, 5);
        message.stats = row.object(6);
        if (!row.isNull(7)) message.summary = BranchSummary{row.text(7), row.integer(8) != 0};
        messages.push_back(std::move(message));
    }
}

}  // namespace

Result<std::vector<ConversationInfo>> loadConversations(Database& database) {
    ASSIGN_OR_RETURN(
        Statement row,
        database.prepare(
            "SELECT id, title, preview, persona, created_at, updated_at, is_pinned, "
            "active_leaf, text, parameters, folder, EXISTS(SELECT 1 FROM draft_attachments a WHERE "
            "a.conversation = id) FROM conversations LEFT JOIN drafts ON drafts.conversation = id "
            "WHERE deleted_at IS NULL "
            "ORDER BY is_pinned DESC, updated_at DESC, id DESC"));
    std::vector<ConversationInfo> conversations;
    for (;;) {
        ASSIGN_OR_RETURN(const bool hasRow, row.step());
        if (!hasRow) return conversations;
        ConversationInfo info;
        info.id = row.integer(0);
        info.title = row.text(1);
        info.preview = row.text(2);
        info.personaId = row.text(3);
        info.createdAt = timeAt(row, 4);
        info.updatedAt = timeAt(row, 5);
        info.isPinned = row.integer(6) != 0;
        info.activeLeaf = row.integer(7);
        info.draft = row.text(8);
        info.parameters = row.object(9);
        info.folder = row.text(10);
        info.hasAttachedDraft = row.integer(11) != 0;
        conversations.push_back(std::move(info));
    }
}

Result<std::vector<ChatMessage>> loadMessages(Database& database, ConversationId conversation) {
    ASSIGN_OR_RETURN(std::vector<ChatMessage> messages, loadWithoutParts(database, conversation));
    ASSIGN_OR_RETURN(
        Statement row,
        database.prepare("SELECT m.id, p.kind, p.tool_name, p.call_state, p.summary, "
                         "p.duration_ms, p.data, p.text FROM messages m JOIN parts p ON "
                         "p.message = m.id WHERE m.conversation = ? ORDER BY m.id, p.position"));
    row.bind(conversation);
    auto message = messages.begin();  // both come in the order of the messages' ids
    for (;;) {
        ASSIGN_OR_RETURN(const bool hasRow, row.step());
        if (!hasRow) return messages;
        const MessageId id = row.integer(0);
        while (message != messages.end() && message->id < id) ++message;
        if (message == messages.end()) return messages;
        if (message->id == id) message->parts.push_back(partAt(row));
    }
}

Result<Attachments> loadDraftAttachments(Database& database, ConversationId conversation) {
    ASSIGN_OR_RETURN(Statement row,
                     database.prepare("SELECT data, text FROM draft_attachments WHERE "
                                      "conversation = ? ORDER BY position"));
    row.bind(conversation);
    Attachments attachments;
    for (;;) {
        ASSIGN_OR_RETURN(const bool hasRow, row.step());
        if (!hasRow) return attachments;
        Part part;
        part.data = row.object(0);
        part.text = row.text(1);
        attachments.push_back(attachmentOf(part));
    }
}

Result<void> saveDraft(Database& database,
                       const ConversationInfo& info,
                       const Attachments& attachments) {
    ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
    RETURN_IF_ERROR(putConversationAndDraft(database, info));
    RETURN_IF_ERROR(putDraftAttachments(database, info.id, attachments));
    return transaction.commit();
}

Result<void> saveConversation(Database& database, const ConversationInfo& info) {
    ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
    RETURN_IF_ERROR(putConversationAndDraft(database, info));
    return transaction.commit();
}

Result<void> saveFolders(Database& database, const std::vector<FolderPlace>& places) {
    ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
    {
        ASSIGN_OR_RETURN(Statement statement,
                         database.prepare("UPDATE conversations SET folder = ?1 WHERE id = ?2 AND "
                                          "folder IS NOT ?1"));
        for (const FolderPlace& place : places) {
            RETURN_IF_ERROR(statement.bind(place.folder).bind(place.conversation).run());
            statement.reset();
        }
    }
    return transaction.commit();
}

Result<void> saveMessage(Database& database,
                         const ChatMessage& message,
                         const std::optional<ConversationInfo>& info) {
    ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
    if (info) RETURN_IF_ERROR(putConversationAndDraft(database, *info, message.id));
    RETURN_IF_ERROR(putMissingConversation(database, message));
    RETURN_IF_ERROR(putWholeMessage(database, message));
    return transaction.commit();
}

Result<void> insertConversation(Database& database,
                                const ConversationInfo& info,
                                const std::vector<ChatMessage>& messages,
                                const Attachments& draftAttachments) {
    ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
    RETURN_IF_ERROR(putConversationAndDraft(database, info, info.activeLeaf));
    RETURN_IF_ERROR(putDraftAttachments(database, info.id, draftAttachments));
    for (const ChatMessage& message : messages) RETURN_IF_ERROR(putWholeMessage(database, message));
    return transaction.commit();
}

Result<void> setTrashed(Database& database,
                        ConversationId conversation,
                        const std::optional<QDateTime>& when) {
    ASSIGN_OR_RETURN(Statement statement,
                     database.prepare("UPDATE conversations SET deleted_at = ? WHERE id = ?"));
    bindTime(statement, when.value_or(QDateTime()));
    return statement.bind(conversation).run();
}

Result<std::vector<TrashedConversation>> loadTrash(Database& database) {
    ASSIGN_OR_RETURN(
        Statement row,
        database.prepare("SELECT id, title, preview, deleted_at FROM conversations "
                         "WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, id DESC"));
    std::vector<TrashedConversation> trash;
    for (;;) {
        ASSIGN_OR_RETURN(const bool hasRow, row.step());
        if (!hasRow) return trash;
        const QString title = row.text(1);
        trash.push_back({row.integer(0), title.isEmpty() ? row.text(2) : title, timeAt(row, 3)});
    }
}

Result<std::vector<ConversationId>> trashedBefore(Database& database, const QDateTime& limit) {
    ASSIGN_OR_RETURN(
        Statement statement,
        database.prepare("SELECT id FROM conversations WHERE deleted_at < ? ORDER BY id"));
    statement.bind(limit.toMSecsSinceEpoch());
    std::vector<ConversationId> conversations;
    for (;;) {
        ASSIGN_OR_RETURN(const bool hasRow, statement.step());
        if (!hasRow) return conversations;
        conversations.push_back(statement.integer(0));
    }
}

Result<void> emptyTrash(Database& database,
                        const std::vector<ConversationId>& conversations,
                        const QDateTime& limit) {
    ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
    Result<void> deleted;
    {
        ASSIGN_OR_RETURN(Statement statement,
                         database.prepare("DELETE FROM conversations WHERE id = ? AND "
                                          "deleted_at < ?"));
        for (const ConversationId id : conversations) {
            if (deleted) deleted = statement.bind(id).bind(limit.toMSecsSinceEpoch()).run();
            statement.reset();
        }
    }
    if (deleted) deleted = transaction.commit();
    RETURN_IF_ERROR(deleted);
    // The log would have it still.
    return database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<void> eraseConversations(Database& database,
                                const std::vector<ConversationId>& conversations) {
    ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
    {
        ASSIGN_OR_RETURN(Statement statement,
                         database.prepare("DELETE FROM conversations WHERE id = ?"));
        for (const ConversationId id : conversations) {
            RETURN_IF_ERROR(statement.bind(id).run());
            statement.reset();
        }
    }
    return transaction.commit();
}

Result<std::vector<ConversationId>> missingOf(Database& database,
                                              const std::vector<ConversationId>& conversations) {
    std::vector<ConversationId> missing;
    ASSIGN_OR_RETURN(Statement statement,
                     database.prepare("SELECT 1 FROM conversations WHERE id = ?"));
    for (const ConversationId id : conversations) {
        ASSIGN_OR_RETURN(const bool isThere, statement.bind(id).step());
        if (!isThere) missing.push_back(id);
        statement.reset();
    }
    return missing;
}

Result<LargestIds> largestIds(Database& database) {
    LargestIds largest;
    ASSIGN_OR_RETURN(
        largest.conversation,
        database.number("SELECT seq FROM sqlite_sequence WHERE name = 'conversations'"));
    ASSIGN_OR_RETURN(largest.message,
                     database.number("SELECT seq FROM sqlite_sequence WHERE name = 'messages'"));
    // Nobody has made so many: beyond it the next id would overflow.
    if (std::max(largest.conversation, largest.message) > kMaxId) {
        return database.lastError(SQLITE_CORRUPT);
    }
    return largest;
}

}  // namespace lares::app
