#include "app/ui/banner.h"

#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/icons.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>

namespace lares::app {

Banner::Banner(const Appearance* appearance, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_label(new TextLabel(appearance, TextLabel::Kind::Note, {}, this))
    , m_buttons(nullptr)
    , m_row(new QHBoxLayout(this))
    , m_close(new Button(appearance, Button::Kind::Small, {}, this)) {
    m_label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_close->setSymbol(Icon::Close);
    m_close->setAccessibleName(tr("Close"));
    m_close->setToolTip(tr("Close"));
    m_row->setContentsMargins(20, 6, 12, 6);
    m_row->setSpacing(8);
    m_row->addSpacing(26);
    m_row->addWidget(m_label, 1);
    m_row->addWidget(m_close);
    connect(m_close, &Button::clicked, this, &QWidget::hide);
    hide();
}

void Banner::showSentence(const QString& sentence,
                          const QString& details,
                          const std::vector<Action>& actions) {
    m_label->setText(sentence);
    setAccessibleName(sentence);
    if (m_buttons != nullptr) {  // one of them may be what was pressed just now
        m_buttons->hide();
        m_buttons->deleteLater();
    }
    m_buttons = new QWidget(this);
    auto* row = new QHBoxLayout(m_buttons);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    for (const Action& action : actions) {
        auto* button = new Button(m_appearance, Button::Kind::Plain, action.text, m_buttons);
        connect(button, &Button::clicked, this, action.run);
        row->addWidget(button);
    }
    if (!details.isEmpty()) {
        auto* copy = new Button(m_appearance, Button::Kind::Quiet, tr("Copy details"), m_buttons);
        connect(copy, &Button::clicked, this,
                [details] { QGuiApplication::clipboard()->setText(details); });
        row->addWidget(copy);
    }
    m_row->insertWidget(2, m_buttons);
    setTabOrder(m_buttons, m_close);
    m_buttons->show();  // at once, though the banner may be in sight already
    show();
}

void Banner::focusFirst() {
    if (auto* first = m_buttons->findChild<Button*>()) first->setFocus(Qt::OtherFocusReason);
}

void Banner::keyPressEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_Escape) return QWidget::keyPressEvent(event);
    hide();
    emit dismissed();
}

QString Banner::sentence() const {
    return isHidden() ? QString() : m_label->text();
}

void Banner::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.removedGround);
    paintRule(painter, rect(), theme.hairline);
    const double side = theme.scaled(16);
    paintIcon(painter, Icon::Warning, QRectF(20, (height() - side) / 2, side, side), theme.removed);
}

}  // namespace lares::app
