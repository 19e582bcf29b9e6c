#include "app/transcript/transcript_target.h"

#include "app/transcript/answer_sources.h"
#include "app/transcript/block_style.h"

#include <QCoreApplication>
#include <QFontMetrics>

#include <algorithm>

namespace lares::app {
namespace {

using TargetKind = TranscriptTarget::Kind;

struct TargetText {
    Q_DECLARE_TR_FUNCTIONS(TranscriptTarget)
};

/// The link under a position of the block's text; -1: none.
int linkAt(const MarkdownBlock& block, int position) {
    for (const InlineSpan& span : block.spans) {
        if (position >= span.start && position < span.start + span.length) return span.link;
    }
    return -1;
}

/// What that link says.
QString linkText(const MarkdownBlock& block, int link) {
    for (const InlineSpan& span : block.spans) {
        if (span.link == link) return block.text.mid(span.start, span.length);
    }
    return {};
}

TargetKind kindOf(Piece::Kind kind) {
    switch (kind) {
        case Piece::Kind::CodeHead:
            return TargetKind::CopyCode;
        case Piece::Kind::ThinkingLine:
            return TargetKind::Thinking;
        case Piece::Kind::ToolLine:
            return TargetKind::Tool;
        case Piece::Kind::Notice:
            return TargetKind::CopyDetails;
        case Piece::Kind::SummaryLine:
            return TargetKind::Summary;
        default:
            return TargetKind::None;
    }
}

/// From the message's top left corner.
std::vector<QRect> chipRectsOf(const Piece& piece, const RowLayout& layout, const Theme& theme) {
    std::vector<QRect> rects = chipRects(layout.blocks()[piece.block].chips, piece.width, theme);
    for (QRect& rect : rects) rect.translate(piece.left, piece.top);
    return rects;
}

QRect linkRect(const TranscriptTarget& target, const RowLayout& layout) {
    const MarkdownBlock& block = layout.blocks()[target.block].block;
    const auto [first, last] = layout.piecesOf(target.block);
    for (const InlineSpan& span : block.spans) {
        if (span.link != target.link) continue;
        for (std::size_t i = first; i < last; ++i) {
            const Piece& piece = layout.pieces()[i];
            for (const Piece::Cell& cell : piece.cells) {
                const int from = span.start - cell.from;
                const auto rects = cell.lines->rects(from, from + span.length);
                if (rects.empty()) continue;
                return rects.front().toAlignedRect().translated(piece.left + cell.x,
                                                                piece.top + piece.padAbove);
            }
        }
    }
    return {};
}

}  // namespace

QRect undoButtonRect(const Piece& piece, const QString& text, const Theme& theme) {
    QFont font = theme.secondaryFont;
    font.setWeight(QFont::Medium);
    const int width = QFontMetrics(font).horizontalAdvance(text) + theme.scaled(20);
    const int height = std::min(theme.scaled(26), piece.height - 4);
    return {piece.left + piece.width - theme.scaled(36) - width,
            piece.top + (piece.height - height) / 2, width, height};
}

QRect summaryLineRect(const Piece& piece, const QString& text, const Theme& theme) {
    const int width =
        std::min(piece.width, QFontMetrics(theme.secondaryFont).horizontalAdvance(text) +
                                  theme.scaled(2 * 12 + 14 + 4));
    return {piece.left + (piece.width - width) / 2, piece.top, width, piece.height};
}

std::vector<QRect> summaryButtonRects(const Piece& piece,
                                      const QStringList& buttons,
                                      const Theme& theme) {
    QFont font = theme.secondaryFont;
    font.setWeight(QFont::Medium);
    std::vector<QRect> rects;
    int left = piece.left + theme.scaled(18);  // below the quoted text
    for (const QString& button : buttons) {
        const int width = QFontMetrics(font).horizontalAdvance(button) + theme.scaled(20);
        rects.emplace_back(left, piece.top, width, piece.height);
        left += width + theme.scaled(8);
    }
    return rects;
}

QRect copyButtonRect(const Piece& piece, const Theme& theme) {
    if (piece.kind == Piece::Kind::CodeHead) {
        const int size = theme.scaled(26);
        return {piece.left + piece.width - size - theme.scaled(5),
                piece.top + (piece.height - size) / 2 + 1, size, size};
    }
    const int width =
        QFontMetrics(theme.secondaryFont).horizontalAdvance(TargetText::tr("Copy details")) +
        theme.scaled(16);
    const int right = piece.left + piece.width + theme.scaled(kCodePadding + 110 - 6);
    return {right - width, piece.top + theme.scaled(6), width, theme.scaled(27)};
}

std::vector<TranscriptTarget> targetsOf(const std::vector<ContentBlock>& blocks, int row) {
    std::vector<TranscriptTarget> found = {{TargetKind::Message, row, 0, -1}};
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const ContentBlock& content = blocks[i];
        switch (content.kind) {
            case ContentBlock::Kind::ThinkingLine:
                found.push_back({TargetKind::Thinking, row, i, -1});
                break;
            case ContentBlock::Kind::ToolLine:
                found.push_back({TargetKind::Tool, row, i, -1});
                if (!content.undo.isEmpty()) found.push_back({TargetKind::Undo, row, i, -1});
                break;
            case ContentBlock::Kind::Notice:
                found.push_back({TargetKind::CopyDetails, row, i, -1});
                break;
            case ContentBlock::Kind::Chips:
                for (std::size_t chip = 0; chip < content.chips.size(); ++chip)
                    found.push_back({TargetKind::Attachment, row, i, static_cast<int>(chip)});
                break;
            case ContentBlock::Kind::SummaryLine:
                found.push_back({TargetKind::Summary, row, i, -1});
                break;
            case ContentBlock::Kind::SummaryActions:
                for (int button = 0; button < content.buttons.size(); ++button)
                    found.push_back({TargetKind::SummaryAction, row, i, button});
                break;
            case ContentBlock::Kind::Card:
                found.push_back({TargetKind::Card, row, i, -1});
                break;
            default:
                if (content.block.kind == MarkdownBlock::Kind::Code)
                    found.push_back({TargetKind::CopyCode, row, i, -1});
                for (int link = 0; link < content.block.links.size(); ++link)
                    found.push_back({TargetKind::Link, row, i, link});
                break;
        }
    }
    return found;
}

QRect rectOf(const TranscriptTarget& target,
             const RowLayout& layout,
             const RowLayout::Metrics& metrics) {
    if (target.kind == TargetKind::Message) {
        QRect area = layout.bubble(metrics);
        for (const Piece& piece : layout.pieces()) {
            if (piece.kind != Piece::Kind::Chips) continue;
            for (const QRect& chip : chipRectsOf(piece, layout, *metrics.theme)) area |= chip;
        }
        return area.isEmpty() ? QRect(0, 0, metrics.column, layout.height()) : area;
    }
    if (target.block >= layout.blocks().size()) return {};
    if (target.kind == TargetKind::Link) return linkRect(target, layout);
    const auto [first, last] = layout.piecesOf(target.block);
    if (first == last) return {};
    const Piece& piece = layout.pieces()[first];
    if (target.kind == TargetKind::Attachment) {
        const std::vector<QRect> rects = chipRectsOf(piece, layout, *metrics.theme);
        const auto chip = static_cast<std::size_t>(target.link);
        return chip < rects.size() ? rects[chip] : QRect();
    }
    if (target.kind == TargetKind::Summary)
        return summaryLineRect(piece, layout.blocks()[target.block].block.text, *metrics.theme);
    if (target.kind == TargetKind::SummaryAction) {
        const std::vector<QRect> rects =
            summaryButtonRects(piece, layout.blocks()[target.block].buttons, *metrics.theme);
        const auto button = static_cast<std::size_t>(target.link);
        return button < rects.size() ? rects[button] : QRect();
    }
    if (target.kind == TargetKind::CopyCode || target.kind == TargetKind::CopyDetails)
        return copyButtonRect(piece, *metrics.theme);
    if (target.kind == TargetKind::Undo)
        return undoButtonRect(piece, layout.blocks()[target.block].undo, *metrics.theme);
    QRect rect(piece.left, piece.top, piece.width, piece.height);
    if (target.kind == TargetKind::Thinking) {
        const QString& text = layout.blocks()[target.block].block.text;
        rect.setWidth(QFontMetrics(metrics.theme->secondaryFont).horizontalAdvance(text) +
                      metrics.theme->scaled(16));
    }
    return rect;
}

TranscriptTarget targetAt(QPoint point,
                          const RowLayout& layout,
                          int row,
                          const RowLayout::Metrics& metrics) {
    if (layout.pieces().empty()) return {};
    const Piece& piece = layout.pieces()[layout.pieceAt(point.y())];
    if (piece.kind == Piece::Kind::ToolLine && !layout.blocks()[piece.block].undo.isEmpty()) {
        const TranscriptTarget undo = {TargetKind::Undo, row, piece.block, -1};
        if (rectOf(undo, layout, metrics).contains(point)) return undo;
    }
    if (piece.kind == Piece::Kind::Chips) {
        const std::vector<QRect> rects = chipRectsOf(piece, layout, *metrics.theme);
        for (std::size_t chip = 0; chip < rects.size(); ++chip) {
            if (rects[chip].contains(point))
                return {TargetKind::Attachment, row, piece.block, static_cast<int>(chip)};
        }
        return {};
    }
    if (piece.kind == Piece::Kind::SummaryActions) {
        const std::vector<QRect> rects =
            summaryButtonRects(piece, layout.blocks()[piece.block].buttons, *metrics.theme);
        for (std::size_t button = 0; button < rects.size(); ++button) {
            if (rects[button].contains(point))
                return {TargetKind::SummaryAction, row, piece.block, static_cast<int>(button)};
        }
        return {};
    }
    if (const TargetKind kind = kindOf(piece.kind); kind != TargetKind::None) {
        const TranscriptTarget target = {kind, row, piece.block, -1};
        return rectOf(target, layout, metrics).contains(point) ? target : TranscriptTarget{};
    }
    for (const Piece::Cell& cell : piece.cells) {
        const QPoint inText = point - layout.textOrigin(piece, metrics) - QPoint(cell.x, 0);
        const int character = cell.lines->characterAt(inText);
        if (character < 0) continue;
        const int link = linkAt(layout.blocks()[piece.block].block, cell.from + character);
        if (link >= 0) return {TargetKind::Link, row, piece.block, link};
    }
    return {};
}

QString nameOf(const TranscriptTarget& target, const ContentBlock& block) {
    switch (target.kind) {
        case TargetKind::Link:
            if (block.kind == ContentBlock::Kind::Sources &&
                sourceMessageOf(block.block.links.value(target.link)))
                return TargetText::tr("Open the conversation %1")
                    .arg(linkText(block.block, target.link));
            if (block.kind == ContentBlock::Kind::Sources)
                return TargetText::tr("Open the source %1")
                    .arg(block.block.links.value(target.link));
            return TargetText::tr("Link to %1").arg(block.block.links.value(target.link));
        case TargetKind::CopyCode:
            return TargetText::tr("Copy code");
        case TargetKind::Thinking:
            return block.block.text;
        case TargetKind::Tool:
            return block.detail.isEmpty()
                       ? block.block.text
                       : TargetText::tr("%1, %2").arg(block.block.text, block.detail);
        case TargetKind::Undo:
            return block.undo;
        case TargetKind::CopyDetails:
            return TargetText::tr("Copy details");
        case TargetKind::Summary:
            return (block.isOpen ? TargetText::tr("%1. Hide it") : TargetText::tr("%1. Show it"))
                .arg(block.block.text);
        case TargetKind::SummaryAction:
            return block.buttons.value(target.link);
        case TargetKind::Attachment: {
            const auto chip = static_cast<std::size_t>(target.link);
            if (chip >= block.chips.size()) return {};
            const AttachmentChip& shown = block.chips[chip];
            if (shown.isQuiet)
                return (shown.isOpen ? TargetText::tr("%1. Hide it")
                                     : TargetText::tr("%1. Show it"))
                    .arg(shown.name);
            return (shown.isOpen ? TargetText::tr("Hide %1, %2") : TargetText::tr("Show %1, %2"))
                .arg(shown.name, shown.detail);
        }
        default:
            return {};
    }
}

}  // namespace lares::app
