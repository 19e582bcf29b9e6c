#pragma once

#include "app/math/math_node.h"

#include <QStringView>

#include <optional>

namespace lares::app {

/// Formulas nested deeper than this, or longer, are not set (they stay a line of text).
inline constexpr int kMostMathNesting = 24;
inline constexpr qsizetype kLongestFormula = 6000;

/// LaTeX's mathematics as a tree, by TeX's grammar as models write it (The TeXbook, chapters 17 and
/// 26; amsmath's environments). A command that is not known becomes its name. Nothing where the
/// formula is broken or unfinished (a bracket without its other half, a fraction without its
/// parts), empty, too long or too deep: show mathText instead. Linear. Any thread.
[[nodiscard]] std::optional<MathList> parseMath(QStringView latex);

/// A tree as text, for tests and for people: "frac{1}{2}", "scripts{x}{2}{}".
[[nodiscard]] QString describe(const MathList& list);

}  // namespace lares::app
