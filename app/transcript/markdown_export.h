#pragma once

#include "app/transcript/markdown_blocks.h"

#include <vector>

namespace lares::app {

/// The part of the block from one character to another; of a table whole rows are kept as cells
/// where they are touched.
[[nodiscard]] MarkdownBlock sliced(const MarkdownBlock& block, int from, int to);

/// Blocks as text to read, as Markdown, and as HTML (a fragment; everything escaped, links only to
/// http, https and mailto).
[[nodiscard]] QString toPlainText(const std::vector<MarkdownBlock>& blocks);
[[nodiscard]] QString toMarkdown(const std::vector<MarkdownBlock>& blocks);
[[nodiscard]] QString toHtml(const std::vector<MarkdownBlock>& blocks);

/// Whether a link may be offered to the user at all: http, https, mailto.
[[nodiscard]] bool isOpenableLink(const QString& href);

}  // namespace lares::app
