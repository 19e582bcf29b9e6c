#include "app/ui/progress_line.h"

#include "app/ui/appearance.h"

#include <QPainter>

#include <algorithm>

namespace lares::app {
namespace {

constexpr int kLineHeight = 4;

}  // namespace

ProgressLine::ProgressLine(const Appearance* appearance, QWidget* parent)
    : QWidget(parent), m_appearance(appearance) {
    setFixedHeight(kLineHeight);
    connect(appearance, &Appearance::changed, this, qOverload<>(&QWidget::update));
}

void ProgressLine::setShare(double share) {
    m_share = std::clamp(share, 0.0, 1.0);
    update();
}

void ProgressLine::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const double radius = height() / 2.0;
    painter.setBrush(theme.hairline);
    painter.drawRoundedRect(QRectF(rect()), radius, radius);
    if (m_share <= 0) return;
    painter.setBrush(theme.accent);
    const double filled = std::max<double>(height(), width() * m_share);
    painter.drawRoundedRect(QRectF(0, 0, filled, height()), radius, radius);
}

}  // namespace lares::app
