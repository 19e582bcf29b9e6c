#include "app/ui/button.h"

#include "app/ui/appearance.h"
#include "app/ui/button_keys.h"
#include "app/ui/painting.h"

#include <QEvent>
#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace lares::app {
namespace {

constexpr int kIconGap = 8;

}  // namespace

struct Button::Look {
    QColor fill, line, text;
    double radius = 0;
};

Button::Button(const Appearance* appearance, Kind kind, const QString& text, QWidget* parent)
    : QAbstractButton(parent), m_appearance(appearance), m_kind(kind) {
    setText(text);
    setAccessibleName(text);
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(kind == Kind::Row ? QSizePolicy::Expanding : QSizePolicy::Maximum,
                  QSizePolicy::Fixed);
    connect(appearance, &Appearance::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void Button::setSymbol(std::optional<Icon> icon) {
    m_icon = icon;
    updateGeometry();
    update();
}

void Button::setKeyHint(const QString& key) {
    m_keyHint = key;
    updateGeometry();
    update();
}

void Button::setMark(const QString& name) {
    m_mark = name;
    m_hasChevron = true;
    updateGeometry();
    update();
}

void Button::setHasChevron(bool hasChevron) {
    m_hasChevron = hasChevron;
    updateGeometry();
    update();
}

QFont Button::labelFont() const {
    const Theme& theme = m_appearance->theme();
    switch (m_kind) {
        case Kind::Primary:
        case Kind::Plain:
            return weighted(theme.secondaryFont, QFont::Medium);
        case Kind::Choice:
            return weighted(theme.secondaryFont, isChecked() ? QFont::DemiBold : QFont::Normal);
        case Kind::Row:
            return weighted(theme.rowFont, QFont::Medium);
        default:
            return theme.secondaryFont;
    }
}

QFont Button::hintFont() const {
    QFont font = m_appearance->theme().codeFont;
    font.setPixelSize(m_appearance->theme().scaled(11));
    return font;
}

int Button::padding() const {
    const Theme& theme = m_appearance->theme();
    switch (m_kind) {
        case Kind::Round:
        case Kind::Small:
            return 0;
        case Kind::Quiet:
            return theme.scaled(6);
        case Kind::Chip:
        case Kind::Row:
            return theme.scaled(10);
        default:
            return theme.scaled(14);
    }
}

int Button::leadWidth() const {
    const Theme& theme = m_appearance->theme();
    if (!m_mark.isEmpty()) return theme.scaled(20 + kIconGap - 2);
    if (!m_icon) return 0;
    return theme.scaled(m_kind == Kind::Row ? 12 : 14) +
           (text().isEmpty() ? 0 : theme.scaled(kIconGap));
}

int Button::tailWidth() const {
    const Theme& theme = m_appearance->theme();
    int width = 0;
    if (!m_keyHint.isEmpty())
        width += theme.scaled(kIconGap) + QFontMetrics(hintFont()).horizontalAdvance(m_keyHint);
    if (m_hasChevron) width += theme.scaled(4 + 10);
    return width;
}

QSize Button::sizeHint() const {
    const Theme& theme = m_appearance->theme();
    if (m_kind == Kind::Round) return QSize(theme.scaled(32), theme.scaled(32)) + QSize(6, 6);
    if (m_kind == Kind::Small) return QSize(theme.scaled(26), theme.scaled(26)) + QSize(6, 6);
    const bool isLow = m_kind == Kind::Chip || m_kind == Kind::Quiet;
    const int height = theme.scaled(isLow ? 26 : m_kind == Kind::Choice ? 30 : 34);
    // The width of the heavier face: a choice keeps its place when it is chosen.
    const QFontMetrics metrics(
        m_kind == Kind::Choice ? weighted(theme.secondaryFont, QFont::DemiBold) : labelFont());
    const int width = 2 * padding() + leadWidth() + metrics.horizontalAdvance(text()) + tailWidth();
    return {width + 2 * kFocusRingRoom + 1, height + 2 * kFocusRingRoom};
}

QSize Button::minimumSizeHint() const {
    if (m_kind != Kind::Row) return sizeHint();
    const int shortest = m_appearance->theme().scaled(64);
    return {std::min(shortest, sizeHint().width()), sizeHint().height()};
}

QRectF Button::ground() const {
    // A row fills its column, so that its text stands above the others there.
    const int side = m_kind == Kind::Row ? 0 : kFocusRingRoom;
    return QRectF(rect()).adjusted(side, kFocusRingRoom, -side, -kFocusRingRoom);
}

Button::Look Button::look() const {
    const Theme& theme = m_appearance->theme();
    const bool isHot = isEnabled() && (underMouse() || isDown());
    Look look{{}, {}, theme.text, static_cast<double>(Theme::kControlRadius)};
    switch (m_kind) {
        case Kind::Primary:
            look.fill = isEnabled() ? theme.accent : theme.selectedRow;
            look.text = isEnabled() ? theme.textOnAccent : theme.secondaryText;
            break;
        case Kind::Plain:
            look.fill = isHot ? theme.hoveredRow : theme.card;
            look.line = theme.hairline;
            break;
        case Kind::Quiet:
            if (isHot) look.fill = theme.selectedRow;
            look.text = isHot ? theme.text : theme.secondaryText;
            break;
        case Kind::Chip:
            if (isChecked()) look.fill = theme.selectedRow;
            if (isHot) look.fill = theme.hoveredRow;
            look.line = theme.hairline;
            look.text = isChecked() || isHot ? theme.text : theme.secondaryText;
            look.radius = ground().height() / 2;
            break;
        case Kind::Choice:
            look.fill = isChecked() ? theme.selectedRow : isHot ? theme.hoveredRow : theme.card;
            look.line = isChecked() ? theme.accent : theme.hairline;
            break;
        case Kind::Row:
            if (isHot) look.fill = theme.hoveredRow;
            break;
        case Kind::Round:
            look.fill = isEnabled() ? theme.accent : theme.selectedRow;
            look.text = isEnabled() ? theme.textOnAccent : theme.secondaryText;
            look.radius = ground().height() / 2;
            break;
        case Kind::Small:
            if (isHot || isChecked()) look.fill = theme.selectedRow;
            look.text = isHot || isChecked() ? theme.text : theme.secondaryText;
            break;
    }
    if (!isEnabled()) look.text = theme.quietText;
    return look;
}

void Button::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    const Look style = look();
    QPainter painter(this);
    const QRectF area = ground();
    paintSurface(painter, area, style.radius, style.fill, style.line);
    if (hasFocus()) {
        const QRectF ring = m_kind == Kind::Row ? area : area.adjusted(-3, -3, 3, 3);
        paintFocusRing(painter, ring, style.radius + 2, theme.focusRing);
    }

    if (m_kind == Kind::Round || m_kind == Kind::Small) {
        const double side = theme.scaled(16);
        paintIcon(painter, m_icon.value_or(Icon::Plus),
                  QRectF(area.center() - QPointF(side, side) / 2, QSizeF(side, side)), style.text);
        return;
    }
    QRectF inside = area.adjusted(padding(), 0, -padding(), 0);
    if (!m_mark.isEmpty()) {
        const double side = theme.scaled(20);
        paintMark(painter,
                  QRectF(inside.left() - theme.scaled(6), area.center().y() - side / 2, side, side),
                  m_mark, theme.secondaryFont, theme.accent, theme.textOnAccent);
    } else if (m_icon) {
        const double side = theme.scaled(m_kind == Kind::Row ? 12 : 14);
        paintIcon(painter, *m_icon,
                  QRectF(inside.left(), inside.center().y() - side / 2, side, side), style.text);
    }
    inside.adjust(leadWidth() - (m_mark.isEmpty() ? 0 : theme.scaled(6)), 0, 0, 0);
    if (m_hasChevron) {
        const double side = theme.scaled(12);
        paintIcon(painter, Icon::ChevronDown,
                  QRectF(inside.right() - side + 2, inside.center().y() - side / 2, side, side),
                  style.text);
        inside.adjust(0, 0, -theme.scaled(14), 0);
    }
    if (!m_keyHint.isEmpty()) {
        const QFont font = hintFont();
        const double width = QFontMetrics(font).horizontalAdvance(m_keyHint) + 1;
        paintLine(painter, QRectF(inside.right() - width, inside.top(), width, inside.height()),
                  font, m_kind == Kind::Primary ? style.text : theme.quietText, m_keyHint,
                  Qt::AlignRight);
        inside.adjust(0, 0, -width - theme.scaled(kIconGap) + 1, 0);
    }
    inside.adjust(0, 0, 1, 0);  // rounding must not elide what fits
    paintLine(painter, inside, labelFont(), style.text, text(),
              m_kind == Kind::Choice ? Qt::AlignHCenter : Qt::AlignLeft);
}

void Button::keyPressEvent(QKeyEvent* event) {
    if (pressesButton(*event)) {
        click();
        return;
    }
    QAbstractButton::keyPressEvent(event);
}

bool Button::event(QEvent* event) {
    if (event->type() == QEvent::EnabledChange) update();
    return QAbstractButton::event(event);
}

}  // namespace lares::app
