#include "app/transcript/transcript_flow.h"

#include <algorithm>

namespace lares::app {
namespace {

constexpr int kSpaceAbove = 22;
constexpr int kSpaceBelow = 36;
constexpr int kManyPieces = 400;

}  // namespace

void TranscriptFlow::setModel(const ConversationModel* model) {
    m_model = model;
    reset();
}

void TranscriptFlow::setMetrics(const RowLayout::Metrics& metrics) {
    m_metrics = metrics;
    if (metrics.theme) {
        m_math = std::make_unique<MathTypesetter>(metrics.theme->codeFont);
        m_metrics.math = m_math.get();
    }
    for (int i = 0; i < rowCount(); ++i) {
        Row& row = at(i);
        if (row.isParsed) {
            row.layout.forgetLines();  // they carry colours
            row.layout.setContent(row.content.blocks(), 0, m_metrics);
            row.height = row.layout.height();
        } else {
            row.height = RowLayout::estimate(m_model->messageAt(i), m_metrics);
        }
    }
    m_placedTo = 0;
    place(0);
}

void TranscriptFlow::setRoomAbove(int pixels) {
    m_roomAbove = pixels;
    m_placedTo = 0;
    place(0);
}

void TranscriptFlow::reset() {
    m_rows.clear();
    m_placedTo = 0;
    if (m_model && m_model->rowCount() > 0) insertRows(0, m_model->rowCount() - 1);
}

void TranscriptFlow::insertRows(int first, int last) {
    std::vector<std::unique_ptr<Row>> rows;
    for (int i = first; i <= last; ++i) {
        auto row = std::make_unique<Row>();
        const ChatMessage& message = m_model->messageAt(i);
        row->id = message.id;
        if (m_metrics.theme) row->height = RowLayout::estimate(message, m_metrics);
        rows.push_back(std::move(row));
    }
    m_rows.insert(m_rows.begin() + first, std::make_move_iterator(rows.begin()),
                  std::make_move_iterator(rows.end()));
    place(first);
}

void TranscriptFlow::removeRows(int first, int last) {
    m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
    place(first);
}

void TranscriptFlow::parse(Row& row, int index) {
    const bool isNew = !row.isParsed;
    const std::size_t changed = row.content.update(m_model->messageAt(index), m_state);
    row.isParsed = true;
    row.layout.setContent(row.content.blocks(), isNew ? 0 : changed, m_metrics);
    row.height = row.layout.height();
}

void TranscriptFlow::changeRow(int index) {
    Row& row = at(index);
    if (!row.isParsed) {
        row.height = RowLayout::estimate(m_model->messageAt(index), m_metrics);
    } else {
        parse(row, index);
    }
    place(index);
}

const TranscriptFlow::Row& TranscriptFlow::parsedRow(int index) {
    Row& row = at(index);
    if (!row.isParsed) {
        parse(row, index);
        place(index);
    }
    return row;
}

void TranscriptFlow::place(int from) {
    if (!m_metrics.theme) return;
    from = std::min(from, m_placedTo);
    const int gap = m_metrics.theme->scaled(Theme::kBetweenTurns);
    int y = from == 0 ? m_metrics.theme->scaled(kSpaceAbove) + m_roomAbove
                      : at(from - 1).top + at(from - 1).height + gap;
    for (int i = from; i < rowCount(); ++i) {
        at(i).top = y;
        y += at(i).height + gap;
    }
    m_placedTo = rowCount();
}

int TranscriptFlow::height() const {
    if (m_rows.empty()) return 0;
    const Row& last = *m_rows.back();
    return last.top + last.height + m_metrics.theme->scaled(kSpaceBelow);
}

int TranscriptFlow::rowAt(int y) const {
    const auto after =
        std::upper_bound(m_rows.begin(), m_rows.end(), y,
                         [](int at, const std::unique_ptr<Row>& row) { return at < row->top; });
    if (m_rows.empty()) return -1;
    return std::max(0, static_cast<int>(after - m_rows.begin()) - 1);
}

TranscriptFlow::Anchor TranscriptFlow::anchorAt(int y) const {
    Anchor anchor;
    anchor.row = std::max(0, rowAt(y));
    if (m_rows.empty()) return anchor;
    const Row& row = *m_rows[static_cast<std::size_t>(anchor.row)];
    if (!row.isParsed) {
        anchor.offset = row.top - y;
        return anchor;
    }
    anchor.piece = row.layout.pieceAt(y - row.top);
    // A piece that is only a sliver, or the space below it, anchors less well than the next one.
    const auto& pieces = row.layout.pieces();
    const int top = pieces.empty() ? 0 : pieces[anchor.piece].top;
    anchor.offset = row.top + top - y;
    return anchor;
}

int TranscriptFlow::topFor(const Anchor& anchor, int viewHeight) const {
    const int lowest = std::max(0, height() - viewHeight);
    if (anchor.isEnd || m_rows.empty()) return lowest;
    const Row& row = *m_rows[static_cast<std::size_t>(std::min(anchor.row, rowCount() - 1))];
    const auto& pieces = row.layout.pieces();
    const int inRow =
        row.isParsed && !pieces.empty() ? pieces[std::min(anchor.piece, pieces.size() - 1)].top : 0;
    return std::clamp(row.top + inRow - anchor.offset, 0, lowest);
}

int TranscriptFlow::settle(const Anchor& anchor, int viewHeight) {
    if (m_rows.empty() || !m_metrics.theme) return 0;
    place(m_placedTo);
    int top = topFor(anchor, viewHeight);
    // Each turn parses or lays out something that was not before, so this ends.
    while (layOutBetween(top, top + viewHeight)) top = topFor(anchor, viewHeight);
    forgetFar(top, top + viewHeight);
    return top;
}

bool TranscriptFlow::layOutBetween(int top, int bottom) {
    bool isChanged = false;
    for (int i = rowAt(top); i < rowCount() && at(i).top < bottom; ++i) {
        Row& row = at(i);
        if (!row.isParsed) {
            parse(row, i);
            place(i);
            isChanged = true;
        }
        if (layOutRow(row, top, bottom)) {
            place(i);
            isChanged = true;
        }
    }
    return isChanged;
}

bool TranscriptFlow::layOutRow(Row& row, int top, int bottom) {
    bool isChanged = false;
    row.hasLines = true;
    for (std::size_t i = row.layout.pieceAt(top - row.top); i < row.layout.pieces().size(); ++i) {
        if (row.top + row.layout.pieces()[i].top >= bottom) break;
        if (!row.layout.layOut(i, m_metrics)) continue;
        isChanged = true;
        row.layout.place();
    }
    row.height = row.layout.height();
    return isChanged;
}

void TranscriptFlow::forgetFar(int top, int bottom) {
    const int margin = 4 * (bottom - top);
    for (int i = 0; i < rowCount(); ++i) {
        Row& row = at(i);
        if (!row.hasLines) continue;
        if (row.top + row.height < top - margin || row.top > bottom + margin) {
            row.layout.forgetLines();
            row.hasLines = false;
        } else if (row.layout.pieces().size() > kManyPieces) {
            row.layout.forgetLines(row.layout.pieceAt(top - margin - row.top),
                                   row.layout.pieceAt(bottom + margin - row.top) + 1);
        }
    }
}

}  // namespace lares::app
