#include "app/transcript/markdown_stream.h"

#include <algorithm>

namespace lares::app {

std::size_t MarkdownStream::update(const QString& text) {
    const bool isSame = QStringView(text).startsWith(QStringView(m_text).left(m_cut));
    const bool linksAddresses = !hasManyAddresses(text);
    const bool isOtherwise = linksAddresses != m_linksAddresses;
    m_linksAddresses = linksAddresses;
    if (m_cut > 0 && (!isSame || isOtherwise || mayDefineLinks(text))) {
        m_cut = 0;
        m_blocksBefore = 0;
        m_containersBefore = 0;
    }
    MarkdownParse tail =
        parseMarkdownPart(QStringView(text).mid(m_cut), m_containersBefore, linksAddresses);
    m_parsed = text.size() - m_cut;

    const auto first = m_blocks.begin() + static_cast<std::ptrdiff_t>(m_blocksBefore);
    const auto differs =
        std::mismatch(first, m_blocks.end(), tail.blocks.begin(), tail.blocks.end());
    const auto changed = static_cast<std::size_t>(differs.first - m_blocks.begin());
    m_blocks.erase(differs.first, m_blocks.end());
    std::move(differs.second, tail.blocks.end(), std::back_inserter(m_blocks));

    m_text = text;
    if (tail.cut > 0 && !mayDefineLinks(text)) {
        m_cut += tail.cut;
        m_blocksBefore += tail.blocksBefore;
        m_containersBefore = tail.containersBefore;
    }
    return changed;
}

}  // namespace lares::app
