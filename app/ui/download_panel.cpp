#include "app/ui/download_panel.h"

#include "app/models/download_text.h"
#include "app/models/model_download.h"
#include "app/ui/appearance.h"
#include "app/ui/button.h"
#include "app/ui/painting.h"
#include "app/ui/progress_line.h"
#include "app/ui/text_label.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace lares::app {
namespace {

using State = ModelDownload::State;

constexpr int kPanelInset = 16 + kFocusRingRoom;
constexpr qint64 kMuch = 16'000'000;  // bytes that nobody wants to fetch again by mistake

}  // namespace

DownloadPanel::DownloadPanel(const Appearance* appearance, ModelDownload* download, QWidget* parent)
    : QWidget(parent)
    , m_appearance(appearance)
    , m_download(download)
    , m_heading(new TextLabel(appearance, TextLabel::Kind::Heading, {}, this))
    , m_detail(new TextLabel(appearance, TextLabel::Kind::Secondary, {}, this))
    , m_line(new ProgressLine(appearance, this))
    , m_go(new Button(appearance, Button::Kind::Plain, {}, this))
    , m_pause(new Button(appearance, Button::Kind::Plain, tr("Pause"), this))
    , m_cancel(new Button(appearance, Button::Kind::Quiet, tr("Cancel"), this)) {
    m_pause->setAccessibleName(tr("Pause the download"));
    auto* column = new QVBoxLayout(this);
    // Buttons bring the room for their ring along; what is above them starts where they seem to.
    column->setContentsMargins(kPanelInset - kFocusRingRoom, kPanelInset - 4,
                               kPanelInset - kFocusRingRoom, kPanelInset - 8);
    for (TextLabel* label : {m_heading, m_detail})
        label->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    auto* line = new QHBoxLayout;
    line->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    line->addWidget(m_line);
    column->setSpacing(8);
    column->addWidget(m_heading);
    column->addLayout(line);
    column->addWidget(m_detail);
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    for (Button* button : {m_go, m_pause, m_cancel}) row->addWidget(button);
    row->addStretch(1);
    column->addLayout(row);

    connect(m_go, &Button::clicked, this, &DownloadPanel::go);
    connect(m_pause, &Button::clicked, download, &ModelDownload::pause);
    connect(m_cancel, &Button::clicked, this, &DownloadPanel::turnBack);
    connect(download, &ModelDownload::changed, this, &DownloadPanel::showState);
    connect(download, &ModelDownload::progressed, this, &DownloadPanel::showFigures);
    connect(appearance, &Appearance::changed, this, qOverload<>(&QWidget::update));
    showState();
}

void DownloadPanel::setInUse(bool isInUse) {
    m_isInUse = isInUse;
    showState();
}

void DownloadPanel::showState() {
    const State state = m_download->state();
    if (state == State::Finished || state == State::Offered) m_isAsking = false;
    const bool isRunning = state == State::Running || state == State::Stopping;
    const bool isPartial = isRunning || state == State::Paused || state == State::Failed;
    m_go->setText(m_isAsking ? tr("Remove") : actionOf(*m_download));
    m_go->setVisible(m_isAsking || (!isRunning && !(state == State::Finished && m_isInUse)));
    m_go->setAccessibleName(m_isAsking ? tr("Remove what was downloaded")
                                       : tr("%1: %2").arg(m_go->text(), m_download->entry().name));
    m_pause->setVisible(!m_isAsking && isRunning);
    m_pause->setEnabled(state == State::Running);
    m_cancel->setText(m_isAsking ? tr("Keep") : tr("Cancel"));
    m_cancel->setAccessibleName(m_isAsking ? tr("Keep what was downloaded")
                                           : tr("Cancel the download"));
    m_cancel->setVisible(isPartial);
    m_line->setVisible(isPartial);
    showFigures();
}

void DownloadPanel::showFigures() {
    m_heading->setText(headingOf(*m_download));
    setAccessibleName(m_heading->text());
    QString detail = detailOf(*m_download);
    if (m_isAsking)
        detail = tr("Remove the %1 that are here already?").arg(sizeText(m_download->bytesDone()));
    else if (m_download->state() == State::Finished && m_isInUse)
        detail = tr("%1. It answers now.").arg(detail);
    m_detail->setText(detail);
    m_line->setShare(m_download->share());
}

void DownloadPanel::ask(bool isAsking) {
    m_isAsking = isAsking;
    showState();
}

void DownloadPanel::go() {
    if (m_isAsking) {
        ask(false);
        return m_download->cancel();
    }
    if (m_download->state() == State::Finished)
        emit useRequested();
    else
        m_download->start();
}

void DownloadPanel::turnBack() {
    if (m_isAsking || m_download->bytesDone() > kMuch) return ask(!m_isAsking);
    m_download->cancel();
}

void DownloadPanel::paintEvent(QPaintEvent*) {
    const Theme& theme = m_appearance->theme();
    QPainter painter(this);
    const QRectF ground =
        QRectF(rect()).adjusted(kFocusRingRoom, kFocusRingRoom, -kFocusRingRoom, -kFocusRingRoom);
    paintSurface(painter, ground, Theme::kCardRadius, theme.card, theme.hairline);
}

}  // namespace lares::app
