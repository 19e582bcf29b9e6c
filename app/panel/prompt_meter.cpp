#include "app/panel/prompt_meter.h"

#include "app/ui/appearance.h"
#include "app/ui/painting.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace lares::app {

PromptMeter::PromptMeter(const Appearance* appearance, QWidget* parent)
    : QWidget(parent), m_appearance(appearance) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(appearance, &Appearance::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void PromptMeter::setFigures(int used, int restored, int most) {
    m_used = used;
    m_restored = restored;
    m_most = std::max(most, used);
    update();
}

QSize PromptMeter::sizeHint() const {
    return {m_appearance->theme().scaled(80), m_appearance->theme().scaled(6)};
}

void PromptMeter::paintEvent(QPaintEvent*) {
    if (m_most <= 0) return;
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF bar = QRectF(rect()).adjusted(kFocusRingRoom, 0, -kFocusRingRoom, 0);
    QPainterPath round;
    round.addRoundedRect(bar, bar.height() / 2, bar.height() / 2);
    painter.setClipPath(round);
    painter.fillRect(bar, theme.hairline);
    const auto at = [&](int tokens) {
        // What is there is seen, however little it is.
        const double share = double(tokens) / m_most;
        return tokens > 0 ? std::max(3.0, bar.width() * share) : 0.0;
    };
    const QColor restored = theme.secondaryText;
    painter.fillRect(QRectF(bar.left(), 0, at(m_used), bar.height()),
                     m_restored < 0 ? restored : theme.accent);
    if (m_restored > 0)
        painter.fillRect(QRectF(bar.left(), 0, at(m_restored), bar.height()), restored);
}

}  // namespace lares::app
