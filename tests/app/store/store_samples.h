#pragma once

#include "app/chat/chat_message.h"
#include "app/store/conversation_store.h"

#include <QTemporaryDir>

#include <filesystem>
#include <memory>
#include <vector>

namespace lares::test {

/// A folder for one store, removed at the end.
class StoreFolder {
public:
    [[nodiscard]] std::filesystem::path path() const;      ///< does not exist yet
    [[nodiscard]] std::filesystem::path database() const;  ///< where the store makes its file

    /// The damaged databases that were set aside in it.
    [[nodiscard]] std::vector<std::filesystem::path> kept() const;

private:
    QTemporaryDir m_folder;
};

/// Empty where there is no such file.
[[nodiscard]] QByteArray bytesOf(const std::filesystem::path& file);
/// Makes the folders before it. Fails the test where it cannot be written.
void writeFile(const std::filesystem::path& file, const QByteArray& bytes);

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
