#include "app/ui/painting.h"

#include "app/personas/persona_text.h"

#include <QFontMetricsF>
#include <QPaintDevice>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace lares::app {
namespace {

double hairlineWidth(const QPainter& painter) {
    const double ratio = painter.device()->devicePixelRatioF();
    return std::max(1.0, std::floor(ratio)) / ratio;
}

QRectF onDevicePixels(const QPainter& painter, const QRectF& area) {
    const double ratio = painter.device()->devicePixelRatioF();
    const QPointF origin = painter.deviceTransform().map(area.topLeft());
    const QPointF end = painter.deviceTransform().map(area.bottomRight());
    const QPointF moveStart = QPointF(std::round(origin.x()), std::round(origin.y())) - origin;
    const QPointF moveEnd = QPointF(std::round(end.x()), std::round(end.y())) - end;
    return QRectF(area.topLeft() + moveStart / ratio, area.bottomRight() + moveEnd / ratio);
}

}  // namespace

void paintSurface(
    QPainter& painter, const QRectF& area, double radius, const QColor& fill, const QColor& line) {
    const double width = hairlineWidth(painter);
    QRectF inside = onDevicePixels(painter, area);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    if (line.isValid()) {
        painter.setPen(QPen(line, width));
        inside.adjust(width / 2, width / 2, -width / 2, -width / 2);
    }
    painter.drawRoundedRect(inside, radius, radius);
    painter.restore();
}

void paintFocusRing(QPainter& painter, const QRectF& area, double radius, const QColor& colour) {
    constexpr double kWidth = 2;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, kWidth));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), radius, radius);
    painter.restore();
}

void paintRule(QPainter& painter, const QRectF& area, const QColor& colour) {
    const double width = hairlineWidth(painter);
    const QRectF sharp = onDevicePixels(painter, area);
    painter.fillRect(QRectF(sharp.left(), sharp.bottom() - width, sharp.width(), width), colour);
}

void paintLine(QPainter& painter,
               const QRectF& area,
               const QFont& font,
               const QColor& colour,
               const QString& text,
               Qt::Alignment alignment) {
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(area, static_cast<int>(alignment | Qt::AlignVCenter) | Qt::TextSingleLine,
                     QFontMetricsF(font).elidedText(text, Qt::ElideRight, area.width()));
}

void paintMark(QPainter& painter,
               const QRectF& area,
               const QString& name,
               const QFont& font,
               const QColor& disc,
               const QColor& letter) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(disc);
    painter.drawEllipse(area);
    QFont small = font;
    small.setPixelSize(std::max(1, static_cast<int>(std::lround(area.height() * 0.55))));
    small.setWeight(QFont::Bold);
    painter.setFont(small);
    painter.setPen(letter);
    painter.drawText(area, Qt::AlignCenter, markOf(name));
    painter.restore();
}

}  // namespace lares::app
