#include "app/ui/footer_button.h"

#include "app/ui/appearance.h"
#include "app/ui/button_keys.h"
#include "app/ui/painting.h"

#include <QFontMetricsF>
#include <QPainter>

#include <cmath>

namespace lares::app {

FooterButton::FooterButton(const Appearance* appearance, QWidget* parent)
    : QAbstractButton(parent), m_appearance(appearance) {
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::PointingHandCursor);
}

void FooterButton::setStrong(bool isStrong) {
    m_isStrong = isStrong;
    update();
}

QFont FooterButton::labelFont() const {
    const QFont& font = m_appearance->theme().captionFont;
    return m_isStrong ? weighted(font, QFont::Medium) : font;
}

QSize FooterButton::sizeHint() const {
    const Theme& theme = m_appearance->theme();
    const double width = QFontMetricsF(labelFont()).horizontalAdvance(text());
    return {static_cast<int>(std::ceil(width)) + 2 * kPadding, theme.scaled(24)};
}

void FooterButton::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    const bool isHot = underMouse() || isDown();
    QPainter painter(this);
    const QRectF area(rect());
    if (isHot) paintSurface(painter, area, Theme::kControlRadius, theme.selectedRow);
    if (hasFocus())
        paintFocusRing(painter, area.adjusted(1, 1, -1, -1), Theme::kControlRadius,
                       theme.focusRing);
    paintLine(painter, area.adjusted(kPadding, 0, -kPadding + 1, 0), labelFont(),
              isHot || m_isStrong ? theme.text : theme.quietText, text());
}

void FooterButton::keyPressEvent(QKeyEvent* event) {
    if (pressesButton(*event)) {
        click();
        return;
    }
    QAbstractButton::keyPressEvent(event);
}

}  // namespace lares::app
