#include "app/ui/icons.h"

#include <QPainter>
#include <QPainterPath>
#include <QTransform>

#include <algorithm>

namespace lares::app {
namespace {

/// In a square of 16 by 16.
QPainterPath outline(Icon icon) {
    QPainterPath path;
    const auto line = [&path](double x1, double y1, double x2, double y2) {
        path.moveTo(x1, y1);
        path.lineTo(x2, y2);
    };
    switch (icon) {
        case Icon::Search:
            path.addEllipse(2.5, 2.5, 8, 8);
            line(9.4, 9.4, 13.5, 13.5);
            break;
        case Icon::Plus:
            line(8, 3, 8, 13);
            line(3, 8, 13, 8);
            break;
        case Icon::Minus:
            line(3, 8, 13, 8);
            break;
        case Icon::Send:
            line(8, 13, 8, 3.5);
            path.moveTo(4, 7.5);
            path.lineTo(8, 3.5);
            path.lineTo(12, 7.5);
            break;
        case Icon::Terminal:
            path.moveTo(3, 4.5);
            path.lineTo(6.5, 8);
            path.lineTo(3, 11.5);
            line(8, 12, 13, 12);
            break;
        case Icon::Plug:
            line(6, 2.5, 6, 5.5);
            line(10, 2.5, 10, 5.5);
            path.moveTo(4, 5.5);
            path.lineTo(12, 5.5);
            path.lineTo(12, 8);
            path.arcTo(4, 4, 8, 8, 0, -180);
            path.closeSubpath();
            line(8, 12, 8, 14);
            break;
        case Icon::Stop:
            path.addRoundedRect(4, 4, 8, 8, 1.5, 1.5);
            break;
        case Icon::Lock:
            path.addRoundedRect(3.5, 7, 9, 6.5, 1.5, 1.5);
            path.moveTo(5.5, 7);
            path.lineTo(5.5, 5);
            path.arcTo(5.5, 2.5, 5, 5, 180, -180);
            path.lineTo(10.5, 7);
            break;
        case Icon::ChevronDown:
            path.moveTo(4.5, 6.5);
            path.lineTo(8, 10);
            path.lineTo(11.5, 6.5);
            break;
        case Icon::ChevronUp:
            path.moveTo(4.5, 9.5);
            path.lineTo(8, 6);
            path.lineTo(11.5, 9.5);
            break;
        case Icon::Close:
            line(4, 4, 12, 12);
            line(12, 4, 4, 12);
            break;
        case Icon::Pin:
            path.moveTo(5.5, 2.5);
            path.lineTo(10.5, 2.5);
            path.lineTo(9.7, 7);
            path.lineTo(12, 9.5);
            path.lineTo(4, 9.5);
            path.lineTo(6.3, 7);
            path.closeSubpath();
            line(8, 9.5, 8, 13.5);
            break;
        case Icon::Folder:
            path.moveTo(2, 12.5);
            path.lineTo(2, 3.5);
            path.lineTo(6.3, 3.5);
            path.lineTo(7.8, 5.2);
            path.lineTo(14, 5.2);
            path.lineTo(14, 12.5);
            path.closeSubpath();
            break;
        case Icon::File:
            path.moveTo(4, 2);
            path.lineTo(9.5, 2);
            path.lineTo(12.5, 5);
            path.lineTo(12.5, 14);
            path.lineTo(4, 14);
            path.closeSubpath();
            path.moveTo(9.5, 2);
            path.lineTo(9.5, 5);
            path.lineTo(12.5, 5);
            break;
        case Icon::Question:
            path.moveTo(5.5, 6);
            path.cubicTo(5.5, 2, 11, 2.2, 10.6, 5.8);
            path.cubicTo(10.4, 7.4, 8, 7.6, 8, 9.8);
            path.addEllipse(QPointF(8, 12.7), 0.35, 0.35);
            break;
        case Icon::Check:
            path.moveTo(3.5, 8.5);
            path.lineTo(6.5, 11.5);
            path.lineTo(12.5, 4.5);
            break;
        case Icon::Warning:
            path.moveTo(8, 2.5);
            path.lineTo(14, 13);
            path.lineTo(2, 13);
            path.closeSubpath();
            line(8, 6.5, 8, 9.3);
            path.addEllipse(QPointF(8, 11.1), 0.25, 0.25);
            break;
        case Icon::List:
            path.addRoundedRect(2, 3, 12, 10, 1.5, 1.5);
            line(6.3, 3, 6.3, 13);
            break;
        case Icon::Edit:
            path.moveTo(3, 13);
            path.lineTo(3.6, 10);
            path.lineTo(10.7, 2.9);
            path.lineTo(13.1, 5.3);
            path.lineTo(6, 12.4);
            path.closeSubpath();
            break;
        case Icon::ArrowRight:
            line(3, 8, 12.5, 8);
            path.moveTo(9, 4.5);
            path.lineTo(12.5, 8);
            path.lineTo(9, 11.5);
            break;
        case Icon::ChevronLeft:
            path.moveTo(9.5, 4.5);
            path.lineTo(6, 8);
            path.lineTo(9.5, 11.5);
            break;
        case Icon::ChevronRight:
            path.moveTo(6.5, 4.5);
            path.lineTo(10, 8);
            path.lineTo(6.5, 11.5);
            break;
        case Icon::Clip:
            path.moveTo(11.5, 5);
            path.lineTo(11.5, 10.5);
            path.arcTo(4.5, 7, 7, 7, 0, -180);
            path.lineTo(4.5, 4.25);
            path.arcTo(4.5, 2, 4.5, 4.5, 180, -180);
            path.lineTo(9, 10.25);
            path.arcTo(6.75, 9.125, 2.25, 2.25, 0, -180);
            path.lineTo(6.75, 5.5);
            path = QTransform().translate(8, 8).rotate(35).translate(-8, -8).map(path);
            break;
        case Icon::Panel:
            path.addRoundedRect(2.5, 3, 11, 10, 2, 2);
            line(9.5, 3, 9.5, 13);
            break;
        case Icon::Temporary:
            for (int from = 10; from < 360; from += 60) {
                path.arcMoveTo(2.5, 2.5, 11, 11, from);
                path.arcTo(2.5, 2.5, 11, 11, from, 32);
            }
            break;
    }
    return path;
}

}  // namespace

void paintIcon(QPainter& painter, Icon icon, const QRectF& area, const QColor& colour) {
    const double side = std::min(area.width(), area.height());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(area.center() - QPointF(side, side) / 2);
    painter.scale(side / 16, side / 16);
    painter.setPen(QPen(colour, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(icon == Icon::Stop ? QBrush(colour) : QBrush(Qt::NoBrush));
    painter.drawPath(outline(icon));
    painter.restore();
}

}  // namespace lares::app
