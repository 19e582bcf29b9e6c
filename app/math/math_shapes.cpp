#include "app/math/math_shapes.h"

#include <QPainterPathStroker>
#include <QTransform>

#include <algorithm>

namespace lares::app {
namespace {

QPainterPath stroked(const QPainterPath& line, double pen) {
    QPainterPathStroker stroker;
    stroker.setWidth(pen);
    stroker.setCapStyle(Qt::FlatCap);
    stroker.setJoinStyle(Qt::MiterJoin);
    stroker.setMiterLimit(2);
    QPainterPath path = stroker.createStroke(line);
    path.setFillRule(Qt::WindingFill);
    return path;
}

QPainterPath mirrored(const QPainterPath& path) {
    const QRectF box = path.boundingRect();
    return QTransform(-1, 0, 0, 1, box.left() + box.right(), 0).map(path);
}

/// Thick in the middle and thin at its ends.
QPainterPath roundBracket(double height, double em, double pen) {
    const double width = std::min(0.3 * em + 0.035 * height, 0.62 * em);
    const double thick = pen * std::min(1.9, 1.25 + height / em * 0.08);
    const double tip = pen * 0.75;
    const double outer = -width / 3;
    const double inner = (thick - 0.25 * width) / 0.75;
    QPainterPath path;
    path.moveTo(width - tip, 0);
    path.cubicTo(outer, height * 0.3, outer, height * 0.7, width - tip, height);
    path.lineTo(width, height);
    path.cubicTo(inner, height * 0.68, inner, height * 0.32, width, 0);
    path.closeSubpath();
    return path;
}

QPainterPath curlyBracket(double height, double em, double pen) {
    const double half = std::min(0.17 * em + 0.008 * height, 0.26 * em);
    const double turn = std::min(height / 4, 0.42 * em);
    const double mid = height / 2;
    QPainterPath line;
    line.moveTo(2 * half, pen / 2);
    line.cubicTo(half * 1.2, pen / 2, half, turn * 0.45, half, turn);
    line.lineTo(half, mid - turn);
    line.cubicTo(half, mid - turn * 0.35, half * 0.7, mid - turn * 0.08, 0, mid);
    line.cubicTo(half * 0.7, mid + turn * 0.08, half, mid + turn * 0.35, half, mid + turn);
    line.lineTo(half, height - turn);
    line.cubicTo(half, height - turn * 0.45, half * 1.2, height - pen / 2, 2 * half,
                 height - pen / 2);
    return stroked(line, pen * 1.15);
}

QPainterPath squareBracket(double height, double em, double pen, bool hasTop, bool hasBottom) {
    const double arm = 0.26 * em;
    QPainterPath line;
    if (hasTop) {
        line.moveTo(arm, pen / 2);
        line.lineTo(pen / 2, pen / 2);
    } else {
        line.moveTo(pen / 2, 0);
    }
    line.lineTo(pen / 2, hasBottom ? height - pen / 2 : height);
    if (hasBottom) line.lineTo(arm, height - pen / 2);
    return stroked(line, pen);
}

QPainterPath standingArrow(const QString& text, double height, double em, double pen) {
    const bool isUp = text != u"↓" && text != u"⇓";
    const bool isDown = text != u"↑" && text != u"⇑";
    const bool isDouble = text == u"⇑" || text == u"⇓" || text == u"⇕";
    const double half = 0.24 * em;
    QPainterPath line;
    const double apart = isDouble ? half * 0.4 : 0;
    for (const double x : {half - apart, half + apart}) {
        line.moveTo(x, isUp ? half * 0.6 : 0);
        line.lineTo(x, isDown ? height - half * 0.6 : height);
    }
    if (isUp) {
        line.moveTo(0, half);
        line.lineTo(half, pen / 2);
        line.lineTo(2 * half, half);
    }
    if (isDown) {
        line.moveTo(0, height - half);
        line.lineTo(half, height - pen / 2);
        line.lineTo(2 * half, height - half);
    }
    return stroked(line, pen);
}

}  // namespace

QPainterPath delimiterShape(const QString& text, double height, double em, double pen) {
    const QChar c = text.isEmpty() ? QChar() : text[0];
    QPainterPath line;
    switch (c.unicode()) {
        case u'(':
            return roundBracket(height, em, pen);
        case u')':
            return mirrored(roundBracket(height, em, pen));
        case u'{':
            return curlyBracket(height, em, pen);
        case u'}':
            return mirrored(curlyBracket(height, em, pen));
        case u'[':
            return squareBracket(height, em, pen, true, true);
        case u']':
            return mirrored(squareBracket(height, em, pen, true, true));
        case u'⌈':
            return squareBracket(height, em, pen, true, false);
        case u'⌉':
            return mirrored(squareBracket(height, em, pen, true, false));
        case u'⌊':
            return squareBracket(height, em, pen, false, true);
        case u'⌋':
            return mirrored(squareBracket(height, em, pen, false, true));
        case u'⟨':
        case u'⟩': {
            const double width = std::min(0.24 * em + 0.04 * height, 0.6 * em);
            line.moveTo(width, 0);
            line.lineTo(pen / 2, height / 2);
            line.lineTo(width, height);
            const QPainterPath path = stroked(line, pen);
            return c == u'⟨' ? path : mirrored(path);
        }
        case u'/':
        case u'\\': {
            const double width = 0.2 * em + 0.25 * height;
            line.moveTo(width, 0);
            line.lineTo(0, height);
            const QPainterPath path = stroked(line, pen);
            return c == u'/' ? path : mirrored(path);
        }
        case u'‖':
            line.addRect(0, 0, pen, height);
            line.addRect(pen + 0.16 * em, 0, pen, height);
            return line;
        case u'|':
            line.addRect(0, 0, pen, height);
            return line;
        default:
            return standingArrow(text, height, em, pen);
    }
}

double rootWidth(double height, double em) {
    return std::min(0.62 * em + 0.05 * height, 1.1 * em);
}

QPainterPath rootShape(double height, double em, double pen) {
    const double width = rootWidth(height, em);
    const double hook = std::min(height * 0.45, 0.62 * em);  // over the lower end
    const QPointF low(width * 0.46, height);
    QPainterPath path;  // the thin stroke up, the thick one down, and the thin one up to the bar
    path.moveTo(0, height - hook + 0.1 * em);
    path.lineTo(width * 0.22, height - hook);
    path.lineTo(low.x() + pen * 0.1, height - pen * 2.2);
    path.lineTo(width - pen * 0.9, 0);
    path.lineTo(width, 0);
    path.lineTo(width, pen);
    path.lineTo(low.x() + pen * 0.6, height);
    path.lineTo(low.x() - pen * 0.4, height);
    path.lineTo(width * 0.22 - pen * 0.9, height - hook + pen * 1.1);
    path.lineTo(pen * 0.4, height - hook + 0.1 * em + pen * 0.8);
    path.closeSubpath();
    path.setFillRule(Qt::WindingFill);
    return path;
}

QPainterPath braceShape(double width, bool isAbove, double em, double pen) {
    const QPainterPath standing = curlyBracket(width, em * 0.85, pen);
    const QRectF box = standing.boundingRect();
    // Turned so that its tip points up (or down).
    QTransform turn =
        isAbove ? QTransform(0, 1, 1, 0, 0, 0) : QTransform(0, -1, 1, 0, 0, box.width());
    QPainterPath lying = turn.map(standing);
    const QRectF at = lying.boundingRect();
    return lying.translated(-at.left(), -at.top());
}

QPainterPath accentShape(const QString& mark, double width, double em, double pen) {
    const double high = std::min(0.16 * em + 0.02 * width, 0.3 * em);
    const double mid = width / 2;
    QPainterPath line;
    switch (mark[0].unicode()) {
        case u'^':
            line.moveTo(0, -pen / 2);
            line.lineTo(mid, -high);
            line.lineTo(width, -pen / 2);
            break;
        case u'v':
            line.moveTo(0, -high);
            line.lineTo(mid, -pen / 2);
            line.lineTo(width, -high);
            break;
        case u'-':
            line.moveTo(0, -pen);
            line.lineTo(width, -pen);
            break;
        case u'~':
            line.moveTo(0, -pen);
            line.cubicTo(width * 0.25, -high * 1.6, width * 0.5, -high * 0.9, mid, -high * 0.6);
            line.cubicTo(width * 0.6, -pen * 0.4, width * 0.8, -pen * 0.2, width, -high);
            break;
        case u'>': {
            const double head = 0.13 * em;
            line.moveTo(0, -head);
            line.lineTo(width - pen / 2, -head);
            line.moveTo(width - head, -2 * head);
            line.lineTo(width, -head);
            line.lineTo(width - head, 0);
            break;
        }
        case u'/':
            line.moveTo(mid - 0.05 * em, 0);
            line.lineTo(mid + 0.12 * em, -high);
            break;
        case u'\\':
            line.moveTo(mid + 0.05 * em, 0);
            line.lineTo(mid - 0.12 * em, -high);
            break;
        case u'u':
            line.moveTo(0, -high);
            line.cubicTo(width * 0.2, 0, width * 0.8, 0, width, -high);
            break;
        default: {
            QPainterPath dots;
            const double r = mark == u"o" ? 0.09 * em : 0.062 * em;
            const QPointF at(mid, -r - 0.02 * em);
            if (mark == u":") {
                dots.addEllipse(at - QPointF(0.13 * em, 0), r, r);
                dots.addEllipse(at + QPointF(0.13 * em, 0), r, r);
            } else {
                dots.addEllipse(at, r, r);
            }
            return mark == u"o" ? stroked(dots, pen * 0.8) : dots;
        }
    }
    return stroked(line, pen);
}

QPainterPath arrowShape(const QString& text, double width, double em, double pen) {
    const double head = 0.2 * em;
    QPainterPath line;
    line.moveTo(0, 0);
    line.lineTo(width - pen, 0);
    line.moveTo(width - head, -head);
    line.lineTo(width, 0);
    line.lineTo(width - head, head);
    const QPainterPath path = stroked(line, pen);
    return text == u"←" ? mirrored(path) : path;
}

}  // namespace lares::app
