#pragma once

#include "app/chat/attachment.h"
#include "app/chat/chat_message.h"
#include "app/personas/persona.h"

#include <functional>
#include <vector>

namespace lares::app {

/// One conversation with everything that belongs to it, as it is taken out, brought in and
/// duplicated. A plain value; any thread.
struct ConversationContent {
    ConversationInfo info;
    std::vector<ChatMessage> messages;  ///< the whole tree, in order of the ids
    Attachments draftAttachments;
    std::vector<Persona> personas;  ///< who answers in it, as far as they are known

    bool operator==(const ConversationContent&) const = default;
};

/// What it is called where it has no title: its first words.
[[nodiscard]] QString exportTitle(const ConversationInfo& info);

/// As history: an answer that was being written is stopped, a call that waited or ran has failed,
/// and none of its changes to files is offered to be undone, which the original does.
void settle(ChatMessage& message);

/// Gives it another id, and each of its messages one from `next`, which only grow; what refers to a
/// message goes along.
void renumber(ConversationContent& content,
              ConversationId id,
              const std::function<MessageId()>& next);

}  // namespace lares::app
