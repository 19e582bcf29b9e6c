#pragma once

#include <QRectF>

class QPainter;
class QString;

namespace lares::app {

struct Theme;

/// One line of a message that holds what was searched for, the first such word in bold.
void paintFoundLine(QPainter& painter,
                    const QRectF& area,
                    const Theme& theme,
                    const QString& line,
                    int matchStart,
                    int matchLength);

}  // namespace lares::app
