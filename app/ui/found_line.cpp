#include "app/ui/found_line.h"

#include "app/transcript/visible_text.h"
#include "app/ui/painting.h"
#include "app/ui/theme.h"

#include <QPainter>

namespace lares::app {

void paintFoundLine(QPainter& painter,
                    const QRectF& area,
                    const Theme& theme,
                    const QString& line,
                    int matchStart,
                    int matchLength) {
    const QFont found = weighted(theme.captionFont, QFont::DemiBold);
    QRectF rest = area;
    const auto piece = [&](const QString& text, const QFont& font, const QColor& colour) {
        if (rest.width() <= 0 || text.isEmpty()) return;
        const QString shown = visibleText(text);
        paintLine(painter, rest, font, colour, shown);
        rest.setLeft(rest.left() + QFontMetricsF(font).horizontalAdvance(shown));
    };
    piece(line.left(matchStart), theme.captionFont, theme.secondaryText);
    piece(line.mid(matchStart, matchLength), found, theme.text);
    piece(line.mid(matchStart + matchLength), theme.captionFont, theme.secondaryText);
}

}  // namespace lares::app
