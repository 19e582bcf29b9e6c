#pragma once

#include "app/math/math_box.h"
#include "app/math/math_fonts.h"
#include "app/math/math_node.h"

#include <vector>

namespace lares::app {

/// Formulas in two dimensions, after The TeXbook, Appendix G. Followed: 5 and 6 (which signs are
/// binary), 8 (the four styles), 9 and 10 (lines), 11 (roots), 12 (accents), 13 and 13a (large
/// operators, limits), 14 and 17 (letters), 15 to 15e (fractions), 16, 18 to 18f (scripts), 19
/// (delimiters), 20 and the table of spaces of chapter 18. Its parameters are those of Computer
/// Modern, by the em, and the heights of a minus and an x are those of the window's font. Otherwise
/// than there, a delimiter is never lower than what it stands around, and its shape is drawn.
/// UI thread only.

/// How a formula stands: on a line of its own, or in one with words.
enum class MathStyle { Display, Inline };

/// The formula in one line.
[[nodiscard]] MathBox layOutMath(const MathList& list, MathStyle style, MathFonts& fonts);

/// Where a formula may be cut: inline behind a relation or a binary operator (TeX's way), displayed
/// before it (amsmath's).
enum class MathBreaks { Relations, Operators };
struct MathPiece {
    MathBox box;
    double spaceBefore = 0;  ///< where it follows the piece before in the same line
};
/// The formula as pieces that stand behind each other or, broken, below. At least one.
[[nodiscard]] std::vector<MathPiece> layOutMathPieces(const MathList& list,
                                                      MathStyle style,
                                                      MathBreaks breaks,
                                                      MathFonts& fonts);

}  // namespace lares::app
