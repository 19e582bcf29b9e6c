#pragma once

#include <QString>
#include <QStringView>

#include <optional>

namespace lares::app {

/// How a sign stands between others.
enum class MathSpacing {
    None,      ///< a letter
    Operator,  ///< between two terms, with spaces: "+", "="
    Word,      ///< a function's name: a space before what follows
};
struct MathSymbol {
    QString text;
    MathSpacing spacing = MathSpacing::None;
};

/// What a command without arguments stands for: "alpha", "leq". Any thread.
[[nodiscard]] std::optional<MathSymbol> mathSymbol(QStringView command);

/// The text with every character raised or lowered; nothing where Unicode lacks one of them.
[[nodiscard]] std::optional<QString> superscript(QStringView text);
[[nodiscard]] std::optional<QString> subscript(QStringView text);
/// A capital of \mathbb: "ℝ"; else the letter itself.
[[nodiscard]] QString blackboard(QStringView text);

}  // namespace lares::app
