#include "app/ui/download_bar.h"

#include "app/models/download_text.h"
#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QHBoxLayout>
#include <QPainter>

namespace lares::app {
namespace {

using State = ModelDownload::State;

}  // namespace

DownloadBar::DownloadBar(const Appearance* appearance, ModelDownload* download, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_download(download)
    , m_label(new TextLabel(appearance, TextLabel::Kind::Secondary, {}, this))
    , m_act(new Button(appearance, Button::Kind::Plain, {}, this))
    , m_close(new Button(appearance, Button::Kind::Small, {}, this)) {
    m_close->setSymbol(Icon::Close);
    m_close->setAccessibleName(tr("Hide the download"));
    m_close->setToolTip(tr("Hide; Settings has it too"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(20, 3, 12, 3);
    row->setSpacing(4);
    row->addWidget(m_label, 1);
    row->addWidget(m_act);
    row->addWidget(m_close);
    connect(m_act, &Button::clicked, this, &DownloadBar::act);
    connect(m_close, &Button::clicked, this, &DownloadBar::close);
    connect(download, &ModelDownload::changed, this, &DownloadBar::showState);
    connect(download, &ModelDownload::progressed, this, &DownloadBar::describe);
    connect(appearance, &Appearance::changed, this, qOverload<>(&QWidget::update));
    showState();
}

bool DownloadBar::hasNews() const {
    switch (m_download->state()) {
        case State::Running:
        case State::Stopping:
        case State::Paused:
        case State::Failed:
            return true;
        case State::Finished:
            return m_download->hasArrived();
        default:
            return false;
    }
}

void DownloadBar::showState() {
    const State state = m_download->state();
    if (m_closedAt != state) m_closedAt.reset();
    m_act->setText(actionOf(*m_download));
    m_act->setAccessibleName(tr("%1: %2").arg(m_act->text(), m_download->entry().name));
    m_act->setEnabled(state != State::Stopping);
    m_act->updateGeometry();
    setAccessibleName(headingOf(*m_download));
    describe();
    setVisible(hasNews() && !m_closedAt);
}

void DownloadBar::describe() {
    const QString heading = headingOf(*m_download);
    const bool isFailed = m_download->state() == State::Failed;
    const QString separator = isFailed ? QStringLiteral(". ") : QStringLiteral(" · ");
    m_label->setText(m_download->state() == State::Finished
                         ? tr("%1 is on this computer now").arg(m_download->entry().name)
                         : heading + separator + detailOf(*m_download));
    update();
}

void DownloadBar::act() {
    switch (m_download->state()) {
        case State::Running:
            return m_download->pause();
        case State::Finished:
            m_download->acknowledge();
            emit useRequested();
            return;
        default:
            return m_download->start();
    }
}

void DownloadBar::close() {
    if (m_download->state() == State::Finished) return m_download->acknowledge();
    m_closedAt = m_download->state();
    hide();
}

void DownloadBar::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    paintRule(painter, rect(), theme.hairline);
    if (m_download->state() == State::Finished) return;
    painter.fillRect(QRectF(0, 0, width(), 3), theme.hairline);
    painter.fillRect(QRectF(0, 0, width() * m_download->share(), 3), theme.accent);
}

}  // namespace lares::app
