#pragma once

#include <QPainterPath>
#include <QString>

namespace lares::app {

/// Shapes that grow with what they stand at, as filled paths, so that no font need have them.
/// Lengths in pixels; `pen` is the thickness of a bar.

/// A delimiter ("(", "{", "⌊", "|", "⟨", …) with its upper left corner at (0, 0).
[[nodiscard]] QPainterPath delimiterShape(const QString& text,
                                          double height,
                                          double em,
                                          double pen);
/// The sign of a root without its bar, which begins at its upper right corner; the upper left
/// corner is at (0, 0).
[[nodiscard]] QPainterPath rootShape(double height, double em, double pen);
[[nodiscard]] double rootWidth(double height, double em);
/// A lying brace over (or under) something, its upper left corner at (0, 0).
[[nodiscard]] QPainterPath braceShape(double width, bool isAbove, double em, double pen);
/// A mark over a letter ("^", "-", "~", ">", ".", ":", "v", "/", "\", "u", "o"), its lower left
/// corner at (0, 0).
[[nodiscard]] QPainterPath accentShape(const QString& mark, double width, double em, double pen);
/// An arrow to the right or the left ("→", "←"), its middle left at (0, 0).
[[nodiscard]] QPainterPath arrowShape(const QString& text, double width, double em, double pen);

}  // namespace lares::app
