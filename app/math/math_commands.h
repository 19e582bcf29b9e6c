#pragma once

#include "app/math/math_node.h"

#include <QHash>
#include <QString>
#include <QStringView>

#include <optional>

namespace lares::app {

// What the commands and characters of LaTeX's mathematics are, as tables (names are without the
// backslash). Classes: The TeXbook, chapter 17. Any thread.

/// How an environment is set, and the delimiters around it ("" for none).
struct GridLook {
    MathNode::Grid grid;
    const char* columns;  ///< "l", "c" and "r", repeated
    const char* left = "";
    const char* right = "";
};
[[nodiscard]] const QHash<QString, GridLook>& mathEnvironments();

/// The face that "\mathbf" and its like give their argument.
[[nodiscard]] std::optional<MathFace> mathFaceOf(const QString& name);
/// The face of a command whose argument is prose.
[[nodiscard]] std::optional<MathFace> mathWordsFace(const QString& name);
/// The mark of "\hat" and its like; empty for other commands.
[[nodiscard]] QString mathAccentOf(const QString& name);
/// The width of a space, in em.
[[nodiscard]] std::optional<double> mathSpaceOf(const QString& name);
/// 1 to 4 for "\big" to "\Bigg", also with l, r or m behind; 0 for other commands.
[[nodiscard]] int mathDelimiterSize(const QString& name);
/// Commands that change nothing here.
[[nodiscard]] bool isMathNothing(QStringView name);

/// The class of a sign that no command says more of.
[[nodiscard]] MathClass mathLetterClass(QStringView sign);
/// The class of a character that is written as it is.
[[nodiscard]] MathClass mathCharacterClass(QChar c);
/// Has its limits beside it.
[[nodiscard]] bool isIntegralSign(QStringView sign);
[[nodiscard]] bool isBinaryMath(QStringView sign);
/// Variables are italic: Latin letters and small Greek ones.
[[nodiscard]] MathFace naturalMathFace(QStringView text);

}  // namespace lares::app
