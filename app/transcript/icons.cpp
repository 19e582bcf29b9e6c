#include "app/transcript/icons.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace lares::app {
namespace {

QPainterPath lines(std::initializer_list<QPointF> points) {
    QPainterPath path;
    const auto* point = points.begin();
    path.moveTo(*point);
    while (++point != points.end()) path.lineTo(*point);
    return path;
}

/// Every path is drawn on a square of 16.
QPainterPath pathOf(TranscriptIcon icon) {
    QPainterPath path;
    switch (icon) {
        case TranscriptIcon::Copy:
            path.addRoundedRect(5.5, 5.5, 8, 8, 1.8, 1.8);
            path.addPath(lines({{10.5, 3.6}, {10.5, 3.4}}));
            path.moveTo(10.5, 3.2);
            path.arcTo(QRectF(8.7, 2.5, 1.8, 1.8), 0, 90);
            path.lineTo(4.3, 2.5);
            path.arcTo(QRectF(2.5, 2.5, 3.6, 3.6), 90, 90);
            path.lineTo(2.5, 8.7);
            path.arcTo(QRectF(2.5, 8.7, 1.8, 1.8), 180, 90);
            return path;
        case TranscriptIcon::Check:
            return lines({{3.5, 8.5}, {6.5, 11.5}, {12.5, 4.8}});
        case TranscriptIcon::Cross:
            path = lines({{4.2, 4.2}, {11.8, 11.8}});
            path.addPath(lines({{11.8, 4.2}, {4.2, 11.8}}));
            return path;
        case TranscriptIcon::Denied:
            path.addEllipse(QRectF(2.5, 2.5, 11, 11));
            path.addPath(lines({{4.2, 4.2}, {11.8, 11.8}}));
            return path;
        case TranscriptIcon::Edit:
            path = lines({{3, 13}, {3.6, 10.3}, {10.9, 3}, {13, 5.1}, {5.7, 12.4}});
            path.closeSubpath();
            path.addPath(lines({{9.4, 4.5}, {11.5, 6.6}}));
            return path;
        case TranscriptIcon::Regenerate:
            path.arcMoveTo(QRectF(3, 3, 10, 10), 50);
            path.arcTo(QRectF(3, 3, 10, 10), 50, 290);
            path.addPath(lines({{11.6, 1.6}, {11.4, 4.4}, {8.6, 4.3}}));
            return path;
        case TranscriptIcon::Prompt:
            path.moveTo(1.8, 8);
            path.quadTo(8, 1.4, 14.2, 8);
            path.quadTo(8, 14.6, 1.8, 8);
            path.addEllipse(QRectF(6.2, 6.2, 3.6, 3.6));
            return path;
        case TranscriptIcon::Remember:
            path = lines({{4.2, 2}, {11.8, 2}, {11.8, 14}, {8, 10.6}, {4.2, 14}});
            path.closeSubpath();
            return path;
        case TranscriptIcon::ChevronLeft:
            return lines({{9.6, 4}, {5.8, 8}, {9.6, 12}});
        case TranscriptIcon::ChevronRight:
            return lines({{6.4, 4}, {10.2, 8}, {6.4, 12}});
        case TranscriptIcon::ChevronDown:
            return lines({{4, 6.2}, {8, 10}, {12, 6.2}});
        case TranscriptIcon::ArrowDown:
            path = lines({{8, 3}, {8, 12.6}});
            path.addPath(lines({{4, 8.8}, {8, 12.8}, {12, 8.8}}));
            return path;
        case TranscriptIcon::Running:
            path.arcMoveTo(QRectF(3, 3, 10, 10), 90);
            path.arcTo(QRectF(3, 3, 10, 10), 90, -270);
            return path;
        case TranscriptIcon::Waiting:
            path.addEllipse(QRectF(2.5, 2.5, 11, 11));
            path.addPath(lines({{8, 5}, {8, 8.2}, {10.2, 9.5}}));
            return path;
        case TranscriptIcon::Notice:
            path.addEllipse(QRectF(2.5, 2.5, 11, 11));
            path.addPath(lines({{8, 7.4}, {8, 11}}));
            path.addPath(lines({{8, 5}, {8, 5.15}}));
            return path;
        case TranscriptIcon::File:
            path = lines({{4, 2}, {9.5, 2}, {12.5, 5}, {12.5, 14}, {4, 14}});
            path.closeSubpath();
            path.addPath(lines({{9.5, 2}, {9.5, 5}, {12.5, 5}}));
            return path;
    }
    return path;
}

}  // namespace

void drawIcon(QPainter& painter, TranscriptIcon icon, const QRectF& rect, const QColor& color) {
    const double side = std::min(rect.width(), rect.height());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(rect.center() - QPointF(side / 2, side / 2));
    painter.scale(side / 16, side / 16);
    QPen pen(color, 1.4);
    pen.setCapStyle(Qt::RoundCap);
    pen.setJoinStyle(Qt::RoundJoin);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(pathOf(icon));
    painter.restore();
}

}  // namespace lares::app
