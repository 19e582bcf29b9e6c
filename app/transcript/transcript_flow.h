#pragma once

#include "app/chat/conversation_model.h"
#include "app/transcript/row_layout.h"
#include "app/transcript/transcript_state.h"

#include <memory>
#include <vector>

namespace lares::app {

/// The rows of a conversation below each other: where each one stands, and which of them have
/// been parsed and laid out. Heights of what was never seen are guesses; `settle` makes exact what
/// is in sight while one chosen piece stays where it is. Coordinates: pixels from the top of the
/// whole text, x from the left of the reading column. UI thread only.
class TranscriptFlow {
public:
    struct Row {
        MessageId id = 0;
        MessageContent content;
        RowLayout layout;
        bool isParsed = false;
        bool hasLines = false;
        int top = 0;
        int height = 0;  ///< without the space to the next row
    };
    /// A piece and how far below the top of the view it stands.
    struct Anchor {
        int row = 0;
        std::size_t piece = 0;
        int offset = 0;
        bool isEnd = false;  ///< instead: the end of everything at the bottom of the view
    };

    explicit TranscriptFlow(TranscriptState& state) : m_state(state) {}

    void setModel(const ConversationModel* model);
    /// The column's width and the theme; everything is laid out anew.
    void setMetrics(const RowLayout::Metrics& metrics);
    [[nodiscard]] const RowLayout::Metrics& metrics() const { return m_metrics; }
    /// Empty space above the first row, beside the usual one.
    void setRoomAbove(int pixels);

    void reset();
    void insertRows(int first, int last);
    void removeRows(int first, int last);
    void changeRow(int row);  ///< its message, or the state that it shows

    [[nodiscard]] int rowCount() const { return static_cast<int>(m_rows.size()); }
    [[nodiscard]] const Row& row(int index) const {
        return *m_rows[static_cast<std::size_t>(index)];
    }
    /// The same, parsed if it was not yet: its height may change (call `settle`).
    [[nodiscard]] const Row& parsedRow(int index);
    [[nodiscard]] int rowAt(int y) const;  ///< the last that begins above y; -1: there are none
    [[nodiscard]] int height() const;      ///< of everything
    [[nodiscard]] Anchor anchorAt(int y) const;

    /// Lays out what a view of this height shows when `anchor` stands where it says. Returns the y
    /// at the view's top.
    int settle(const Anchor& anchor, int viewHeight);

private:
    [[nodiscard]] Row& at(int index) { return *m_rows[static_cast<std::size_t>(index)]; }
    void parse(Row& row, int index);
    void place(int from);
    [[nodiscard]] bool layOutBetween(int top, int bottom);
    [[nodiscard]] bool layOutRow(Row& row, int top, int bottom);
    void forgetFar(int top, int bottom);
    [[nodiscard]] int topFor(const Anchor& anchor, int viewHeight) const;

    TranscriptState& m_state;
    const ConversationModel* m_model = nullptr;
    RowLayout::Metrics m_metrics;
    std::unique_ptr<MathTypesetter> m_math;  ///< of m_metrics
    int m_roomAbove = 0;
    std::vector<std::unique_ptr<Row>> m_rows;
    int m_placedTo = 0;  ///< rows before this one have their right top
};

}  // namespace lares::app
