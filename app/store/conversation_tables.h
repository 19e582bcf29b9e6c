#pragma once

#include "app/chat/attachment.h"
#include "app/chat/chat_message.h"
#include "app/store/database.h"

#include <optional>
#include <vector>

namespace lares::app {

/// Conversations, drafts, messages and parts as rows. On the store's thread; every function that
/// writes is one transaction, and writes only the rows that differ.

[[nodiscard]] Result<std::vector<ConversationInfo>> loadConversations(Database& database);
/// In order of their ids: a parent comes before its children. Two queries, whatever the size.
[[nodiscard]] Result<std::vector<ChatMessage>> loadMessages(Database& database,
                                                            ConversationId conversation);

/// What is attached to a draft, in its order.
[[nodiscard]] Result<Attachments> loadDraftAttachments(Database& database,
                                                       ConversationId conversation);

/// The draft's text too; what is attached to it goes where `info` says that there is nothing.
[[nodiscard]] Result<void> saveConversation(Database& database, const ConversationInfo& info);
/// The same, with what is attached.
[[nodiscard]] Result<void> saveDraft(Database& database,
                                     const ConversationInfo& info,
                                     const Attachments& attachments);
/// All of them or none; no effect on one that was never saved.
[[nodiscard]] Result<void> saveFolders(Database& database, const std::vector<FolderPlace>& places);
[[nodiscard]] Result<void> saveMessage(Database& database,
                                       const ChatMessage& message,
                                       const std::optional<ConversationInfo>& info);

/// A whole conversation that is not there yet, with what is attached to its draft: all of it or
/// nothing.
[[nodiscard]] Result<void> insertConversation(Database& database,
                                              const ConversationInfo& info,
                                              const std::vector<ChatMessage>& messages,
                                              const Attachments& draftAttachments);

/// A time: into the trash. None: back out of it.
[[nodiscard]] Result<void> setTrashed(Database& database,
                                      ConversationId conversation,
                                      const std::optional<QDateTime>& when);
/// All of the trash, newest first.
[[nodiscard]] Result<std::vector<TrashedConversation>> loadTrash(Database& database);
/// What came into the trash before `limit`.
[[nodiscard]] Result<std::vector<ConversationId>> trashedBefore(Database& database,
                                                                const QDateTime& limit);
/// Deletes for good those of these that came into the trash before `limit`, and overwrites where
/// they were.
[[nodiscard]] Result<void> emptyTrash(Database& database,
                                      const std::vector<ConversationId>& conversations,
                                      const QDateTime& limit);

/// Deletes these whatever they are in, with all that belongs to them.
[[nodiscard]] Result<void> eraseConversations(Database& database,
                                              const std::vector<ConversationId>& conversations);
/// Those of these that are not there.
[[nodiscard]] Result<std::vector<ConversationId>> missingOf(
    Database& database, const std::vector<ConversationId>& conversations);

struct LargestIds {
    ConversationId conversation = 0;
    MessageId message = 0;
};
/// The largest that were ever stored, deleted rows among them.
[[nodiscard]] Result<LargestIds> largestIds(Database& database);

}  // namespace lares::app
