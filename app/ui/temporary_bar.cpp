#include "app/ui/temporary_bar.h"

#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/icons.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QHBoxLayout>
#include <QPainter>

namespace lares::app {

TemporaryBar::TemporaryBar(const Appearance* appearance, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_label(new TextLabel(appearance, TextLabel::Kind::Secondary, {}, this))
    , m_keep(new Button(appearance, Button::Kind::Plain, tr("Keep"), this))
    , m_throwAway(new Button(appearance, Button::Kind::Quiet, tr("Throw away"), this)) {
    m_label->setWordWrap(true);
    m_keep->setAccessibleName(tr("Keep this conversation"));
    m_keep->setToolTip(tr("Makes an ordinary conversation of it, with all that was said"));
    m_throwAway->setAccessibleName(tr("Throw this conversation away"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(20, 3, 12, 3);
    row->setSpacing(4);
    row->addSpacing(26);
    row->addWidget(m_label, 1);
    row->addWidget(m_throwAway);
    row->addWidget(m_keep);
    connect(m_keep, &Button::clicked, this, &TemporaryBar::keepRequested);
    connect(m_throwAway, &Button::clicked, this, &TemporaryBar::throwAwayRequested);
    setTabOrder(m_throwAway, m_keep);
    setToolTip(
        tr("No message, draft or title, and nothing that the model has read of them, is "
           "written to the disk. The tool log says that a tool ran, not what for."));
    setHasChanges(false);
    hide();
}

void TemporaryBar::setHasChanges(bool hasChanges) {
    const QString sentence = tr("Temporary: nothing of this is kept.");
    m_label->setText(hasChanges ? sentence + u' ' +
                                      tr("What it changed in files stays, and can be undone.")
                                : sentence);
    setAccessibleName(m_label->text());
}

void TemporaryBar::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.sidebar);
    paintRule(painter, rect(), theme.hairline);
    const double side = theme.scaled(16);
    paintIcon(painter, Icon::Temporary, QRectF(20, (height() - side) / 2, side, side),
              theme.accent);
}

}  // namespace lares::app
