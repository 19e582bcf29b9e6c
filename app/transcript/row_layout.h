#pragma once

#include "app/transcript/message_content.h"
#include "app/transcript/text_lines.h"

#include <QRect>

#include <memory>
#include <optional>
#include <vector>

namespace lares::app {

/// One horizontal slice of a message: some lines of a block, a table's row, a line of controls.
/// Nothing is larger than a few screens, so that only what is seen is ever laid out.
struct Piece {
    enum class Kind {
        Lines,
        TableRow,
        Rule,
        CodeHead,
        Name,
        ThinkingLine,
        ToolLine,
        Notice,
        Card,
        Progress,
        Chips,
        SummaryLine,
        SummaryActions
    };
    struct Cell {
        std::unique_ptr<TextLines> lines;
        int x = 0;     ///< from the piece's left
        int from = 0;  ///< position in the block's text
    };

    Kind kind = Kind::Lines;
    std::size_t block = 0;  ///< index into the content's blocks
    int from = 0;           ///< the range of the block's text that it shows
    int length = 0;
    int row = 0;   ///< TableRow: 0 is the head
    int left = 0;  ///< from the column's left
    int width = 0;
    int top = 0;  ///< from the row's top
    int height = 0;
    int gapAbove = 0;  ///< outside, to the piece above
    int padAbove = 0;  ///< inside the height, before the text
    int padBelow = 0;
    bool isFirst = false;  ///< of its block
    bool isLast = false;
    bool isExact = false;     ///< the height is measured, not estimated
    std::vector<Cell> cells;  ///< empty until laid out; one, but in tables
};

/// The slices of one message at one width. Heights are guesses until `layOut`. UI thread only.
class RowLayout {
public:
    struct Metrics {
        int column = 0;  ///< width of the reading column
        const Theme* theme = nullptr;
        MathTypesetter* math = nullptr;  ///< null: formulas are text
    };

    /// Takes new content: slices whose text is as before keep their layout.
    void setContent(const std::vector<ContentBlock>& blocks,
                    std::size_t firstChanged,
                    const Metrics& metrics);
    /// Measures one slice; true when its height changed (call `place` then).
    bool layOut(std::size_t piece, const Metrics& metrics);
    void place();  ///< computes every top
    /// Drops what drawing needs, but of the pieces in this range, and keeps the heights.
    void forgetLines(std::size_t keepFrom = 0, std::size_t keepTo = 0);

    [[nodiscard]] const std::vector<Piece>& pieces() const { return m_pieces; }
    [[nodiscard]] const std::vector<ContentBlock>& blocks() const { return m_blocks; }
    [[nodiscard]] int height() const { return m_height; }  ///< without the space to the next row
    [[nodiscard]] std::size_t pieceAt(int y) const;  ///< the last that begins above; 0 if none
    /// The pieces of the block: first index and one past the last.
    [[nodiscard]] std::pair<std::size_t, std::size_t> piecesOf(std::size_t block) const;
    /// The user's bubble, by the widest line known so far.
    [[nodiscard]] QRect bubble(const Metrics& metrics) const;
    /// Where the piece's text begins, from the row's top left corner.
    [[nodiscard]] QPoint textOrigin(const Piece& piece, const Metrics& metrics) const;
    [[nodiscard]] const std::vector<int>& columnsOf(std::size_t block) const;

    /// A guess for a message that was never looked at.
    [[nodiscard]] static int estimate(const ChatMessage& message, const Metrics& metrics);

private:
    void addPieces(std::size_t block, const Metrics& metrics);
    void addTextPieces(std::size_t block, Piece base, const Metrics& metrics);
    void addTablePieces(std::size_t block, const Piece& base, const Metrics& metrics);
    void reuse(std::vector<Piece> old,
               const std::vector<ContentBlock>& oldBlocks,
               std::size_t firstBlock);
    void layOutText(Piece& piece, const ContentBlock& content, const Metrics& metrics);
    void layOutTableRow(Piece& piece, const ContentBlock& content, const Metrics& metrics);
    [[nodiscard]] int gapBefore(std::size_t block, const Metrics& metrics) const;

    std::vector<ContentBlock> m_blocks;
    std::vector<Piece> m_pieces;
    std::vector<std::pair<std::size_t, std::vector<int>>> m_columns;  ///< block → widths
    int m_height = 0;
    int m_textWidth = 0;  ///< UserText: the widest line
};

}  // namespace lares::app
