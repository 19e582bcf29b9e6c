#pragma once

#include "app/export/conversation_content.h"
#include "tests/app/support/random_texts.h"

namespace lares::test {

/// A tree with branches and versions, with every kind of part in every state, with ids from 1 and
/// a time of its own. `personas`: who may answer in it.
[[nodiscard]] app::ConversationContent randomConversation(
    RandomTexts& texts, const std::vector<app::Persona>& personas);

/// What of it a file promises to bring back: all of it, as history and with messages numbered from
/// 1; without what could be undone here, and what another conversation was asked for.
[[nodiscard]] app::ConversationContent asHistory(app::ConversationContent content);

/// The first thing that is not the same; empty: nothing.
[[nodiscard]] QString difference(const app::ConversationContent& a,
                                 const app::ConversationContent& b);

}  // namespace lares::test
