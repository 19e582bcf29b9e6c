#include "app/ui/readings_section.h"

#include "app/chat/chat_controller.h"
#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/painting.h"
#include "app/ui/text_label.h"

#include <QLocale>
#include <QVBoxLayout>

#include <utility>

namespace lares::app {

ReadingsSection::ReadingsSection(const Appearance* appearance,
                                 ChatController* controller,
                                 QWidget* parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_text(new TextLabel(appearance, TextLabel::Kind::Secondary, {}, this))
    , m_keep(new Button(appearance, Button::Kind::Choice, tr("Keep on the disk"), this))
    , m_leave(new Button(appearance, Button::Kind::Choice, tr("Only while Lares runs"), this))
    , m_delete(new Button(appearance, Button::Kind::Plain, tr("Delete now"), this)) {
    for (Button* button : {m_keep, m_leave}) button->setCheckable(true);
    QWidget* row = makeFlowRow(this, 2, {m_keep, m_leave, m_delete});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_text);
    layout->addWidget(row);
    m_text->setContentsMargins(kFocusRingRoom, 0, kFocusRingRoom, 0);
    m_delete->setAccessibleName(tr("Delete what the model has read, now"));

    for (const auto& [button, isKept] : {std::pair{m_keep, true}, std::pair{m_leave, false}}) {
        connect(button, &Button::clicked, this, [this, keep = isKept] {
            m_controller->setKeepsReadings(keep);
            showState();  // a click also unchecks what was chosen already
        });
    }
    connect(m_delete, &Button::clicked, controller, &ChatController::forgetReadings);
    connect(controller, &ChatController::readingsUseChanged, this, &ReadingsSection::showState);
    connect(controller, &ChatController::settingChanged, this, &ReadingsSection::showState);
    showState();
}

void ReadingsSection::showState() {
    const bool isKept = m_controller->keepsReadings();
    m_keep->setChecked(isKept);
    m_leave->setChecked(!isKept);
    const SnapshotUse use = m_controller->readingsUse();
    const QString size = QLocale().formattedDataSize(static_cast<qint64>(use.disk_bytes), 1,
                                                     QLocale::DataSizeSIFormat);
    QString text =
        tr("So that a conversation goes on at once, also after a restart, Lares keeps the "
           "model's state after reading it beside the conversations, up to 8 GB. A "
           "conversation that is deleted takes its own with it.");
    if (use.disk_bytes > 0) text += u' ' + tr("Kept now: %1.").arg(size);
    if (isKept && !use.notice.empty())
        text += QStringLiteral("\n") + QString::fromStdString(use.notice);
    m_text->setText(text);
    m_delete->setEnabled(use.disk_bytes > 0);
}

}  // namespace lares::app
