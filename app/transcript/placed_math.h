#pragma once

#include "app/math/math_typesetter.h"
#include "app/transcript/markdown_blocks.h"

#include <QString>

#include <memory>
#include <vector>

namespace lares::app {

/// The formulas of a text as Qt's text layout gets them: one letter in place of each piece of a
/// formula, made as wide as the piece and not seen, so that lines break around formulas as around
/// words. Positions of the text, in which a formula is what it reads as, become positions of the
/// layout and come back; a place in a formula is one of its ends. UI thread only.
class PlacedMath {
public:
    static constexpr QChar kLetter = u'x';
    struct Piece {
        int at = 0;  ///< its letter in the layout
        bool isDisplay = false;
        double left = 0;  ///< Display: from the line's left
        std::shared_ptr<const SetMath> set;
        std::size_t index = 0;  ///< in `set`

        [[nodiscard]] const MathBox& box() const { return set->pieces[index]; }
    };

    PlacedMath() = default;
    /// `text` begins at `offset` of the block whose formulas these are. What cannot be set in this
    /// width stays text. `typesetter` null: all do.
    PlacedMath(const QString& text,
               int offset,
               const std::vector<MathSpan>& formulas,
               MathTypesetter* typesetter,
               const QFont& font,
               double width);

    [[nodiscard]] const QString& layoutText() const { return m_text; }
    [[nodiscard]] const std::vector<Piece>& pieces() const { return m_pieces; }
    enum class End { Near, First, Last };
    /// `end`: which end of a formula a place in it becomes.
    [[nodiscard]] int toLayout(int position, End end) const;
    [[nodiscard]] int toText(int position, End end = End::Near) const;

private:
    struct Placed {
        int from = 0;  ///< in the text
        int length = 0;
        int at = 0;  ///< in the layout
        int count = 0;
    };
    QString m_text;
    std::vector<Placed> m_placed;
    std::vector<Piece> m_pieces;
};

}  // namespace lares::app
