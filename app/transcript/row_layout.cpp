#include "app/transcript/row_layout.h"

#include "app/transcript/block_style.h"

#include <algorithm>
#include <cmath>

namespace lares::app {
namespace {

using BlockKind = ContentBlock::Kind;
using Block = MarkdownBlock::Kind;

constexpr int kLinesPerPiece = 40;
constexpr int kCharactersPerPiece = 4096;
/// Space around what stands in the reading column is the view's business; this is the room that
/// the text itself has in a user's bubble.
constexpr double kBubbleShare = 0.75;

double charactersPerLine(int width, const TextStyle& style) {
    const double character = style.font.pixelSize() * (style.breaksAnywhere ? 0.62 : 0.5);
    return std::max(8.0, width / character);
}

/// Where the piece that begins at `from` ends: after so many lines or characters, at a space if
/// there is one near.
int pieceEnd(const QString& text, int from) {
    const auto size = static_cast<int>(text.size());
    const int limit = std::min(size, from + kCharactersPerPiece);
    int at = from;
    for (int lines = 0; lines < kLinesPerPiece && at < limit; ++lines) {
        const auto next = static_cast<int>(text.indexOf(u'\n', at));
        if (next < 0 || next >= limit) {
            at = limit;
            break;
        }
        at = next + 1;
    }
    if (at < limit || limit == size) return at;
    for (int back = limit; back > limit - 256; --back)
        if (text[back - 1].isSpace()) return back;
    return text[limit - 1].isHighSurrogate() ? limit - 1 : limit;
}

/// Whether what the piece shows is coloured in both as it was.
bool hasSameTokens(const MarkdownBlock& before, const MarkdownBlock& now, const Piece& piece) {
    const auto range = [&piece](const std::vector<CodeToken>& tokens) {
        const auto from = std::partition_point(
            tokens.begin(), tokens.end(),
            [&](const CodeToken& one) { return one.start + one.length <= piece.from; });
        const auto to = std::partition_point(from, tokens.end(), [&](const CodeToken& one) {
            return one.start < piece.from + piece.length;
        });
        return std::pair(from, to);
    };
    const auto [from, to] = range(before.tokens);
    const auto [nowFrom, nowTo] = range(now.tokens);
    // The last one may go on in what comes behind.
    return std::equal(from, to, nowFrom, nowTo, [](const CodeToken& a, const CodeToken& b) {
        return a.start == b.start && a.kind == b.kind;
    });
}

Piece::Kind lineKind(BlockKind kind) {
    switch (kind) {
        case BlockKind::Name:
            return Piece::Kind::Name;
        case BlockKind::ThinkingLine:
            return Piece::Kind::ThinkingLine;
        case BlockKind::ToolLine:
            return Piece::Kind::ToolLine;
        case BlockKind::Card:
            return Piece::Kind::Card;
        case BlockKind::Progress:
            return Piece::Kind::Progress;
        case BlockKind::Notice:
            return Piece::Kind::Notice;
        case BlockKind::Chips:
            return Piece::Kind::Chips;
        case BlockKind::SummaryLine:
            return Piece::Kind::SummaryLine;
        case BlockKind::SummaryActions:
            return Piece::Kind::SummaryActions;
        default:
            return Piece::Kind::Lines;
    }
}

int lineHeight(Piece::Kind kind, const Theme& theme) {
    switch (kind) {
        case Piece::Kind::Name:
            return theme.scaled(kNameHeight);
        case Piece::Kind::ThinkingLine:
        case Piece::Kind::Progress:
            return theme.scaled(kLineControlHeight);
        case Piece::Kind::ToolLine:
            return theme.scaled(kToolLineHeight);
        case Piece::Kind::Rule:
            return theme.scaled(kRuleHeight);
        case Piece::Kind::CodeHead:
            return theme.scaled(kCodeHeadHeight);
        case Piece::Kind::SummaryLine:
            return theme.scaled(kSummaryLineHeight);
        case Piece::Kind::SummaryActions:
            return theme.scaled(kSummaryActionsHeight);
        default:
            return 0;
    }
}

}  // namespace

void RowLayout::setContent(const std::vector<ContentBlock>& blocks,
                           std::size_t firstChanged,
                           const Metrics& metrics) {
    const std::vector<ContentBlock> oldBlocks = std::exchange(m_blocks, blocks);
    // The last unchanged block is made again too: whether it is followed changes its look.
    firstChanged = std::min(firstChanged, blocks.size());
    const auto firstPiece = std::find_if(m_pieces.begin(), m_pieces.end(), [&](const Piece& piece) {
        return piece.block >= firstChanged;
    });
    std::vector<Piece> old(std::make_move_iterator(firstPiece),
                           std::make_move_iterator(m_pieces.end()));
    m_pieces.erase(firstPiece, m_pieces.end());
    std::erase_if(m_columns, [&](const auto& entry) { return entry.first >= firstChanged; });
    for (std::size_t i = firstChanged; i < blocks.size(); ++i) addPieces(i, metrics);
    reuse(std::move(old), oldBlocks, firstChanged);
    m_textWidth = 0;
    for (const Piece& piece : m_pieces) {
        if (m_blocks[piece.block].kind != BlockKind::UserText) continue;
        for (const Piece::Cell& cell : piece.cells)
            m_textWidth =
                std::max(m_textWidth, static_cast<int>(std::ceil(cell.lines->naturalWidth())));
    }
    place();
}

void RowLayout::reuse(std::vector<Piece> old,
                      const std::vector<ContentBlock>& oldBlocks,
                      std::size_t firstBlock) {
    auto piece = std::find_if(m_pieces.begin(), m_pieces.end(),
                              [&](const Piece& p) { return p.block >= firstBlock; });
    for (auto was = old.begin(); was != old.end() && piece != m_pieces.end(); ++was, ++piece) {
        if (was->block != piece->block || was->kind != piece->kind || was->from != piece->from)
            return;
        const ContentBlock& before = oldBlocks[was->block];
        const ContentBlock& now = m_blocks[piece->block];
        const bool isSameText = was->kind == Piece::Kind::Lines && was->length == piece->length &&
                                was->width == piece->width && was->left == piece->left &&
                                was->padBelow == piece->padBelow && before.kind == now.kind &&
                                before.block.kind == now.block.kind &&
                                before.block.level == now.block.level &&
                                before.block.spans.empty() && now.block.spans.empty() &&
                                before.block.formulas.empty() && now.block.formulas.empty() &&
                                hasSameTokens(before.block, now.block, *was) &&
                                QStringView(before.block.text).mid(was->from, was->length) ==
                                    QStringView(now.block.text).mid(piece->from, piece->length);
        if (isSameText) {
            piece->isExact = was->isExact;
            piece->height = was->height;
            piece->cells = std::move(was->cells);
        }
    }
}

void RowLayout::addPieces(std::size_t block, const Metrics& metrics) {
    const ContentBlock& content = m_blocks[block];
    const Theme& theme = *metrics.theme;
    const std::size_t firstPiece = m_pieces.size();
    Piece base;
    base.kind = lineKind(content.kind);
    base.block = block;
    base.left = indentOf(content.block, theme);
    base.width = std::max(theme.scaled(80), metrics.column - base.left);
    const bool isText = content.kind == BlockKind::UserText || content.kind == BlockKind::Text ||
                        content.kind == BlockKind::ThinkingText ||
                        content.kind == BlockKind::ToolText || content.kind == BlockKind::Notice ||
                        content.kind == BlockKind::SummaryText ||
                        content.kind == BlockKind::Sources;
    if (!isText || content.block.kind == Block::Rule) {
        if (isText) base.kind = Piece::Kind::Rule;
        base.height = content.kind == BlockKind::Card ? content.height
                      : content.kind == BlockKind::Chips
                          ? chipsHeight(content.chips, base.width, theme)
                          : lineHeight(base.kind, theme);
        base.isExact = true;
        base.isFirst = base.isLast = true;
        m_pieces.push_back(std::move(base));
    } else if (content.block.kind == Block::Table) {
        addTablePieces(block, base, metrics);
    } else {
        addTextPieces(block, std::move(base), metrics);
    }
    m_pieces[firstPiece].gapAbove = gapBefore(block, metrics);
}

void RowLayout::addTextPieces(std::size_t block, Piece base, const Metrics& metrics) {
    const ContentBlock& content = m_blocks[block];
    const Theme& theme = *metrics.theme;
    const bool isCode = content.block.kind == Block::Code;
    const int column = base.width;
    if (isCode) {
        Piece head;
        head.kind = Piece::Kind::CodeHead;
        head.block = block;
        head.left = base.left;
        head.width = column;
        head.height = theme.scaled(kCodeHeadHeight);
        head.isExact = head.isFirst = true;
        m_pieces.push_back(std::move(head));
        base.left += theme.scaled(kCodePadding);
        base.width -= 2 * theme.scaled(kCodePadding);
    } else if (content.kind == BlockKind::UserText) {
        base.width =
            static_cast<int>(metrics.column * kBubbleShare) - 2 * theme.scaled(kBubblePaddingX);
    } else if (content.kind == BlockKind::Notice) {
        base.left += theme.scaled(kCodePadding);
        base.width -= theme.scaled(2 * kCodePadding + 110);  // "Copy details" stands on the right
    }
    const TextStyle style = textStyleOf(content, theme);
    const double perLine = charactersPerLine(base.width, style);
    const QString& text = content.block.text;
    int from = 0;
    do {
        Piece piece;
        piece.kind = base.kind;
        piece.block = block;
        piece.left = base.left;
        piece.width = base.width;
        piece.from = from;
        piece.length = pieceEnd(text, from) - from;
        piece.isFirst = from == 0 && !isCode;
        from += piece.length;
        piece.isLast = from >= text.size();
        if (content.kind == BlockKind::Notice) piece.padAbove = piece.padBelow = theme.scaled(10);
        if (content.kind == BlockKind::UserText) {
            if (piece.isFirst) piece.padAbove = theme.scaled(kBubblePaddingY);
            if (piece.isLast) piece.padBelow = theme.scaled(kBubblePaddingY);
        }
        if (isCode && piece.isLast) piece.padBelow = theme.scaled(12);
        QStringView shown = QStringView(text).mid(piece.from, piece.length);
        if (!piece.isLast && shown.endsWith(u'\n')) shown.chop(1);
        piece.height = piece.padAbove + piece.padBelow +
                       static_cast<int>(std::ceil(guessLines(shown, perLine) * style.lineHeight));
        m_pieces.push_back(std::move(piece));
    } while (from < text.size());
}

std::size_t RowLayout::pieceAt(int y) const {
    const auto after = std::upper_bound(m_pieces.begin(), m_pieces.end(), y,
                                        [](int at, const Piece& piece) { return at < piece.top; });
    return after == m_pieces.begin() ? 0 : static_cast<std::size_t>(after - m_pieces.begin()) - 1;
}

std::pair<std::size_t, std::size_t> RowLayout::piecesOf(std::size_t block) const {
    const auto first = std::partition_point(m_pieces.begin(), m_pieces.end(),
                                            [&](const Piece& p) { return p.block < block; });
    const auto last = std::partition_point(first, m_pieces.end(),
                                           [&](const Piece& p) { return p.block <= block; });
    return {first - m_pieces.begin(), last - m_pieces.begin()};
}

bool RowLayout::layOut(std::size_t index, const Metrics& metrics) {
    Piece& piece = m_pieces[index];
    const bool needsLines = piece.kind == Piece::Kind::Lines ||
                            piece.kind == Piece::Kind::TableRow ||
                            piece.kind == Piece::Kind::Notice;
    if (!needsLines || !piece.cells.empty()) return false;
    const int before = piece.height;
    if (piece.kind == Piece::Kind::TableRow)
        layOutTableRow(piece, m_blocks[piece.block], metrics);
    else
        layOutText(piece, m_blocks[piece.block], metrics);
    piece.isExact = true;
    return piece.height != before;
}

void RowLayout::layOutText(Piece& piece, const ContentBlock& content, const Metrics& metrics) {
    QString text = content.block.text.mid(piece.from, piece.length);
    // The break that ends the piece is the space between it and the next one.
    if (!piece.isLast && text.endsWith(u'\n')) text.chop(1);
    Piece::Cell cell;
    cell.from = piece.from;
    cell.lines = std::make_unique<TextLines>(
        text, piece.from, content.block.spans, textStyleOf(content, *metrics.theme), *metrics.theme,
        piece.width, content.block.tokens, content.block.formulas, metrics.math);
    piece.height =
        piece.padAbove + piece.padBelow + static_cast<int>(std::ceil(cell.lines->height()));
    if (content.kind == BlockKind::UserText)
        m_textWidth =
            std::max(m_textWidth, static_cast<int>(std::ceil(cell.lines->naturalWidth())));
    piece.cells.push_back(std::move(cell));
}

int RowLayout::gapBefore(std::size_t block, const Metrics& metrics) const {
    return block == 0 ? 0 : spaceBetween(m_blocks[block - 1], m_blocks[block], *metrics.theme);
}

void RowLayout::place() {
    int y = 0;
    for (Piece& piece : m_pieces) {
        y += piece.gapAbove;
        piece.top = y;
        y += piece.height;
    }
    m_height = y;
}

void RowLayout::forgetLines(std::size_t keepFrom, std::size_t keepTo) {
    for (std::size_t i = 0; i < m_pieces.size(); ++i)
        if (i < keepFrom || i >= keepTo) m_pieces[i].cells.clear();
}

QRect RowLayout::bubble(const Metrics& metrics) const {
    const auto isText = [this](const Piece& piece) {
        return m_blocks[piece.block].kind == BlockKind::UserText;
    };
    const auto first = std::find_if(m_pieces.begin(), m_pieces.end(), isText);
    if (first == m_pieces.end()) return {};
    const Theme& theme = *metrics.theme;
    int bottom = 0;
    for (const Piece& piece : m_pieces) {
        if (isText(piece)) bottom = piece.top + piece.height;
    }
    const int width = m_textWidth + 2 * theme.scaled(kBubblePaddingX);
    return {metrics.column - width, first->top, width, bottom - first->top};
}

QPoint RowLayout::textOrigin(const Piece& piece, const Metrics& metrics) const {
    QPoint at(piece.left, piece.top + piece.padAbove);
    if (m_blocks[piece.block].kind == BlockKind::UserText)
        at.setX(bubble(metrics).left() + metrics.theme->scaled(kBubblePaddingX));
    return at;
}

int RowLayout::estimate(const ChatMessage& message, const Metrics& metrics) {
    const Theme& theme = *metrics.theme;
    const double perLine = metrics.column / (theme.bodyFont.pixelSize() * 0.5);
    const double line = theme.bodyFont.pixelSize() * Theme::kLineHeight;
    double height = message.role == Role::Assistant ? theme.scaled(kNameHeight) : 0;
    for (const Part& part : message.parts) {
        if (part.kind == Part::Kind::Text) {
            const double share = message.role == Role::User ? kBubbleShare : 1.0;
            height += guessLines(part.text, perLine * share) * line + theme.scaled(12);
        } else if (part.kind != Part::Kind::ToolResult) {
            height += theme.scaled(kToolLineHeight);
        }
    }
    return static_cast<int>(height);
}

}  // namespace lares::app
