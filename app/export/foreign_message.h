#pragma once

#include "app/export/conversation_content.h"
#include "engine/base/result.h"

#include <QJsonValue>

namespace lares::app {

/// What the readers of other programs' conversations share. Any thread.

/// A time of a number of milliseconds, local as the store gives it; invalid where it is none.
[[nodiscard]] QDateTime foreignTime(double milliseconds);
/// Adds a piece of text where it says something; pieces of one kind in a row become one.
void addText(std::vector<Part>& parts, Part::Kind kind, const QString& text);
/// Adds it as the next message, numbered; Corrupt beyond the bounds.
[[nodiscard]] Result<MessageId> addMessage(ConversationContent& content, ChatMessage message);
/// The beginning as the list shows it, and times where the file has none; Corrupt where there is
/// no message.
[[nodiscard]] Result<void> complete(ConversationContent& content);

}  // namespace lares::app
