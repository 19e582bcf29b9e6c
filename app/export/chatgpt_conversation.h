#pragma once

#include "app/export/conversation_reader.h"

#include <QJsonObject>

namespace lares::app {

/// One conversation of ChatGPT's conversations.json (tests/data/import/README.md): nodes under
/// "mapping", each with its parent and children, which become our tree of versions. A run of nodes
/// of one side is one message, as a turn is here; where it branches, each end is a version of the
/// whole. Any thread.
[[nodiscard]] Result<ReadConversation> fromChatGpt(const QJsonObject& object);

}  // namespace lares::app
