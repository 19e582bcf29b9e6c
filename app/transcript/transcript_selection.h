#pragma once

#include "app/transcript/text_position.h"
#include "app/transcript/transcript_flow.h"

#include <QPoint>

#include <vector>

namespace lares::app {

/// What is selected, and how a drag extends it: by characters, words or paragraphs.
class TranscriptSelection {
public:
    enum class Unit { Character, Word, Paragraph };

    void clear() { *this = {}; }
    /// Begins at a place; the unit that contains it is selected at once.
    void begin(TranscriptFlow& flow, const TextPosition& at, Unit unit);
    void extend(TranscriptFlow& flow, const TextPosition& to);
    void selectAll(TranscriptFlow& flow);
    /// Rows from this one on are gone.
    void cutAtRow(int row);

    [[nodiscard]] bool isEmpty() const { return m_range.isEmpty(); }
    [[nodiscard]] const TextRange& range() const { return m_range; }
    [[nodiscard]] const TextPosition& head() const { return m_head; }

private:
    TextPosition m_head;
    TextRange m_begun;  ///< the unit in which it began
    TextRange m_range;
    Unit m_unit = Unit::Character;
};

/// The place nearest to a point (coordinates of the flow) in text that can be selected.
[[nodiscard]] TextPosition positionAt(TranscriptFlow& flow, QPoint point);
/// The next character (or the one before), through blocks and rows; the same at the ends.
[[nodiscard]] TextPosition nextPosition(TranscriptFlow& flow, TextPosition from, int step);
/// One line further down (or up), in the same column of pixels.
[[nodiscard]] TextPosition positionByLine(TranscriptFlow& flow, TextPosition from, int step);
/// Where the place is, in the flow's coordinates; empty when it is not laid out.
[[nodiscard]] QRect caretRect(TranscriptFlow& flow, const TextPosition& at);

/// The selected blocks, cut to what is selected. Thinking, calls and notices are left out, unless
/// nothing else is selected.
[[nodiscard]] std::vector<MarkdownBlock> selectedBlocks(TranscriptFlow& flow,
                                                        const TextRange& range);

}  // namespace lares::app
