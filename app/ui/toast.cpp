#include "app/ui/toast.h"

#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QFontMetrics>
#include <QHBoxLayout>
#include <QPainter>

#include <algorithm>
#include <chrono>

namespace lares::app {
namespace {

using namespace std::chrono_literals;
constexpr auto kLife = 8s;
constexpr int kWidest = 620;
constexpr int kMargin = 16;  // to the window's edges

}  // namespace

Toast::Toast(const Appearance* appearance, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_label(new TextLabel(appearance, TextLabel::Kind::Note, {}, this))
    , m_action(new Button(appearance, Button::Kind::Plain, {}, this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 5, 8, 5);
    row->setSpacing(12);
    row->addWidget(m_label);
    row->addWidget(m_action);
    m_life.setSingleShot(true);
    m_life.setInterval(kLife);
    connect(&m_life, &QTimer::timeout, this, &Toast::goUnlessUsed);
    connect(m_action, &Button::clicked, this, [this] {
        hide();
        if (m_run) m_run();
    });
    connect(appearance, &Appearance::changed, this, &Toast::applyTheme);
    applyTheme();
    hide();
}

void Toast::showNote(const QString& note,
                     const QString& actionText,
                     const std::function<void()>& action) {
    m_run = action;
    m_label->setText(note);
    m_action->setText(actionText);
    m_action->setAccessibleName(actionText);
    m_action->setVisible(!actionText.isEmpty());
    setAccessibleName(note);
    show();
    place();
    raise();
    m_life.start();
}

QString Toast::note() const {
    return isHidden() ? QString() : m_label->text();
}

void Toast::setBottomCentre(const QPoint& point) {
    m_bottomCentre = point;
    if (isVisible()) place();
}

void Toast::place() {
    const int widest = std::min(kWidest, parentWidget()->width() - 2 * kMargin);
    m_label->ensurePolished();
    m_action->ensurePolished();
    m_label->setMinimumWidth(0);  // a label's size hint is no narrower, and the last note was
    m_label->setWordWrap(false);
    const int action = m_action->isHidden() ? 0 : m_action->sizeHint().width() + 12;
    const bool isLong = m_label->sizeHint().width() + action + 24 > widest;
    m_label->setWordWrap(isLong);
    if (isLong)
        m_label->setFixedWidth(widest - action - 24);
    else
        m_label->setFixedWidth(m_label->sizeHint().width());
    layout()->activate();
    adjustSize();
    const int rightmost = std::max(kMargin, parentWidget()->width() - kMargin - width());
    move(std::clamp(m_bottomCentre.x() - width() / 2, kMargin, rightmost),
         m_bottomCentre.y() - height());
}

void Toast::applyTheme() {
    // Later: the window's style sheet still has to give its texts their size.
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (isVisible()) place();
        },
        Qt::QueuedConnection);
}

void Toast::goUnlessUsed() {
    if (underMouse() || m_action->hasFocus()) {
        m_life.start();
        return;
    }
    hide();
}

void Toast::enterEvent(QEnterEvent*) {
    m_life.stop();
}

void Toast::leaveEvent(QEvent*) {
    m_life.start();
}

void Toast::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    paintSurface(painter, rect(), Theme::kCardRadius, theme.selectedRow, theme.fieldFocus);
}

}  // namespace lares::app
