#pragma once

#include "app/export/conversation_reader.h"

#include <QJsonObject>

namespace lares::app {

/// Whether it looks like a conversation of LM Studio, whatever else is wrong with it.
[[nodiscard]] bool isLmStudio(const QJsonObject& object);

/// A conversation of LM Studio, a file of its own (tests/data/import/README.md): messages in a row,
/// each with its versions. What follows a message hangs on the version that was selected. Any
/// thread.
[[nodiscard]] Result<ReadConversation> fromLmStudio(const QJsonObject& object);

}  // namespace lares::app
