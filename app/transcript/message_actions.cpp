#include "app/transcript/message_actions.h"

#include <QFontMetrics>
#include <QPainter>
#include <QTimer>

namespace lares::app {

IconButton::IconButton(TranscriptIcon icon, const QString& name, QWidget* parent)
    : QAbstractButton(parent), m_icon(icon) {
    setAccessibleName(name);
    setToolTip(name);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
}

void IconButton::setTheme(const Theme* theme) {
    m_theme = theme;
    resize(sizeHint());
    update();
}

void IconButton::setIconShape(TranscriptIcon icon) {
    m_icon = icon;
    update();
}

QSize IconButton::sizeHint() const {
    const int side = m_isFloating ? 36 : 26;
    return m_theme ? QSize(m_theme->scaled(side), m_theme->scaled(side)) : QSize(side, side);
}

void IconButton::enterEvent(QEnterEvent* event) {
    QAbstractButton::enterEvent(event);
    update();
}

void IconButton::leaveEvent(QEvent* event) {
    QAbstractButton::leaveEvent(event);
    update();
}

void IconButton::paintEvent(QPaintEvent*) {
    if (!m_theme) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(rect()).adjusted(1, 1, -1, -1);
    const double radius = m_isFloating ? box.height() / 2 : 6;
    const bool isHot = isEnabled() && (underMouse() || isDown());
    if (m_isFloating) {
        painter.setPen(QPen(m_theme->hairline, 1));
        painter.setBrush(isHot ? m_theme->hoveredRow : m_theme->card);
        painter.drawRoundedRect(box.adjusted(.5, .5, -.5, -.5), radius, radius);
    } else if (isHot) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme->selectedRow);
        painter.drawRoundedRect(box, radius, radius);
    }
    if (hasFocus()) {
        painter.setPen(QPen(m_theme->focusRing, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(box, radius, radius);
    }
    const double inset = m_theme->scaled(m_isFloating ? 10 : 5);
    QColor color = isHot ? m_theme->text : m_theme->quietText;
    if (!isEnabled()) color.setAlphaF(0.4F);
    drawIcon(painter, m_icon, QRectF(rect()).adjusted(inset, inset, -inset, -inset), color);
}

MessageActions::MessageActions(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Actions for this message"));
    m_copy = add(Action::Copy, TranscriptIcon::Copy);
    m_edit = add(Action::Edit, TranscriptIcon::Edit);
    m_regenerate = add(Action::Regenerate, TranscriptIcon::Regenerate);
    m_prompt = add(Action::Prompt, TranscriptIcon::Prompt);
    m_remember = add(Action::Remember, TranscriptIcon::Remember);
    m_previous = add(Action::PreviousVersion, TranscriptIcon::ChevronLeft);
    m_next = add(Action::NextVersion, TranscriptIcon::ChevronRight);
    hide();
}

QString MessageActions::nameOf(Action action) {
    switch (action) {
        case Action::Copy:
            return tr("Copy");
        case Action::Edit:
            return tr("Edit");
        case Action::Regenerate:
            return tr("Regenerate");
        case Action::Prompt:
            return tr("What the model saw");
        case Action::Remember:
            return tr("Remember this…");
        case Action::PreviousVersion:
            return tr("Previous version");
        case Action::NextVersion:
            return tr("Next version");
    }
    return {};
}

std::vector<MessageActions::Action> MessageActions::actionsOf(const Offer& offer) {
    std::vector<Action> actions = {Action::Copy};
    if (offer.canEdit) actions.push_back(Action::Edit);
    if (offer.canRegenerate) actions.push_back(Action::Regenerate);
    if (offer.canShowPrompt) actions.push_back(Action::Prompt);
    if (offer.canRemember) actions.push_back(Action::Remember);
    if (offer.version > 0) actions.push_back(Action::PreviousVersion);
    if (offer.version + 1 < offer.nVersions) actions.push_back(Action::NextVersion);
    return actions;
}

IconButton* MessageActions::add(Action action, TranscriptIcon icon) {
    auto* button = new IconButton(icon, nameOf(action), this);
    connect(button, &QAbstractButton::clicked, this, [this, action] { emit triggered(action); });
    return button;
}

void MessageActions::setTheme(const Theme* theme) {
    m_theme = theme;
    for (auto* button : findChildren<IconButton*>()) button->setTheme(theme);
    placeButtons();
}

void MessageActions::setOffer(const Offer& offer) {
    if (offer == m_offer && !m_copy->isHidden()) return;
    m_offer = offer;
    placeButtons();
}

void MessageActions::showCopied() {
    m_copy->setIconShape(TranscriptIcon::Check);
    QTimer::singleShot(1200, this, [this] { m_copy->setIconShape(TranscriptIcon::Copy); });
}

QList<QWidget*> MessageActions::buttons() const {
    QList<QWidget*> shown;
    for (IconButton* button :
         {m_copy, m_edit, m_regenerate, m_prompt, m_remember, m_previous, m_next})
        if (!button->isHidden() && button->isEnabled()) shown.append(button);
    return shown;
}

void MessageActions::placeButtons() {
    if (!m_theme) return;
    const bool hasVersions = m_offer.nVersions > 1;
    m_edit->setVisible(m_offer.canEdit);
    m_regenerate->setVisible(m_offer.canRegenerate);
    m_prompt->setVisible(m_offer.canShowPrompt);
    m_remember->setVisible(m_offer.canRemember);
    m_previous->setVisible(hasVersions);
    m_next->setVisible(hasVersions);
    m_previous->setEnabled(m_offer.version > 0);
    m_next->setEnabled(m_offer.version + 1 < m_offer.nVersions);
    int x = 0;
    const int side = m_copy->sizeHint().width();
    const auto put = [&](IconButton* button) {
        if (button->isHidden()) return;
        button->move(x, 0);
        x += side;
    };
    put(m_copy);
    put(m_edit);
    put(m_regenerate);
    put(m_prompt);
    put(m_remember);
    put(m_previous);
    m_label = {};
    if (hasVersions) {
        const QString label = tr("%1/%2").arg(m_offer.version + 1).arg(m_offer.nVersions);
        const int width = QFontMetrics(m_theme->secondaryFont).horizontalAdvance(label) + 4;
        m_label = {x, 0, width, side};
        x += width;
    }
    put(m_next);
    resize(x, side);
    update();
}

void MessageActions::paintEvent(QPaintEvent*) {
    if (!m_theme || m_label.isEmpty()) return;
    QPainter painter(this);
    painter.setFont(m_theme->secondaryFont);
    painter.setPen(m_theme->quietText);
    painter.drawText(m_label, Qt::AlignCenter,
                     tr("%1/%2").arg(m_offer.version + 1).arg(m_offer.nVersions));
}

}  // namespace lares::app

#include "moc_message_actions.cpp"
