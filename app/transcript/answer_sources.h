#pragma once

#include "app/chat/chat_message.h"
#include "app/transcript/markdown_blocks.h"

namespace lares::app {

/// "Sources: lease.pdf, page 3 · car.txt" of an answer whose tools showed passages of files, each
/// place a link to its path. Only what a tool gave back is named, never what the model wrote; each
/// place once, at most kMaxShownSources. No links: there is none. Any thread.
[[nodiscard]] MarkdownBlock sourcesBlock(const ChatMessage& message);

inline constexpr int kMaxShownSources = 12;

}  // namespace lares::app
