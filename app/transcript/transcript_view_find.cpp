#include "app/transcript/transcript_view.h"

#include <algorithm>

// The part of TranscriptView that shows what is looked for.

namespace lares::app {
namespace {

constexpr int kRoomAround = 56;        // of what is shown, above and below
constexpr double kShownAtShare = 0.3;  // of the view's height, when the view has to move

}  // namespace

void TranscriptView::find(const TextMatcher& wanted) {
    if (wanted.isEmpty()) return endFind();
    // Typing goes on from the place that is shown, if it still is.
    const std::optional<FindPlace> current = m_finder.current();
    const bool isInSight = current && viewport()->rect().intersects(foundRect(*current));
    m_finder.search(wanted, isInSight ? *current : placeInSight());
}

void TranscriptView::findIn(MessageId message, const TextMatcher& wanted) {
    const int row = rowOf(message);
    if (row < 0) return;
    scrollToMessage(message);
    m_finder.search(wanted, {row, {}}, TranscriptFinder::Pick::InRowOnly);
}

void TranscriptView::endFind() {
    if (!m_finder.isActive()) return;
    m_finder.search({}, {});
    const QSet<TranscriptState::PartKey> opened = std::exchange(m_state.openedByFind, {});
    TranscriptFlow::Anchor anchor = topAnchor();
    if (!opened.isEmpty() && !anchor.isEnd && m_flow.rowCount() > 0) {
        // Where the view stands in what closes now, it stands at the line above that.
        const TranscriptFlow::Row& row = m_flow.parsedRow(anchor.row);
        const auto& pieces = row.layout.pieces();
        const auto& blocks = row.layout.blocks();
        std::size_t block = pieces.empty() ? 0 : pieces[anchor.piece].block;
        const auto closes = [&](std::size_t at) {
            const ContentBlock& content = blocks[at];
            const bool isFolded = content.kind == ContentBlock::Kind::ThinkingText ||
                                  content.kind == ContentBlock::Kind::ToolText;
            return isFolded && opened.contains({row.id, openerOf(m_model->messageAt(anchor.row),
                                                                 content.part)});
        };
        int nClosed = 0;  // pieces above the anchor that go
        for (std::size_t at = 0; at < anchor.piece; ++at) nClosed += closes(pieces[at].block);
        if (!pieces.empty() && closes(block)) {
            while (block > 0 && closes(block)) --block;
            anchor.offset = m_theme.scaled(kRoomAround);
            nClosed = 0;
            anchor.piece = row.layout.piecesOf(block).first;
            for (std::size_t at = 0; at < anchor.piece; ++at) nClosed += closes(pieces[at].block);
        }
        anchor.piece -= static_cast<std::size_t>(nClosed);
    }
    for (const TranscriptState::PartKey& key : opened) {
        if (const int row = rowOf(key.first); row >= 0) m_flow.changeRow(row);
    }
    settle(anchor);
    m_isFollowing = isAtEnd();
}

void TranscriptView::setCoveredAbove(int pixels) {
    if (m_coveredAbove == pixels) return;
    m_coveredAbove = pixels;
    keepPlace([&] { m_flow.setRoomAbove(pixels); });
}

/// Where the text begins that is read now, or that is selected.
FindPlace TranscriptView::placeInSight() {
    if (m_flow.rowCount() == 0) return {};
    const TextPosition& selected = m_selection.range().from;
    if (hasSelection() &&
        viewport()->rect().contains(caretRect(m_flow, selected).translated(columnLeft(), -m_top)))
        return {selected.row,
                {placesOf(m_flow.row(selected.row).layout.blocks())[selected.block],
                 {selected.offset, 0}}};
    const TranscriptFlow::Anchor top = m_flow.anchorAt(m_top + m_coveredAbove);
    FindPlace place = {top.row, {}};
    const RowLayout& layout = m_flow.parsedRow(top.row).layout;
    if (layout.pieces().empty()) return place;
    const Piece& piece = layout.pieces()[top.piece];
    place.text.block = placesOf(layout.blocks())[piece.block];
    // The first line of it that is not above the view.
    const QPoint origin = layout.textOrigin(piece, m_flow.metrics());
    const QPoint inPiece(0, m_top + m_coveredAbove - m_flow.row(top.row).top - origin.y());
    place.text.match.from = piece.from;
    if (piece.cells.size() == 1 && inPiece.y() > 0)
        place.text.match.from += piece.cells.front().lines->positionAt(inPiece);
    return place;
}

std::optional<std::size_t> TranscriptView::blockOf(const FindPlace& place) {
    if (place.row >= m_flow.rowCount()) return {};
    const std::vector<BlockPlace> places = placesOf(m_flow.parsedRow(place.row).layout.blocks());
    const auto found = std::find(places.begin(), places.end(), place.text.block);
    if (found == places.end()) return {};
    return static_cast<std::size_t>(found - places.begin());
}

/// In the viewport; empty when it is not laid out, so out of sight.
QRect TranscriptView::foundRect(const FindPlace& place) {
    const auto block = blockOf(place);
    if (!block) return {};
    const TextMatch& match = place.text.match;
    QRect rect = caretRect(m_flow, {place.row, *block, match.from}) |
                 caretRect(m_flow, {place.row, *block, match.from + match.length});
    if (place.text.block.kind == ContentBlock::Kind::ToolLine) {  // its text is one line
        const TranscriptFlow::Row& row = m_flow.parsedRow(place.row);
        const Piece& piece = row.layout.pieces()[row.layout.piecesOf(*block).first];
        rect = QRect(piece.left, row.top + piece.top, piece.width, piece.height);
    }
    return rect.isEmpty() ? rect : rect.translated(columnLeft(), -m_top);
}

void TranscriptView::openAround(const FindPlace& place) {
    const ContentBlock::Kind kind = place.text.block.kind;
    if (kind != ContentBlock::Kind::ThinkingText && kind != ContentBlock::Kind::ToolText) return;
    const ChatMessage& message = m_model->messageAt(place.row);
    const int opener = openerOf(message, place.text.block.part);
    if (isPartOpen(message, static_cast<std::size_t>(opener), m_state)) return;
    m_state.openedByFind.insert({message.id, opener});
    changeRow(place.row);
}

void TranscriptView::showFound() {
    if (!m_finder.current()) return;
    const FindPlace place = *m_finder.current();
    m_isFollowing = false;
    m_wheelRest = 0;
    openAround(place);
    const auto block = blockOf(place);
    if (!block) return;
    const int around = m_theme.scaled(kRoomAround);
    const int height = viewport()->height();
    const QRect rect = foundRect(place);
    if (!rect.isEmpty() && rect.top() >= m_coveredAbove + around / 2 &&
        rect.bottom() <= height - around)
        return viewport()->update();

    const RowLayout& layout = m_flow.row(place.row).layout;
    const auto [first, last] = layout.piecesOf(*block);
    std::size_t piece = first;
    for (std::size_t i = first; i < last; ++i) {
        if (layout.pieces()[i].kind != Piece::Kind::CodeHead &&
            layout.pieces()[i].from <= place.text.match.from)
            piece = i;
    }
    // Its piece first, which is laid out with that; then the line within the piece.
    const int wanted = std::max(m_coveredAbove + around, static_cast<int>(height * kShownAtShare));
    settle({.row = place.row, .piece = piece, .offset = wanted});
    const QRect there = foundRect(place);
    if (!there.isEmpty() && there.top() != wanted) {
        const int inPiece = there.top() + m_top - m_flow.row(place.row).top -
                            m_flow.row(place.row).layout.pieces()[piece].top;
        settle({.row = place.row, .piece = piece, .offset = wanted - inPiece});
    }
}

std::vector<RowPainter::Found> TranscriptView::foundToPaint(int row) const {
    std::vector<RowPainter::Found> painted;
    const std::vector<FoundText>& found = m_finder.foundIn(row);
    if (found.empty()) return painted;
    const auto& current = m_finder.current();
    const std::vector<BlockPlace> places = placesOf(m_flow.row(row).layout.blocks());
    auto at = found.begin();
    for (std::size_t block = 0; block < places.size(); ++block) {
        // What is folded now is not painted.
        at = std::find_if(at, found.end(),
                          [&](const FoundText& one) { return one.block >= places[block]; });
        for (; at != found.end() && at->block == places[block]; ++at)
            painted.push_back({block, at->match, current == FindPlace{row, *at}});
    }
    return painted;
}

}  // namespace lares::app
