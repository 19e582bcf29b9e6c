#include "app/transcript/row_painter.h"

#include "app/personas/persona_text.h"
#include "app/transcript/block_style.h"
#include "app/transcript/icons.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <limits>

namespace lares::app {
namespace {

using BlockKind = ContentBlock::Kind;

struct PainterText {
    Q_DECLARE_TR_FUNCTIONS(RowPainter)
};

/// The user's bubble: round, but at the lower right, where it comes from.
QPainterPath bubblePath(const QRectF& r, double radius, double corner) {
    QPainterPath path;
    path.moveTo(r.left() + radius, r.top());
    path.lineTo(r.right() - radius, r.top());
    path.arcTo(QRectF(r.right() - 2 * radius, r.top(), 2 * radius, 2 * radius), 90, -90);
    path.lineTo(r.right(), r.bottom() - corner);
    path.arcTo(QRectF(r.right() - 2 * corner, r.bottom() - 2 * corner, 2 * corner, 2 * corner), 0,
               -90);
    path.lineTo(r.left() + radius, r.bottom());
    path.arcTo(QRectF(r.left(), r.bottom() - 2 * radius, 2 * radius, 2 * radius), 270, -90);
    path.lineTo(r.left(), r.top() + radius);
    path.arcTo(QRectF(r.left(), r.top(), 2 * radius, 2 * radius), 180, -90);
    path.closeSubpath();
    return path;
}

TranscriptIcon iconOf(Part::CallState state) {
    switch (state) {
        case Part::CallState::Done:
            return TranscriptIcon::Check;
        case Part::CallState::Failed:
            return TranscriptIcon::Cross;
        case Part::CallState::Denied:
            return TranscriptIcon::Denied;
        case Part::CallState::Running:
            return TranscriptIcon::Running;
        default:
            return TranscriptIcon::Waiting;
    }
}

}  // namespace

QRect RowPainter::rectOfPiece(const Piece& piece) const {
    return QRect(piece.left, piece.top, piece.width, piece.height).translated(m_origin);
}

void RowPainter::paint(const RowLayout& layout, int row, QPoint origin, const QRect& clip) {
    m_row = row;
    m_origin = origin;
    m_clip = clip;
    m_painter.setRenderHint(QPainter::Antialiasing);
    paintBubble(layout);
    constexpr auto kNone = std::numeric_limits<std::size_t>::max();
    std::size_t grounded = kNone;
    for (std::size_t i = layout.pieceAt(clip.top() - origin.y()); i < layout.pieces().size(); ++i) {
        const Piece& piece = layout.pieces()[i];
        if (origin.y() + piece.top > clip.bottom()) break;
        const bool isCode = piece.kind == Piece::Kind::CodeHead ||
                            (piece.kind == Piece::Kind::Lines &&
                             layout.blocks()[piece.block].block.kind == MarkdownBlock::Kind::Code);
        if (isCode && grounded != piece.block) {
            paintCodeGround(layout, piece.block);
            grounded = piece.block;
        }
        paintContainers(layout, piece);
        paintPiece(layout, piece);
    }
    if (m_look.isLive) paintCaret(layout);
    if (m_look.focused.row == row) paintFocus(layout);
}

void RowPainter::paintBubble(const RowLayout& layout) {
    const QRect bubble = layout.bubble(m_metrics);
    if (bubble.isEmpty()) return;
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(m_theme.userBubble);
    const double radius = std::min(m_theme.scaled(16), bubble.height() / 2);
    m_painter.drawPath(bubblePath(bubble.translated(m_origin), radius, m_theme.scaled(4)));
    if (m_theme.scheme == Theme::Scheme::HighContrast) {
        m_painter.setPen(m_theme.hairline);
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawPath(
            bubblePath(QRectF(bubble.translated(m_origin)).adjusted(.5, .5, -.5, -.5), radius,
                       m_theme.scaled(4)));
    }
}

void RowPainter::paintCodeGround(const RowLayout& layout, std::size_t block) {
    const auto [first, last] = layout.piecesOf(block);
    const Piece& head = layout.pieces()[first];
    const Piece& tail = layout.pieces()[last - 1];
    const QRectF rect = QRectF(head.left, head.top, head.width, tail.top + tail.height - head.top)
                            .translated(m_origin)
                            .adjusted(.5, .5, -.5, -.5);
    m_painter.setPen(QPen(m_theme.hairline, 1));
    m_painter.setBrush(m_theme.code);
    m_painter.drawRoundedRect(rect, m_theme.scaled(10), m_theme.scaled(10));
}

void RowPainter::paintContainers(const RowLayout& layout, const Piece& piece) {
    const ContentBlock& content = layout.blocks()[piece.block];
    const auto& containers = content.block.containers;
    for (std::size_t depth = 0; depth < containers.size(); ++depth) {
        const bool continues =
            piece.block > 0 &&
            shareContainer(layout.blocks()[piece.block - 1].block, content.block, depth);
        const QRect rect = rectOfPiece(piece);
        const int left = m_origin.x() + indentOf(content.block, depth, m_theme);
        const int right = m_origin.x() + indentOf(content.block, depth + 1, m_theme);
        if (containers[depth].kind == MarkdownContainer::Kind::Quote) {
            if (left == right) continue;  // too deep to be moved in
            const int top = continues ? rect.top() - piece.gapAbove : rect.top();
            m_painter.fillRect(
                left, top, m_theme.scaled(3), rect.bottom() + 1 - top,
                m_theme.scheme == Theme::Scheme::HighContrast ? m_theme.text : m_theme.selectedRow);
        } else if (piece.isFirst && !continues && left != right) {
            const double line = textStyleOf(content, m_theme).lineHeight;
            const bool isHead = piece.kind == Piece::Kind::CodeHead;
            const double band = piece.cells.empty() ? 0 : piece.cells.front().lines->firstBand();
            paintMarker(containers[depth],
                        QRectF(left, rect.top() + piece.padAbove + band, right - left,
                               isHead ? piece.height : line),
                        depth);
        }
    }
}

void RowPainter::paintMarker(const MarkdownContainer& container,
                             const QRectF& box,
                             std::size_t depth) {
    if (container.task != MarkdownContainer::Task::None) {
        paintTask(container, box);
        return;
    }
    if (container.kind == MarkdownContainer::Kind::Number) {
        m_painter.setFont(m_theme.bodyFont);
        m_painter.setPen(m_theme.secondaryText);
        m_painter.drawText(box.adjusted(-m_theme.scaled(20), 0, -m_theme.scaled(7), 0),
                           Qt::AlignRight | Qt::AlignVCenter, numberOf(container));
        return;
    }
    const double size = m_theme.scale * 5;
    const QPointF middle(box.right() - m_theme.scaled(13), box.center().y() + 0.5);
    const QRectF dot(middle.x() - size / 2, middle.y() - size / 2, size, size);
    if (depth % 2 == 0) {
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(m_theme.secondaryText);
        m_painter.drawEllipse(dot);
    } else {
        m_painter.setPen(QPen(m_theme.secondaryText, 1.2));
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawEllipse(dot.adjusted(.2, .2, -.2, -.2));
    }
}

void RowPainter::paintTask(const MarkdownContainer& container, const QRectF& box) {
    const double size = m_theme.scale * 14;
    const QRectF square(box.right() - m_theme.scaled(8) - size, box.center().y() - size / 2, size,
                        size);
    const bool isDone = container.task == MarkdownContainer::Task::Done;
    m_painter.setPen(QPen(isDone ? m_theme.accent : m_theme.quietText, 1.2));
    m_painter.setBrush(isDone ? QBrush(m_theme.accent) : QBrush(Qt::NoBrush));
    m_painter.drawRoundedRect(square.adjusted(.6, .6, -.6, -.6), 3, 3);
    if (isDone)
        drawIcon(m_painter, TranscriptIcon::Check, square.adjusted(1, 1, -1, -1),
                 m_theme.textOnAccent);
}

void RowPainter::paintPiece(const RowLayout& layout, const Piece& piece) {
    const ContentBlock& content = layout.blocks()[piece.block];
    switch (piece.kind) {
        case Piece::Kind::Lines:
            paintText(layout, piece);
            break;
        case Piece::Kind::TableRow: {
            paintText(layout, piece);
            const QRect rect = rectOfPiece(piece);
            m_painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, m_theme.hairline);
            break;
        }
        case Piece::Kind::Rule: {
            const QRect rect = rectOfPiece(piece);
            m_painter.fillRect(rect.left(), rect.center().y(), rect.width(), 1, m_theme.hairline);
            break;
        }
        case Piece::Kind::CodeHead:
            paintCodeHead(piece, content);
            break;
        case Piece::Kind::Name:
            paintName(piece, content);
            break;
        case Piece::Kind::ThinkingLine:
            paintThinkingLine(piece, content);
            break;
        case Piece::Kind::ToolLine:
            paintToolLine(piece, content);
            break;
        case Piece::Kind::Notice:
            paintNotice(layout, piece);
            break;
        case Piece::Kind::Progress:
            m_painter.setFont(m_theme.secondaryFont);
            m_painter.setPen(m_theme.quietText);
            m_painter.drawText(rectOfPiece(piece), Qt::AlignVCenter | Qt::AlignLeft,
                               content.block.text);
            break;
        case Piece::Kind::Chips:
            paintChips(piece, content);
            break;
        case Piece::Kind::SummaryLine:
            paintSummaryLine(piece, content);
            break;
        case Piece::Kind::SummaryActions:
            paintSummaryActions(piece, content);
            break;
        case Piece::Kind::Card:
            break;
    }
}

std::pair<int, int> RowPainter::selectedIn(std::size_t block) const {
    const TextPosition begin = {m_row, block, 0};
    const TextPosition end = {m_row, block, std::numeric_limits<int>::max()};
    if (m_look.selection.isEmpty() || m_look.selection.to <= begin || m_look.selection.from >= end)
        return {0, 0};
    return {std::max(m_look.selection.from, begin).offset,
            std::min(m_look.selection.to, end).offset};
}

void RowPainter::paintText(const RowLayout& layout, const Piece& piece) {
    const ContentBlock& content = layout.blocks()[piece.block];
    const auto [from, to] =
        content.isSelectable() ? selectedIn(piece.block) : std::pair<int, int>{0, 0};
    const QPoint at = m_origin + layout.textOrigin(piece, m_metrics);
    for (const Piece::Cell& cell : piece.cells) {
        const int length = cell.lines->length();
        const int first = std::clamp(from, cell.from, cell.from + length) - cell.from;
        const int last = std::clamp(to, cell.from, cell.from + length) - cell.from;
        cell.lines->draw(m_painter, at + QPoint(cell.x, 0), m_theme, m_clip, first, last,
                         marksIn(piece.block, cell.from, length));
    }
}

/// What was found in a part of a block, by places in that part.
std::vector<TextMark> RowPainter::marksIn(std::size_t block, int from, int length) const {
    const auto& found = m_look.found;
    auto at = std::partition_point(found.begin(), found.end(), [&](const Found& one) {
        return one.block < block ||
               (one.block == block && one.match.from + one.match.length <= from);
    });
    std::vector<TextMark> marks;
    for (; at != found.end() && at->block == block && at->match.from < from + length; ++at) {
        const int first = std::max(at->match.from, from) - from;
        const int last = std::min(at->match.from + at->match.length, from + length) - from;
        marks.push_back({first, last, at->isCurrent});
    }
    return marks;
}

void RowPainter::paintName(const Piece& piece, const ContentBlock& content) {
    const QRect rect = rectOfPiece(piece);
    const int size = m_theme.scaled(kMarkDiameter);
    const QRectF mark(rect.left(), rect.center().y() - size / 2 + 1, size, size);
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(m_theme.accent);
    m_painter.drawEllipse(mark);
    QFont font = m_theme.secondaryFont;
    font.setPixelSize(m_theme.scaled(11));
    font.setWeight(QFont::Bold);
    m_painter.setFont(font);
    m_painter.setPen(m_theme.textOnAccent);
    m_painter.drawText(mark, Qt::AlignCenter, markOf(content.block.text));
    font = m_theme.secondaryFont;
    font.setWeight(QFont::Medium);
    m_painter.setFont(font);
    m_painter.setPen(m_theme.secondaryText);
    m_painter.drawText(rect.adjusted(size + m_theme.scaled(8), 1, 0, 1),
                       Qt::AlignVCenter | Qt::AlignLeft, content.block.text);
}

void RowPainter::paintThinkingLine(const Piece& piece, const ContentBlock& content) {
    const QRect rect = rectOfPiece(piece);
    const TranscriptTarget target = {TranscriptTarget::Kind::Thinking, m_row, piece.block, -1};
    const QColor color = m_look.hovered == target ? m_theme.text : m_theme.quietText;
    const int size = m_theme.scaled(12);
    drawIcon(m_painter, content.isOpen ? TranscriptIcon::ChevronDown : TranscriptIcon::ChevronRight,
             QRectF(rect.left() - 3, rect.center().y() - size / 2.0 + 1, size, size), color);
    m_painter.setFont(m_theme.secondaryFont);
    m_painter.setPen(color);
    m_painter.drawText(rect.adjusted(m_theme.scaled(11), 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                       content.block.text);
}

void RowPainter::paintToolLine(const Piece& piece, const ContentBlock& content) {
    const QRect rect = rectOfPiece(piece);
    const TranscriptTarget target = {TranscriptTarget::Kind::Tool, m_row, piece.block, -1};
    m_painter.setPen(QPen(m_theme.hairline, 1));
    m_painter.setBrush(m_look.hovered == target ? QBrush(m_theme.card) : QBrush(Qt::NoBrush));
    m_painter.drawRoundedRect(QRectF(rect).adjusted(.5, .5, -.5, -.5), m_theme.scaled(10),
                              m_theme.scaled(10));
    const QColor color = content.callState == Part::CallState::Done     ? m_theme.good
                         : content.callState == Part::CallState::Failed ? m_theme.removed
                         : content.callState == Part::CallState::Denied ? m_theme.quietText
                                                                        : m_theme.accent;
    const int size = m_theme.scaled(14);
    const double y = rect.center().y() - size / 2.0 + 0.5;
    drawIcon(m_painter, iconOf(content.callState),
             QRectF(rect.left() + m_theme.scaled(14), y, size, size), color);
    drawIcon(m_painter, content.isOpen ? TranscriptIcon::ChevronDown : TranscriptIcon::ChevronRight,
             QRectF(rect.right() - m_theme.scaled(26), y, size, size), m_theme.quietText);

    QRect text = rect.adjusted(m_theme.scaled(37), 0, -m_theme.scaled(34), 0);
    QFont font = m_theme.secondaryFont;
    font.setWeight(QFont::Medium);
    const QFontMetrics metrics(font);
    if (!content.undo.isEmpty()) {
        const QRect button = undoButtonRect(piece, content.undo, m_theme).translated(m_origin);
        const TranscriptTarget undo = {TranscriptTarget::Kind::Undo, m_row, piece.block, -1};
        paintTextButton(button, content.undo, undo);
        text.setRight(button.left() - m_theme.scaled(8));
    }
    const QString summary = metrics.elidedText(content.block.text, Qt::ElideRight, text.width());
    m_painter.setFont(font);
    m_painter.setPen(m_theme.text);
    const bool isWhole = summary.size() == content.block.text.size();
    const auto marks =
        marksIn(piece.block, 0, static_cast<int>(summary.size()) - (isWhole ? 0 : 1));
    if (marks.empty()) {
        m_painter.drawText(text, Qt::AlignVCenter | Qt::AlignLeft, summary);
    } else {
        TextStyle style;
        style.font = font;
        style.color = m_theme.text;
        style.lineHeight = text.height();
        TextLines(summary, 0, {}, style, m_theme, 2 * text.width())
            .draw(m_painter, text.topLeft(), m_theme, m_clip, 0, 0, marks);
    }
    text.setLeft(text.left() + metrics.horizontalAdvance(summary) + m_theme.scaled(10));
    m_painter.setFont(m_theme.secondaryFont);
    m_painter.setPen(m_theme.secondaryText);
    m_painter.drawText(text, Qt::AlignVCenter | Qt::AlignLeft,
                       QFontMetrics(m_theme.secondaryFont)
                           .elidedText(content.detail, Qt::ElideRight, std::max(0, text.width())));
}

void RowPainter::paintTextButton(const QRect& rect,
                                 const QString& text,
                                 const TranscriptTarget& target) {
    m_painter.setPen(QPen(m_theme.hairline, 1));
    m_painter.setBrush(m_look.hovered == target ? m_theme.selectedRow : m_theme.card);
    m_painter.drawRoundedRect(QRectF(rect).adjusted(.5, .5, -.5, -.5), m_theme.scaled(8),
                              m_theme.scaled(8));
    QFont font = m_theme.secondaryFont;
    font.setWeight(QFont::Medium);
    m_painter.setFont(font);
    m_painter.setPen(m_theme.text);
    m_painter.drawText(rect, Qt::AlignCenter, text);
}

void RowPainter::paintButtonGround(const QRect& rect, const TranscriptTarget& target) {
    if (m_look.hovered != target) return;
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(m_theme.selectedRow);
    m_painter.drawRoundedRect(rect, 6, 6);
}

void RowPainter::paintCodeHead(const Piece& piece, const ContentBlock& content) {
    const QRect rect = rectOfPiece(piece);
    m_painter.setFont(m_theme.secondaryFont);
    m_painter.setPen(m_theme.quietText);
    m_painter.drawText(rect.adjusted(m_theme.scaled(kCodePadding), 1, -m_theme.scaled(40), 1),
                       Qt::AlignVCenter | Qt::AlignLeft,
                       QFontMetrics(m_theme.secondaryFont)
                           .elidedText(content.block.language, Qt::ElideRight, rect.width() / 2));
    const TranscriptTarget target = {TranscriptTarget::Kind::CopyCode, m_row, piece.block, -1};
    const QRect button = copyButtonRect(piece, m_theme).translated(m_origin);
    paintButtonGround(button, target);
    const int inset = m_theme.scaled(5);
    const bool isCopied = m_look.copied == target;
    drawIcon(m_painter, isCopied ? TranscriptIcon::Check : TranscriptIcon::Copy,
             button.adjusted(inset, inset, -inset, -inset),
             isCopied ? m_theme.good : m_theme.quietText);
}

void RowPainter::paintChips(const Piece& piece, const ContentBlock& content) {
    const QPoint at = rectOfPiece(piece).topLeft();
    const std::vector<QRect> rects = chipRects(content.chips, piece.width, m_theme);
    for (std::size_t chip = 0; chip < rects.size(); ++chip) {
        const TranscriptTarget target = {TranscriptTarget::Kind::Attachment, m_row, piece.block,
                                         static_cast<int>(chip)};
        paintChip(m_painter, rects[chip].translated(at), content.chips[chip], m_theme,
                  m_look.hovered == target);
    }
}

/// A hairline across the column, which the text interrupts.
void RowPainter::paintSummaryLine(const Piece& piece, const ContentBlock& content) {
    const QRect rect = rectOfPiece(piece);
    const QRect middle = summaryLineRect(piece, content.block.text, m_theme).translated(m_origin);
    const TranscriptTarget target = {TranscriptTarget::Kind::Summary, m_row, piece.block, -1};
    const QColor color = m_look.hovered == target ? m_theme.text : m_theme.quietText;
    const double y = rect.center().y() + 0.5;
    m_painter.setPen(QPen(m_theme.hairline, 1));
    m_painter.drawLine(QPointF(rect.left(), y), QPointF(middle.left(), y));
    m_painter.drawLine(QPointF(middle.right(), y), QPointF(rect.right(), y));
    const int size = m_theme.scaled(12);
    drawIcon(m_painter, content.isOpen ? TranscriptIcon::ChevronDown : TranscriptIcon::ChevronRight,
             QRectF(middle.left() + m_theme.scaled(12), y - size / 2.0, size, size), color);
    const QRect text = middle.adjusted(m_theme.scaled(12 + 16), 0, -m_theme.scaled(10), 0);
    m_painter.setFont(m_theme.secondaryFont);
    m_painter.setPen(color);
    m_painter.drawText(text, Qt::AlignVCenter | Qt::AlignLeft,
                       QFontMetrics(m_theme.secondaryFont)
                           .elidedText(content.block.text, Qt::ElideRight, text.width()));
}

void RowPainter::paintSummaryActions(const Piece& piece, const ContentBlock& content) {
    const std::vector<QRect> rects = summaryButtonRects(piece, content.buttons, m_theme);
    for (std::size_t i = 0; i < rects.size(); ++i) {
        const TranscriptTarget target = {TranscriptTarget::Kind::SummaryAction, m_row, piece.block,
                                         static_cast<int>(i)};
        paintTextButton(rects[i].translated(m_origin), content.buttons[static_cast<int>(i)],
                        target);
    }
}

void RowPainter::paintNotice(const RowLayout& layout, const Piece& piece) {
    const ContentBlock& content = layout.blocks()[piece.block];
    const QRect rect = rectOfPiece(piece).adjusted(-m_theme.scaled(kCodePadding), 0,
                                                   m_theme.scaled(kCodePadding + 110), 0);
    m_painter.setPen(content.isOpen ? QPen(Qt::NoPen) : QPen(m_theme.hairline, 1));
    m_painter.setBrush(content.isOpen ? m_theme.removedGround : m_theme.window);
    m_painter.drawRoundedRect(QRectF(rect).adjusted(.5, .5, -.5, -.5), m_theme.scaled(8),
                              m_theme.scaled(8));
    paintText(layout, piece);
    if (!piece.isFirst) return;
    const TranscriptTarget target = {TranscriptTarget::Kind::CopyDetails, m_row, piece.block, -1};
    const QRect button = copyButtonRect(piece, m_theme).translated(m_origin);
    paintButtonGround(button, target);
    m_painter.setFont(m_theme.secondaryFont);
    m_painter.setPen(m_theme.secondaryText);
    m_painter.drawText(
        button, Qt::AlignCenter,
        m_look.copied == target ? PainterText::tr("Copied") : PainterText::tr("Copy details"));
}

void RowPainter::paintCaret(const RowLayout& layout) {
    if (layout.pieces().empty()) return;
    const Piece& piece = layout.pieces().back();
    const ContentBlock& content = layout.blocks()[piece.block];
    if (content.kind != BlockKind::Text || piece.cells.empty()) return;
    const Piece::Cell& cell = piece.cells.back();
    const int end = cell.lines->length();
    const auto rects = cell.lines->rects(std::max(0, end - 1), end);
    if (rects.empty()) return;
    const QRectF after = rects.back().translated(
        m_origin + QPointF(piece.left + cell.x, piece.top + piece.padAbove));
    const double size = m_theme.scaled(7);
    QColor color = m_theme.accent;
    color.setAlphaF(0.75F);
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(color);
    m_painter.drawEllipse(
        QRectF(after.right() + m_theme.scaled(4), after.center().y() - size / 2 + 1, size, size));
}

void RowPainter::paintFocus(const RowLayout& layout) {
    if (m_look.focused.kind == TranscriptTarget::Kind::Card) return;
    const QRect rect = rectOf(m_look.focused, layout, m_metrics);
    if (rect.isEmpty()) return;
    const int room = m_look.focused.kind == TranscriptTarget::Kind::Message ? m_theme.scaled(8) : 2;
    m_painter.setPen(QPen(m_theme.focusRing, 2));
    m_painter.setBrush(Qt::NoBrush);
    // Below a message stand its actions.
    const int below = std::min(room, m_theme.scaled(3));
    m_painter.drawRoundedRect(QRectF(rect.translated(m_origin)).adjusted(-room, -room, room, below),
                              m_theme.scaled(8), m_theme.scaled(8));
}

}  // namespace lares::app
