#pragma once

#include "app/chat/chat_message.h"
#include "engine/session/engine.h"

#include <vector>

namespace lares::app {

/// Key in Part::data: which answer of its turn a part belongs to, an int from 0. Left out for 0.
inline constexpr const char* kStepKey = "step";
[[nodiscard]] int stepOf(const Part& part);

/// The messages that the model reads for a path of the tree: the persona's system text, then user
/// and assistant messages. What goes with a user's message stands before its words (userTurn). An
/// assistant's turn of several steps becomes, for each step, the answer with its calls and one
/// `tool` message for each result. Notices stay with the user. A call without a result (the program
/// ended, the user stopped) gets one that says so, since a prompt with an open call would be no
/// conversation that the model has seen.
[[nodiscard]] std::vector<Message> promptMessages(const QString& system,
                                                  const std::vector<const ChatMessage*>& path);

}  // namespace lares::app
