#include "app/transcript/block_style.h"
#include "app/transcript/row_layout.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

// The part of RowLayout that sets tables.

namespace lares::app {
namespace {

constexpr int kRowPadding = 5;
constexpr std::size_t kMeasuredRows = 64;  ///< rows that decide the columns' widths
constexpr int kMeasuredCharacters = 160;   ///< of a cell
constexpr int kNarrowestColumn = 56;

QStringView cellText(const MarkdownBlock& table, std::size_t cell) {
    const int from = table.cells[cell];
    const auto end = cell + 1 < table.cells.size() ? table.cells[cell + 1] - 1
                                                   : static_cast<int>(table.text.size());
    return QStringView(table.text).mid(from, end - from);
}

/// How much wider a cell is because its formulas are drawn.
double formulasWidth(
    const MarkdownBlock& table, int from, int to, const QFont& font, MathTypesetter* math) {
    double more = 0;
    for (const MathSpan& formula : table.formulas) {
        if (!math || formula.start < from || formula.start + formula.length > to) continue;
        constexpr double kAnyWidth = 1e6;
        const auto set = math->set(formula.latex, MathStyle::Inline, font, kAnyWidth);
        if (!set) continue;
        more += set->pieces.front().width - QFontMetricsF(font).horizontalAdvance(
                                                table.text.mid(formula.start, formula.length));
    }
    return more;
}

std::vector<int> naturalWidths(const MarkdownBlock& table,
                               const QFont& font,
                               MathTypesetter* math) {
    const QFontMetricsF body(font);
    QFont bold = font;
    bold.setWeight(QFont::DemiBold);
    const QFontMetricsF heavy(bold);
    const std::size_t n = table.columns.size();
    std::vector<int> widths(n, 0);
    auto span = table.spans.begin();
    for (std::size_t cell = 0; cell < std::min(table.cells.size(), n * kMeasuredRows); ++cell) {
        const QString text = cellText(table, cell).left(kMeasuredCharacters).toString();
        const int from = table.cells[cell];
        const auto to = from + static_cast<int>(text.size());
        while (span != table.spans.end() && span->start + span->length <= from) ++span;
        // Code is wider than the same letters of text; this covers it and its ground.
        const bool isStyled = span != table.spans.end() && span->start < to;
        const double width =
            isStyled ? heavy.horizontalAdvance(text) * 1.15 + 10 : body.horizontalAdvance(text) + 2;
        const double all =
            width + (table.formulas.empty() ? 0 : formulasWidth(table, from, to, font, math) + 2);
        widths[cell % n] = std::max(widths[cell % n], static_cast<int>(std::ceil(all)));
    }
    return widths;
}

/// Makes columns fit: the widest give first, none below what a word needs.
void shrinkTo(std::vector<int>& widths, int room, int narrowest) {
    int total = 0;
    for (const int width : widths) total += width;
    while (total > room) {
        const auto widest = std::max_element(widths.begin(), widths.end());
        if (*widest <= narrowest) return;
        // Down to the next widest, or as far as is needed.
        int second = narrowest;
        int nWidest = 0;
        for (const int width : widths) {
            if (width == *widest)
                ++nWidest;
            else
                second = std::max(second, width);
        }
        const int top = *widest;
        const int wanted = (total - room + nWidest - 1) / nWidest;
        const int lowered = std::max({second, narrowest, top - wanted});
        for (int& width : widths) {
            if (width == top) width = lowered;
        }
        total -= (top - lowered) * nWidest;
    }
}

}  // namespace

const std::vector<int>& RowLayout::columnsOf(std::size_t block) const {
    static const std::vector<int> kNone;
    const auto found = std::find_if(m_columns.begin(), m_columns.end(),
                                    [&](const auto& entry) { return entry.first == block; });
    return found == m_columns.end() ? kNone : found->second;
}

void RowLayout::addTablePieces(std::size_t block, const Piece& base, const Metrics& metrics) {
    const ContentBlock& content = m_blocks[block];
    const MarkdownBlock& table = content.block;
    const Theme& theme = *metrics.theme;
    const TextStyle style = textStyleOf(content, theme);
    const std::size_t nColumn = std::max<std::size_t>(1, table.columns.size());
    std::vector<int> widths = naturalWidths(table, style.font, metrics.math);
    const int gaps = theme.scaled(kCellGap) * static_cast<int>(nColumn);
    shrinkTo(widths, std::max(0, base.width - gaps), theme.scaled(kNarrowestColumn));
    int width = gaps;
    for (const int column : widths) width += column;
    m_columns.emplace_back(block, std::move(widths));

    const std::size_t nRow = (table.cells.size() + nColumn - 1) / nColumn;
    for (std::size_t row = 0; row < nRow; ++row) {
        Piece piece;
        piece.kind = Piece::Kind::TableRow;
        piece.block = block;
        piece.row = static_cast<int>(row);
        piece.left = base.left;
        piece.width = std::min(width, base.width);
        piece.from = table.cells[row * nColumn];
        const std::size_t next = (row + 1) * nColumn;
        piece.length =
            (next < table.cells.size() ? table.cells[next] : static_cast<int>(table.text.size())) -
            piece.from;
        piece.padAbove = piece.padBelow = theme.scaled(kRowPadding);
        piece.height = piece.padAbove + piece.padBelow + static_cast<int>(style.lineHeight) + 1;
        piece.isFirst = row == 0;
        piece.isLast = row + 1 == nRow;
        m_pieces.push_back(std::move(piece));
    }
}

void RowLayout::layOutTableRow(Piece& piece, const ContentBlock& content, const Metrics& metrics) {
    const MarkdownBlock& table = content.block;
    const Theme& theme = *metrics.theme;
    const std::vector<int>& widths = columnsOf(piece.block);
    TextStyle style = textStyleOf(content, theme);
    if (piece.row == 0) {
        style.font = theme.secondaryFont;
        style.font.setWeight(QFont::DemiBold);
        style.color = theme.secondaryText;
    }
    int x = 0;
    double band = 0;
    const std::size_t first = static_cast<std::size_t>(piece.row) * widths.size();
    for (std::size_t i = 0; i < widths.size() && first + i < table.cells.size(); ++i) {
        style.align = table.columns[i];
        Piece::Cell cell;
        cell.x = x;
        cell.from = table.cells[first + i];
        cell.lines = std::make_unique<TextLines>(cellText(table, first + i).toString(), cell.from,
                                                 table.spans, style, theme, widths[i], table.tokens,
                                                 table.formulas, metrics.math);
        band = std::max(band, cell.lines->firstBand());
        piece.cells.push_back(std::move(cell));
        x += widths[i] + theme.scaled(kCellGap);
    }
    double height = style.lineHeight;
    for (Piece::Cell& cell : piece.cells) {
        cell.lines->pushDown(band - cell.lines->firstBand());
        height = std::max(height, cell.lines->height());
    }
    piece.height = piece.padAbove + piece.padBelow + static_cast<int>(std::ceil(height)) + 1;
}

}  // namespace lares::app
