#pragma once

#include "app/export/conversation_content.h"
#include "engine/base/result.h"

#include <QByteArray>

namespace lares::app {

/// Who wrote a conversation that comes in.
enum class ConversationOrigin { Lares, ChatGpt, LmStudio };

/// What another program's conversation has and Lares does not take over.
struct LeftOut {
    int pictures = 0;      ///< and what else is no text: voice, files
    int toolSteps = 0;     ///< calls of its tools, and what they answered
    int instructions = 0;  ///< of the user for every conversation, of a program to its model

    LeftOut& operator+=(const LeftOut& other);
    bool operator==(const LeftOut&) const = default;
};

struct ReadConversation {
    ConversationContent content;  ///< as conversationFromJson gives it
    LeftOut leftOut;
};

/// Whole and within the bounds (conversation_json.h); Corrupt where it is not, with the reason
/// alone, to end a sentence with. Any thread.
[[nodiscard]] Result<ReadConversation> readConversation(ConversationOrigin origin,
                                                        const QByteArray& json);

}  // namespace lares::app
