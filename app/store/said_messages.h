#pragma once

#include "app/chat/chat_message.h"
#include "app/store/database.h"

#include <functional>
#include <vector>

namespace lares::app {

/// A message as a search looks at it. Thinking, calls and what tools gave back are left out.
struct SaidMessage {
    MessageId id = 0;
    ConversationId conversation = 0;
    QString title;  ///< of the conversation, or how it begins
    Role role = Role::User;
    QDateTime when;           ///< invalid: not known
    std::vector<Part> parts;  ///< what was said, and what is attached: kind, data and text
};

/// A part of what was said, the newest message first.
struct SaidPage {
    std::vector<SaidMessage> messages;
    MessageId next = 0;  ///< go on before this message; 0: that was all
};

enum class WithAttachments { No, Yes };

/// Gives `take` messages older than `before` (0: all), the newest first, but for those of
/// conversations in the trash and of `without` (0: none). Stops after about two megabytes, so that
/// a save that waits is soon carried out. Returns before which message to go on; 0: that was all.
/// On the store's thread.
[[nodiscard]] Result<MessageId> walkSaid(Database& database,
                                         MessageId before,
                                         ConversationId without,
                                         WithAttachments attachments,
                                         const std::function<void(const SaidMessage&)>& take);

}  // namespace lares::app
