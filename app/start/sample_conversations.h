#pragma once

#include "app/chat/chat_message.h"

#include <vector>

namespace lares::app {

/// Made-up conversations for pictures of the window. Ids are fixed, dates count back from `now`.
struct SampleConversation {
    ConversationInfo info;
    std::vector<ChatMessage> messages;
};
[[nodiscard]] std::vector<SampleConversation> sampleConversations(const QDateTime& now);

/// The one with every kind of Markdown block.
inline constexpr ConversationId kLongSample = 1;

}  // namespace lares::app
