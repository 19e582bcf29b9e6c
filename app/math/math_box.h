#pragma once

#include <QFont>
#include <QPainterPath>
#include <QPointF>
#include <QRectF>
#include <QString>

#include <vector>

class QColor;
class QPainter;

namespace lares::app {

/// Something that is drawn. y grows downwards, 0 is the baseline.
struct MathItem {
    enum class Kind { Text, Rule, Path };
    Kind kind = Kind::Text;
    QString text = {};
    QFont font = {};
    QPointF at = {};         ///< Text: its origin; Path: where its own (0, 0) is
    QRectF ink = {};         ///< what it covers
    QPainterPath path = {};  ///< filled
};

/// A laid-out piece of a formula, from (0, 0) on the baseline at its left.
struct MathBox {
    double width = 0;
    double ascent = 0;   ///< above the baseline
    double descent = 0;  ///< below it
    double italic = 0;   ///< how far a slanted letter leans over its right
    std::vector<MathItem> items = {};

    [[nodiscard]] double height() const { return ascent + descent; }
    /// Takes in another box at this place; `width` stays as it is.
    void add(MathBox other, double x, double y);
    /// Puts another one behind it.
    void append(MathBox other);
    void addRule(const QRectF& rect);
    void addPath(const QPainterPath& path, double x, double y);
};

/// Makes the box as large as what is drawn in it, with room for soft edges.
[[nodiscard]] MathBox enclosed(MathBox box);

/// Draws a box, its origin there. Bars lie on the device's pixels, so they are sharp on any screen.
/// UI thread only.
void paintMath(QPainter& painter, const MathBox& box, QPointF at, const QColor& colour);

}  // namespace lares::app
