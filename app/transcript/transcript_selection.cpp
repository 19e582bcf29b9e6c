#include "app/transcript/transcript_selection.h"

#include "app/transcript/markdown_export.h"

#include <algorithm>

namespace lares::app {
namespace {

struct Place {
    const TranscriptFlow::Row* row = nullptr;
    const Piece* piece = nullptr;
    const Piece::Cell* cell = nullptr;
};

/// The slice that shows a place; its cell is null where nothing was laid out.
Place placeOf(TranscriptFlow& flow, const TextPosition& at) {
    Place place;
    if (at.row >= flow.rowCount()) return place;
    place.row = &flow.parsedRow(at.row);
    if (at.block >= place.row->layout.blocks().size()) return place;
    const auto [first, last] = place.row->layout.piecesOf(at.block);
    for (std::size_t i = first; i < last; ++i) {
        const Piece& piece = place.row->layout.pieces()[i];
        if (piece.kind == Piece::Kind::CodeHead) continue;
        if (at.offset > piece.from + piece.length && i + 1 < last) continue;
        place.piece = &piece;
        for (const Piece::Cell& cell : piece.cells) {
            if (!place.cell || at.offset >= cell.from) place.cell = &cell;
        }
        break;
    }
    return place;
}

TextRange unitAt(TranscriptFlow& flow, const TextPosition& at, TranscriptSelection::Unit unit) {
    if (unit == TranscriptSelection::Unit::Character || flow.rowCount() == 0) return {at, at};
    const auto& blocks = flow.parsedRow(at.row).layout.blocks();
    if (at.block >= blocks.size()) return {at, at};
    if (unit == TranscriptSelection::Unit::Paragraph) {
        const auto size = static_cast<int>(blocks[at.block].block.text.size());
        return {{at.row, at.block, 0}, {at.row, at.block, size}};
    }
    const Place place = placeOf(flow, at);
    if (!place.cell) return {at, at};
    const int local = std::clamp(at.offset - place.cell->from, 0, place.cell->lines->length());
    return {{at.row, at.block, place.cell->from + place.cell->lines->previousWord(local)},
            {at.row, at.block, place.cell->from + place.cell->lines->nextWord(local)}};
}

TextPosition firstPosition(TranscriptFlow& flow) {
    for (int row = 0; row < flow.rowCount(); ++row) {
        const auto& blocks = flow.parsedRow(row).layout.blocks();
        for (std::size_t i = 0; i < blocks.size(); ++i)
            if (blocks[i].isSelectable()) return {row, i, 0};
    }
    return {};
}

TextPosition lastPosition(TranscriptFlow& flow) {
    for (int row = flow.rowCount() - 1; row >= 0; --row) {
        const auto& blocks = flow.parsedRow(row).layout.blocks();
        for (std::size_t i = blocks.size(); i-- > 0;) {
            if (blocks[i].isSelectable())
                return {row, i, static_cast<int>(blocks[i].block.text.size())};
        }
    }
    return {};
}

}  // namespace

void TranscriptSelection::begin(TranscriptFlow& flow, const TextPosition& at, Unit unit) {
    m_unit = unit;
    m_begun = m_range = unitAt(flow, at, unit);
    m_head = m_range.to;
}

void TranscriptSelection::extend(TranscriptFlow& flow, const TextPosition& to) {
    const TextRange reached = unitAt(flow, to, m_unit);
    m_range.from = std::min(m_begun.from, reached.from);
    m_range.to = std::max(m_begun.to, reached.to);
    m_head = m_unit == Unit::Character ? to : (to < m_begun.from ? reached.from : reached.to);
}

void TranscriptSelection::selectAll(TranscriptFlow& flow) {
    m_unit = Unit::Character;
    m_range = {firstPosition(flow), lastPosition(flow)};
    m_begun = {m_range.from, m_range.from};
    m_head = m_range.to;
}

void TranscriptSelection::cutAtRow(int row) {
    if (!isEmpty() && m_range.to.row >= row) clear();
}

TextPosition positionAt(TranscriptFlow& flow, QPoint point) {
    const int index = flow.rowAt(point.y());
    if (index < 0) return {};
    const TranscriptFlow::Row& row = flow.parsedRow(index);
    const auto& layout = row.layout;
    const QPoint inRow = point - QPoint(0, row.top);
    // The last selectable piece that begins above the point, else the first one below it.
    const Piece* found = nullptr;
    for (const Piece& piece : layout.pieces()) {
        if (piece.cells.empty() || !layout.blocks()[piece.block].isSelectable()) continue;
        if (found && piece.top > inRow.y()) break;
        found = &piece;
    }
    if (!found) {
        const auto& blocks = layout.blocks();
        for (std::size_t i = 0; i < blocks.size(); ++i)
            if (blocks[i].isSelectable()) return {index, i, 0};
        return {index, 0, 0};
    }
    const QPoint origin = layout.textOrigin(*found, flow.metrics());
    const Piece::Cell* cell = &found->cells.front();
    for (const Piece::Cell& other : found->cells)
        if (inRow.x() >= origin.x() + other.x) cell = &other;
    if (inRow.y() >= found->top + found->height + found->gapAbove)
        return {index, found->block, cell->from + cell->lines->length()};
    const QPoint local = inRow - origin - QPoint(cell->x, 0);
    return {index, found->block, cell->from + cell->lines->positionAt(local)};
}

TextPosition nextPosition(TranscriptFlow& flow, TextPosition from, int step) {
    if (flow.rowCount() == 0) return from;
    const auto size = [&](const TextPosition& at) {
        const auto& blocks = flow.parsedRow(at.row).layout.blocks();
        return at.block < blocks.size() ? static_cast<int>(blocks[at.block].block.text.size()) : 0;
    };
    if (step > 0 ? from.offset < size(from) : from.offset > 0) {
        const QString& text = flow.parsedRow(from.row).layout.blocks()[from.block].block.text;
        from.offset += step;
        if (from.offset < text.size() && text[from.offset].isLowSurrogate()) from.offset += step;
        // A formula is passed as a whole.
        for (const MathSpan& formula :
             flow.parsedRow(from.row).layout.blocks()[from.block].block.formulas) {
            const int end = formula.start + formula.length;
            if (from.offset > formula.start && from.offset < end)
                from.offset = step > 0 ? end : formula.start;
        }
        return from;
    }
    TextPosition at = from;
    for (;;) {
        const auto nBlocks = flow.parsedRow(at.row).layout.blocks().size();
        if (step > 0 ? at.block + 1 < nBlocks : at.block > 0) {
            at.block = step > 0 ? at.block + 1 : at.block - 1;
        } else {
            at.row += step;
            if (at.row < 0 || at.row >= flow.rowCount()) return from;
            const auto nNext = flow.parsedRow(at.row).layout.blocks().size();
            if (nNext == 0) continue;
            at.block = step > 0 ? 0 : nNext - 1;
        }
        const auto& blocks = flow.parsedRow(at.row).layout.blocks();
        if (at.block >= blocks.size() || !blocks[at.block].isSelectable()) continue;
        at.offset = step > 0 ? 0 : size(at);
        return at;
    }
}

QRect caretRect(TranscriptFlow& flow, const TextPosition& at) {
    const Place place = placeOf(flow, at);
    if (!place.cell) return {};
    const int local = std::clamp(at.offset - place.cell->from, 0, place.cell->lines->length());
    const bool isEnd = local == place.cell->lines->length() && local > 0;
    const auto rects =
        place.cell->lines->rects(isEnd ? local - 1 : local, isEnd ? local : local + 1);
    if (rects.empty()) return {};
    const QRect rect = rects.front().toAlignedRect();
    const QPoint origin = place.row->layout.textOrigin(*place.piece, flow.metrics()) +
                          QPoint(place.cell->x, place.row->top);
    return QRect(isEnd ? rect.right() : rect.left(), rect.top(), 1, rect.height())
        .translated(origin);
}

TextPosition positionByLine(TranscriptFlow& flow, TextPosition from, int step) {
    const QRect caret = caretRect(flow, from);
    if (caret.isEmpty()) return nextPosition(flow, from, step);
    for (int distance = 1; distance < 8; ++distance) {
        const int y = caret.center().y() + step * distance * caret.height();
        const TextPosition found = positionAt(flow, {caret.x(), y});
        if (step > 0 ? found > from : found < from) {
            const QRect there = caretRect(flow, found);
            if (there.isEmpty() || there.center().y() != caret.center().y()) return found;
        }
    }
    return nextPosition(flow, from, step);
}

std::vector<MarkdownBlock> selectedBlocks(TranscriptFlow& flow, const TextRange& range) {
    std::vector<MarkdownBlock> answer;
    std::vector<MarkdownBlock> aside;
    if (range.isEmpty()) return answer;
    for (int row = range.from.row; row <= std::min(range.to.row, flow.rowCount() - 1); ++row) {
        const auto& blocks = flow.parsedRow(row).layout.blocks();
        const std::size_t first = row == range.from.row ? range.from.block : 0;
        const std::size_t last = row == range.to.row ? range.to.block : blocks.size();
        for (std::size_t i = first; i < blocks.size() && i <= last; ++i) {
            const ContentBlock& content = blocks[i];
            if (!content.isSelectable()) continue;
            const auto size = static_cast<int>(content.block.text.size());
            const int from = row == range.from.row && i == first ? range.from.offset : 0;
            const int to =
                row == range.to.row && i == range.to.block ? std::min(range.to.offset, size) : size;
            if (to < from || (to == from && size > 0)) continue;
            (content.isAside() ? aside : answer).push_back(sliced(content.block, from, to));
        }
    }
    return answer.empty() ? aside : answer;
}

}  // namespace lares::app
