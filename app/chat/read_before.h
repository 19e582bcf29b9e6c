#pragma once

#include "app/chat/chat_message.h"

#include <QString>

namespace lares::app {

class ConversationModel;

/// What of other people's the model has read before a call of this answer, the shown branch of its
/// conversation included: files by name, tool servers. One sentence for the user, ready to be
/// shown: any of it may be why the model asks. `call`: index of the part.
[[nodiscard]] QString readBefore(const ConversationModel& conversation,
                                 const ChatMessage& answer,
                                 std::size_t call);

}  // namespace lares::app
