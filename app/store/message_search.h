#pragma once

#include "app/chat/message_hit.h"
#include "app/store/database.h"

#include <vector>

namespace lares::app {

/// A part of a search: the newest messages first.
struct SearchPage {
    std::vector<MessageHit> hits;
    MessageId next = 0;  ///< search on before this message; 0: all of them were looked at
};

/// Looks through the text of messages older than `before` (0: all), and what is attached to them,
/// for one that holds every word of `words`, in any order, as text_match.h compares them; thinking
/// and tools are left out, as are conversations in the trash. The snippet of what stands in an
/// attachment begins with its name. Stops after about two megabytes, so that a save that waits is
/// soon carried out: go on with `next`. Reads what is stored and needs no index. On the store's
/// thread.
[[nodiscard]] Result<SearchPage> searchMessages(Database& database,
                                                const QString& words,
                                                MessageId before);

}  // namespace lares::app
