#pragma once

#include "app/chat/chat_message.h"
#include "app/transcript/markdown_blocks.h"

#include <optional>

namespace lares::app {

/// "Sources: lease.pdf, page 3 · Boiler (14/03/2026)" of an answer whose tools showed passages of
/// files and earlier conversations, each place a link: a file's path, or what sourceMessageOf
/// reads. Only what a tool gave back is named, never what the model wrote; each place once, a
/// conversation once a day, at most kMaxShownSources. No links: there is none. Any thread.
[[nodiscard]] MarkdownBlock sourcesBlock(const ChatMessage& message);

/// The message of an earlier conversation that a link of that line leads to.
struct PlaceOfMessage {
    ConversationId conversation = 0;
    MessageId message = 0;
};
/// Nothing: the link is a file's path.
[[nodiscard]] std::optional<PlaceOfMessage> sourceMessageOf(const QString& link);

inline constexpr int kMaxShownSources = 12;

}  // namespace lares::app
