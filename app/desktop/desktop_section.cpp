#include "app/desktop/desktop_section.h"

#include "app/chat/chat_controller.h"
#include "app/desktop/answer_notices.h"
#include "app/desktop/autostart.h"
#include "app/desktop/desktop.h"
#include "app/desktop/tray.h"
#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/path_text.h"
#include "app/ui/text_label.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QVBoxLayout>

#include <utility>

namespace lares::app {

DesktopSection::DesktopSection(const Appearance* appearance,
                               ChatController* controller,
                               QWidget* parent)
    : QWidget(parent), m_appearance(appearance), m_controller(controller) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    m_notices = addChoice(tr("When no window of Lares is in front"), tr("Say nothing"),
                          tr("Say when a long answer ends"), [this](bool isOn) {
                              m_controller->setSetting(AnswerNotices::kSetting, isOn);
                          });
    m_tray = addChoice(
        Tray::isAvailable() ? tr("Icon in the tray; with it, closing the window only hides it")
                            : tr("Icon in the tray (this desktop shows none)"),
        tr("No icon"), tr("Show the icon"),
        [this](bool isOn) { m_controller->setSetting(Desktop::kTraySetting, isOn); });
    m_tray.second->setEnabled(Tray::isAvailable());
    m_start =
        addChoice(tr("When you log in"), tr("Start nothing"), tr("Start Lares"), [this](bool isOn) {
            const auto done = setAutostarting(isOn);
            m_result->setText(done ? QString() : QString::fromStdString(done.error().message));
            m_result->setVisible(!done);
        });
    m_result = addText({});
    m_result->hide();
    addText(
        tr("A quick question from anywhere: in your desktop's keyboard settings, bind this command "
           "to a key. It opens a small window; Esc closes it."));
    const QString command = QStringLiteral("\"%1\" --quick").arg(programToStart());
    layout->addWidget(new PathText(appearance, command, this));
    auto* copy = new Button(appearance, Button::Kind::Plain, tr("Copy the command"), this);
    connect(copy, &Button::clicked, this,
            [command] { QGuiApplication::clipboard()->setText(command); });
    layout->addWidget(makeFlowRow(this, 2, {copy}));
    connect(controller, &ChatController::settingChanged, this, [this] {
        if (isVisible()) showState();  // which looks at a file
    });
}

TextLabel* DesktopSection::addText(const QString& text) {
    auto* label = new TextLabel(m_appearance, TextLabel::Kind::Secondary, text, this);
    label->setContentsMargins(3, 0, 3, 0);
    layout()->addWidget(label);
    return label;
}

std::pair<Button*, Button*> DesktopSection::addChoice(const QString& name,
                                                      const QString& off,
                                                      const QString& on,
                                                      const std::function<void(bool)>& choose) {
    addText(name);
    auto* no = new Button(m_appearance, Button::Kind::Choice, off, this);
    auto* yes = new Button(m_appearance, Button::Kind::Choice, on, this);
    for (const auto& [button, isOn] : {std::pair{no, false}, std::pair{yes, true}}) {
        button->setCheckable(true);
        connect(button, &Button::clicked, this, [this, choose, value = isOn] {
            choose(value);
            showState();  // a click also unchecks what was chosen already
        });
    }
    layout()->addWidget(makeFlowRow(this, 2, {no, yes}));
    return {no, yes};
}

void DesktopSection::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    m_result->hide();
    showState();  // the desktop's own settings may have changed it
}

void DesktopSection::showState() {
    const auto show = [](const std::pair<Button*, Button*>& choice, bool isOn) {
        choice.first->setChecked(!isOn);
        choice.second->setChecked(isOn);
    };
    show(m_notices, AnswerNotices::isOn(*m_controller));
    show(m_tray, Tray::isAvailable() && m_controller->setting(Desktop::kTraySetting).toBool(false));
    show(m_start, isAutostarting());
}

}  // namespace lares::app
