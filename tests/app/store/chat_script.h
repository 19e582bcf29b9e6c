#pragma once

#include "app/chat/chat_message.h"

namespace lares::test {

/// What the chat that gets killed writes: everything follows from the ids, so that the test can
/// tell afterwards what must be there.

[[nodiscard]] app::ChatMessage scriptedQuestion(app::MessageId id,
                                                app::ConversationId conversation,
                                                app::MessageId parent);

/// An answer grows in steps: text, then a call, its result, then more text.
constexpr int kScriptedSteps = 12;
/// The answer after so many steps; Generating before the last one.
[[nodiscard]] app::ChatMessage scriptedAnswer(app::MessageId id,
                                              app::ConversationId conversation,
                                              app::MessageId parent,
                                              int steps);
/// How many steps this answer has taken; -1: it is none of them.
[[nodiscard]] int stepsOf(const app::ChatMessage& answer);

}  // namespace lares::test
