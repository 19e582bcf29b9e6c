#pragma once

#include "app/transcript/markdown_blocks.h"

namespace lares::app {

/// The blocks of a text that grows. Each update parses only what stands behind the last safe cut
/// (a top-level paragraph after a blank line), so that an answer costs its length, not its length
/// squared; the result is always that of parsing the whole. UI thread only.
class MarkdownStream {
public:
    /// The new text; usually the old one with more behind it. Returns the index of the first
    /// block that changed.
    std::size_t update(const QString& text);
    [[nodiscard]] const std::vector<MarkdownBlock>& blocks() const { return m_blocks; }
    /// How many characters the last update parsed.
    [[nodiscard]] qsizetype parsed() const { return m_parsed; }

private:
    QString m_text;
    std::vector<MarkdownBlock> m_blocks;
    qsizetype m_cut = 0;
    std::size_t m_blocksBefore = 0;
    int m_containersBefore = 0;
    qsizetype m_parsed = 0;
    bool m_linksAddresses = true;
};

}  // namespace lares::app
