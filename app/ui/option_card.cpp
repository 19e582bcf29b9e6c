#include "app/ui/option_card.h"

#include "app/ui/appearance.h"
#include "app/ui/button_keys.h"
#include "app/ui/painting.h"

#include <QFontMetrics>
#include <QPainter>

namespace lares::app {
namespace {

constexpr int kOptionInset = 16 + kFocusRingRoom;
constexpr int kLineGap = 4;

}  // namespace

OptionCard::OptionCard(const Appearance* appearance,
                       const QString& title,
                       const QString& sentence,
                       QWidget* parent)
    : QAbstractButton(parent), m_appearance(appearance), m_sentence(sentence) {
    setText(title);
    setAccessibleName(title);
    setAccessibleDescription(sentence);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::PointingHandCursor);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(appearance, &Appearance::changed, this, [this] {
        updateGeometry();
        update();
    });
}

QRect OptionCard::sentenceRect(int width) const {
    const Theme& theme = m_appearance->theme();
    const int top = kOptionInset + QFontMetrics(theme.bodyFont).height() + kLineGap;
    const QRect room(kOptionInset, top, width - 2 * kOptionInset, 10000);
    return QFontMetrics(theme.secondaryFont).boundingRect(room, Qt::TextWordWrap, m_sentence);
}

int OptionCard::heightForWidth(int width) const {
    return sentenceRect(width).bottom() + 1 + kOptionInset;
}

QSize OptionCard::sizeHint() const {
    const int width = m_appearance->theme().scaled(400);
    return {width, heightForWidth(width)};
}

QSize OptionCard::minimumSizeHint() const {
    return {m_appearance->theme().scaled(160), m_appearance->theme().scaled(60)};
}

void OptionCard::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    const bool isHot = underMouse() || isDown();
    const QRectF ground =
        QRectF(rect()).adjusted(kFocusRingRoom, kFocusRingRoom, -kFocusRingRoom, -kFocusRingRoom);
    paintSurface(painter, ground, Theme::kCardRadius, isHot ? theme.hoveredRow : theme.card,
                 isChecked() ? theme.accent : theme.hairline);
    if (hasFocus()) paintFocusRing(painter, rect(), Theme::kCardRadius + 2, theme.focusRing);
    const double titleHeight = QFontMetrics(theme.bodyFont).height();
    paintLine(painter, QRectF(kOptionInset, kOptionInset, width() - 2 * kOptionInset, titleHeight),
              weighted(theme.bodyFont, QFont::DemiBold), theme.text, text());
    painter.setFont(theme.secondaryFont);
    painter.setPen(theme.secondaryText);
    painter.drawText(sentenceRect(width()).adjusted(0, 0, 4, 4), Qt::TextWordWrap, m_sentence);
}

void OptionCard::keyPressEvent(QKeyEvent* event) {
    if (pressesButton(*event)) {
        click();
        return;
    }
    QAbstractButton::keyPressEvent(event);
}

}  // namespace lares::app
