#pragma once

#include "app/transcript/markdown_blocks.h"

#include <functional>
#include <vector>

namespace lares::app {

/// Blocks below each other, each line of `body` behind the marks of what it stands in ("> ",
/// "- ", "2. "); an empty line between them, but not within a tight list.
[[nodiscard]] QString joinBlocks(const std::vector<MarkdownBlock>& blocks,
                                 const std::function<QString(const MarkdownBlock&)>& body);

}  // namespace lares::app
