#pragma once

#include "app/chat/attachment.h"

namespace lares::app {

/// What goes with a message, as it is copied with it, in front of the words: its name, and then all
/// of it, fenced in Markdown (by more than it contains), folded in HTML. Empty where there is none.
[[nodiscard]] QString attachmentsMarkdown(const Attachments& attachments);
[[nodiscard]] QString attachmentsHtml(const Attachments& attachments);

}  // namespace lares::app
