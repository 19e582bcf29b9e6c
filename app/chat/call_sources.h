#pragma once

#include "app/chat/chat_message.h"
#include "tools/builtin/tool_text.h"

#include <vector>

namespace lares::app {

/// Whose text the result of a tool call showed, as its message keeps it (Part::data): files, and
/// messages of other conversations. Any thread.

/// A place in a file, or a message of another conversation.
struct CallSource {
    QString path;                     ///< or the conversation's title, as it was then
    QString page;                     ///< empty: none is named
    ConversationId conversation = 0;  ///< 0: it is a file
    MessageId message = 0;
    QDateTime when;  ///< of the message; invalid: not known
};
void setSources(Part& call, const std::vector<ToolSource>& sources);
[[nodiscard]] std::vector<CallSource> sourcesOf(const Part& call);
/// Leaves files alone: in another database the ids of messages are others'.
void forgetPastSources(Part& call);

}  // namespace lares::app
