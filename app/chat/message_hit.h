#pragma once

#include "app/chat/chat_message.h"

#include <QString>

namespace lares::app {

/// A message that holds what is searched for, and a line of it. A plain value.
struct MessageHit {
    ConversationId conversation = 0;
    MessageId message = 0;
    QString snippet;     ///< one line around the first word that was found
    int matchStart = 0;  ///< where that word is in `snippet`
    int matchLength = 0;
};

}  // namespace lares::app
