#include "app/ui/load_bar.h"

#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QHBoxLayout>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace lares::app {

LoadBar::LoadBar(const Appearance* appearance, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_label(new TextLabel(appearance, TextLabel::Kind::Secondary, {}, this))
    , m_cancel(new Button(appearance, Button::Kind::Quiet, tr("Cancel"), this)) {
    m_cancel->setAccessibleName(tr("Cancel loading"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(20, 3, 12, 3);
    row->addWidget(m_label, 1);
    row->addWidget(m_cancel);
    connect(m_cancel, &Button::clicked, this, &LoadBar::cancelled);
    hide();
}

void LoadBar::setModel(const QString& name) {
    m_name = name;
    m_share = 0;
    describe();
}

void LoadBar::setShare(double share) {
    m_share = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0;
    describe();
}

void LoadBar::describe() {
    const long percent = std::lround(m_share * 100);
    m_label->setText(m_name.isEmpty() ? tr("Loading the model… %1 %").arg(percent)
                                      : tr("Loading %1… %2 %").arg(m_name).arg(percent));
    setAccessibleName(m_label->text());
    update();
}

void LoadBar::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    paintRule(painter, rect(), theme.hairline);
    painter.fillRect(QRectF(0, 0, width(), 3), theme.hairline);
    painter.fillRect(QRectF(0, 0, width() * m_share, 3), theme.accent);
}

}  // namespace lares::app
