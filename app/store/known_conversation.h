#pragma once

#include "app/chat/chat_message.h"
#include "app/store/database.h"

#include <vector>

namespace lares::app {

/// Whether one conversation that is there (in no trash) says everything that these messages of one
/// say, in the same order and at the same time: the same, or one that went on since. A copy says
/// the same and was made later, so both have to begin at the same time, where `createdAt` is one.
/// Titles, folders and what became of calls do not count. `messages` is a whole tree, parents
/// first. On the store's thread.
[[nodiscard]] Result<bool> isConversationKnown(Database& database,
                                               const QDateTime& createdAt,
                                               const std::vector<ChatMessage>& messages);

}  // namespace lares::app
