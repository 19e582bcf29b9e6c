#include "app/ui/path_text.h"

#include "app/ui/appearance.h"
#include "app/ui/painting.h"

#include <QFontMetrics>
#include <QPainter>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace lares::app {
namespace {}  // namespace

PathText::PathText(const Appearance* appearance, const QString& text, QWidget* parent)
    : QWidget(parent), m_appearance(appearance), m_text(text) {
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(text);
    connect(appearance, &Appearance::changed, this, [this] {
        updateGeometry();
        update();
    });
}

int PathText::layOut(int width, QPainter* painter) const {
    const Theme& theme = m_appearance->theme();
    QTextLayout layout(m_text, theme.codeFont);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAnywhere);
    option.setTextDirection(Qt::LeftToRight);
    layout.setTextOption(option);
    const double step = std::round(theme.codeFont.pixelSize() * Theme::kCodeLineHeight);
    double y = 0;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(std::max(1, width));
        line.setPosition(QPointF(0, y + (step - line.height()) / 2));
        y += step;
    }
    layout.endLayout();
    if (painter != nullptr) layout.draw(painter, QPointF());
    return static_cast<int>(std::ceil(y));
}

int PathText::heightForWidth(int width) const {
    return layOut(width - 2 * kFocusRingRoom, nullptr);
}

QSize PathText::sizeHint() const {
    const int width = QFontMetrics(m_appearance->theme().codeFont).horizontalAdvance(m_text) + 1;
    return {width + 2 * kFocusRingRoom, layOut(width, nullptr)};
}

QSize PathText::minimumSizeHint() const {
    return {m_appearance->theme().scaled(80), m_appearance->theme().scaled(18)};
}

void PathText::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setPen(m_appearance->theme().text);
    painter.translate(kFocusRingRoom, 0);
    layOut(width() - 2 * kFocusRingRoom, &painter);
}

}  // namespace lares::app
