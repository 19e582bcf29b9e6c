#pragma once

#include "app/chat/chat_message.h"
#include "app/store/conversation_store.h"

#include <QTemporaryDir>

#include <filesystem>
#include <memory>

namespace lares::test {

/// A folder for one store, removed at the end.
class StoreFolder {
public:
    [[nodiscard]] std::filesystem::path path() const;      ///< does not exist yet
    [[nodiscard]] std::filesystem::path database() const;  ///< where the store makes its file

private:
    QTemporaryDir m_folder;
};

/// Fails the test (and returns null) where the store does not open.
[[nodiscard]] std::unique_ptr<app::ConversationStore> openStore(const std::filesystem::path& path);

/// What a call answers, waited for.
template <class T>
[[nodiscard]] Result<T> answer(QFuture<Result<T>> reply) {
    return reply.result();
}

[[nodiscard]] app::Part part(app::Part::Kind kind, const QString& text);
[[nodiscard]] app::ConversationInfo sampleConversation(app::ConversationId id);
[[nodiscard]] app::ChatMessage userMessage(app::MessageId id,
                                           app::ConversationId conversation,
                                           app::MessageId parent,
                                           const QString& text);
/// Thinking, text, a call, its result, text again: every field of every kind is set.
[[nodiscard]] app::Attachment sampleAttachment(const QString& name);
[[nodiscard]] app::ChatMessage fullAnswer(app::MessageId id,
                                          app::ConversationId conversation,
                                          app::MessageId parent);

}  // namespace lares::test
