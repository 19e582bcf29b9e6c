#include "app/transcript/block_style.h"

#include <QFontMetricsF>

#include <algorithm>
#include <array>
#include <cmath>

namespace lares::app {
namespace {

using BlockKind = ContentBlock::Kind;
using Block = MarkdownBlock::Kind;

constexpr std::size_t kDeepest = 8;  ///< containers below this are not moved in further

int indentStep(const MarkdownContainer& container, const Theme& theme) {
    if (container.kind == MarkdownContainer::Kind::Quote) return theme.scaled(18);
    if (container.kind == MarkdownContainer::Kind::Bullet) return theme.scaled(24);
    const auto digits = QString::number(container.number).size();
    return theme.scaled(24 + 9 * std::max(0, static_cast<int>(digits) - 1));
}

bool isQuoted(const MarkdownBlock& block) {
    return std::any_of(
        block.containers.begin(), block.containers.end(),
        [](const MarkdownContainer& c) { return c.kind == MarkdownContainer::Kind::Quote; });
}

bool isControlLine(BlockKind kind) {
    return kind == BlockKind::ThinkingLine || kind == BlockKind::ToolLine;
}

bool isOfSummary(BlockKind kind) {
    return kind == BlockKind::SummaryLine || kind == BlockKind::SummaryText ||
           kind == BlockKind::SummaryActions;
}

}  // namespace

TextStyle textStyleOf(const ContentBlock& content, const Theme& theme) {
    TextStyle style;
    style.font = theme.bodyFont;
    style.color = isQuoted(content.block) ? theme.secondaryText : theme.text;
    double factor = Theme::kLineHeight;
    if (content.kind == BlockKind::ThinkingText || content.kind == BlockKind::SummaryText ||
        content.kind == BlockKind::Notice || content.kind == BlockKind::Progress ||
        content.kind == BlockKind::Sources) {
        style.font = theme.secondaryFont;
        // A failure (an open notice) is read as text; everything else is said quietly.
        const bool isFailure = content.kind == BlockKind::Notice && content.isOpen;
        style.color = isFailure ? theme.text : theme.secondaryText;
    } else if (content.block.kind == Block::Code) {
        style.font = theme.codeFont;
        style.breaksAnywhere = true;
        factor = Theme::kCodeLineHeight;
    } else if (content.block.kind == Block::Html) {
        style.font = theme.codeFont;
        style.color = theme.secondaryText;
        style.breaksAnywhere = true;
        factor = Theme::kCodeLineHeight;
    } else if (content.block.kind == Block::Table) {
        style.font.setPixelSize(static_cast<int>(std::lround(14 * theme.scale)));
    } else if (content.block.kind == Block::Heading) {
        static constexpr std::array kSizes = {1.25, 1.17, 1.08, 1.0, 1.0, 1.0};
        const auto level = static_cast<std::size_t>(std::clamp(content.block.level, 1, 6));
        style.font.setPixelSize(
            static_cast<int>(std::lround(theme.bodyFont.pixelSize() * kSizes[level - 1])));
        style.font.setWeight(QFont::DemiBold);
        factor = 1.4;
        if (level == 6) style.color = theme.secondaryText;
    }
    style.lineHeight = style.font.pixelSize() * factor;
    return style;
}

int indentOf(const MarkdownBlock& block, std::size_t depth, const Theme& theme) {
    int indent = 0;
    for (std::size_t i = 0; i < std::min({depth, block.containers.size(), kDeepest}); ++i)
        indent += indentStep(block.containers[i], theme);
    return indent;
}

int indentOf(const MarkdownBlock& block, const Theme& theme) {
    return indentOf(block, block.containers.size(), theme);
}

QString numberOf(const MarkdownContainer& container) {
    return QString::number(container.number) + container.mark;
}

bool shareContainer(const MarkdownBlock& a, const MarkdownBlock& b, std::size_t depth) {
    return depth < a.containers.size() && depth < b.containers.size() &&
           a.containers[depth].id == b.containers[depth].id;
}

int spaceBetween(const ContentBlock& above, const ContentBlock& below, const Theme& theme) {
    if (isOfSummary(above.kind))
        return theme.scaled(isOfSummary(below.kind) ? 10 : Theme::kBetweenTurns);
    if (above.kind == BlockKind::Name)
        return theme.scaled(below.kind == BlockKind::ThinkingLine ? 3 : 6);
    if (above.kind == BlockKind::ThinkingLine && below.kind == BlockKind::ThinkingText)
        return theme.scaled(6);
    if (isControlLine(above.kind) && isControlLine(below.kind)) return theme.scaled(8);
    if (isControlLine(above.kind) || isControlLine(below.kind)) return theme.scaled(10);
    if (above.kind != BlockKind::Text || below.kind != BlockKind::Text) return theme.scaled(10);

    const auto& a = above.block.containers;
    const auto& b = below.block.containers;
    if (!a.empty() && !b.empty() && a.front().list != 0 && a.front().list == b.front().list) {
        const bool isTight = b.back().isTight || a.back().isTight;
        const bool isPlain =
            above.block.kind == Block::Paragraph && below.block.kind == Block::Paragraph;
        return theme.scaled(isTight && isPlain ? 4 : 10);
    }
    if (below.block.kind == Block::Heading) return theme.scaled(24);
    if (above.block.kind == Block::Heading) return theme.scaled(8);
    if (above.block.kind == Block::Code || below.block.kind == Block::Code ||
        above.block.kind == Block::Table) {
        return theme.scaled(Theme::kBetweenBlocks);
    }
    if (below.block.kind == Block::Table) return theme.scaled(9);
    return theme.scaled(12);
}

int guessLines(QStringView text, double charactersPerLine) {
    int lines = 0;
    qsizetype from = 0;
    while (from <= text.size()) {
        qsizetype end = text.indexOf(u'\n', from);
        if (end < 0) end = text.size();
        lines += 1 + static_cast<int>(static_cast<double>(end - from) / charactersPerLine);
        from = end + 1;
    }
    return lines;
}

}  // namespace lares::app
