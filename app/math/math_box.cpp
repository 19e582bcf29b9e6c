#include "app/math/math_box.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace lares::app {

void MathBox::add(MathBox other, double x, double y) {
    ascent = std::max(ascent, other.ascent - y);
    descent = std::max(descent, other.descent + y);
    for (MathItem& item : other.items) {
        item.at += QPointF(x, y);
        item.ink.translate(x, y);
        items.push_back(std::move(item));
    }
}

void MathBox::append(MathBox other) {
    const double x = width;
    width += other.width;
    italic = other.italic;
    add(std::move(other), x, 0);
}

void MathBox::addRule(const QRectF& rect) {
    MathItem item;
    item.kind = MathItem::Kind::Rule;
    item.ink = rect;
    items.push_back(std::move(item));
    ascent = std::max(ascent, -rect.top());
    descent = std::max(descent, rect.bottom());
}

void MathBox::addPath(const QPainterPath& path, double x, double y) {
    MathItem item;
    item.kind = MathItem::Kind::Path;
    item.at = {x, y};
    item.path = path;
    item.ink = path.boundingRect().translated(x, y);
    items.push_back(std::move(item));
}

MathBox enclosed(MathBox box) {
    QRectF all(0, -box.ascent, box.width, box.height());
    for (const MathItem& item : box.items) all |= item.ink.adjusted(-0.5, -0.5, 0.5, 0.5);
    const double shift = std::max(0.0, -all.left());
    MathBox out;
    out.add(std::move(box), shift, 0);
    out.width = std::max(all.right(), 0.0) + shift;
    out.ascent = std::max(0.0, -all.top());
    out.descent = std::max(0.0, all.bottom());
    return out;
}

namespace {

/// The rectangle on whole pixels of the device, at least one thick.
QRectF onPixels(const QPainter& painter, const QRectF& rect) {
    const QTransform toDevice = painter.deviceTransform();
    if (toDevice.type() > QTransform::TxScale) return rect;
    const QRectF device = toDevice.mapRect(rect);
    const double height = std::max(1.0, std::round(device.height()));
    const double top = std::round(device.center().y() - height / 2);
    // Vertical lines are as thin as horizontal ones.
    const bool isUpright = device.width() < device.height();
    const double width = isUpright ? std::max(1.0, std::round(device.width())) : device.width();
    const double left = isUpright ? std::round(device.left()) : device.left();
    return toDevice.inverted().mapRect(QRectF(left, top, width, height));
}

}  // namespace

void paintMath(QPainter& painter, const MathBox& box, QPointF at, const QColor& colour) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const MathItem& item : box.items) {
        switch (item.kind) {
            case MathItem::Kind::Text:
                painter.setPen(colour);
                painter.setFont(item.font);
                painter.drawText(at + item.at, item.text);
                break;
            case MathItem::Kind::Rule:
                painter.fillRect(onPixels(painter, item.ink.translated(at)), colour);
                break;
            case MathItem::Kind::Path:
                painter.fillPath(item.path.translated(at + item.at), colour);
                break;
        }
    }
    painter.restore();
}

}  // namespace lares::app
