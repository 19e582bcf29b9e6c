#pragma once

#include <QColor>
#include <QRectF>

class QPainter;
class QString;
class QFont;

namespace lares::app {

/// A rounded surface with a hairline along its inside. The hairline is a whole number of device
/// pixels on a device pixel, so that it is sharp at 125 and 150 % too. An invalid colour is not
/// painted.
void paintSurface(QPainter& painter,
                  const QRectF& area,
                  double radius,
                  const QColor& fill,
                  const QColor& line = {});

/// The ring of what has the keyboard focus, around `area`, and the room that it needs on every
/// side.
inline constexpr int kFocusRingRoom = 3;
void paintFocusRing(QPainter& painter, const QRectF& area, double radius, const QColor& colour);

/// A hairline along the lower edge of `area`.
void paintRule(QPainter& painter, const QRectF& area, const QColor& colour);

/// One line of text, elided at its end, vertically centred.
void paintLine(QPainter& painter,
               const QRectF& area,
               const QFont& font,
               const QColor& colour,
               const QString& text,
               Qt::Alignment alignment = Qt::AlignLeft);

/// A persona's mark: its first letter in a disc.
void paintMark(QPainter& painter,
               const QRectF& area,
               const QString& name,
               const QFont& font,
               const QColor& disc,
               const QColor& letter);

}  // namespace lares::app
