#include "app/ui/commands_section.h"

#include "app/chat/chat_controller.h"
#include "app/ui/button.h"
#include "app/ui/flow_layout.h"
#include "app/ui/text_label.h"

#include <QVBoxLayout>

#include <utility>

namespace lares::app {

CommandsSection::CommandsSection(const Appearance* appearance,
                                 ChatController* controller,
                                 QWidget* parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_text(new TextLabel(
          appearance,
          TextLabel::Kind::Secondary,
          tr("The assistant can ask to run a command in a folder. It runs in a sandbox: no "
             "network, "
             "no other files of yours, no other programs, a minute at most. Where it may change "
             "the folder it works in a copy; what it changed is put in place afterwards and can be "
             "undone, nothing is deleted. You are asked each time, with the whole command."),
          this))
    , m_state(new TextLabel(appearance, TextLabel::Kind::Secondary, QString(), this))
    , m_off(new Button(appearance, Button::Kind::Choice, tr("No commands"), this))
    , m_ask(new Button(appearance, Button::Kind::Choice, tr("Ask me each time"), this)) {
    for (Button* button : {m_off, m_ask}) button->setCheckable(true);
    QWidget* row = makeFlowRow(this, 2, {m_off, m_ask});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_text);
    layout->addWidget(row);
    layout->addWidget(m_state);
    for (TextLabel* label : {m_text, m_state}) label->setContentsMargins(3, 0, 3, 0);
    for (const auto& [button, isOn] : {std::pair{m_off, false}, std::pair{m_ask, true}}) {
        connect(button, &Button::clicked, this, [this, on = isOn] {
            m_controller->setRunsCommands(on);
            showState();  // a click also unchecks what was chosen already
        });
    }
    connect(controller, &ChatController::commandsChanged, this, &CommandsSection::showState);
    connect(controller, &ChatController::settingChanged, this, &CommandsSection::showState);
    showState();
}

void CommandsSection::showState() {
    const CommandState state = m_controller->commands();
    m_off->setChecked(!state.isOn);
    m_ask->setChecked(state.isOn);
    m_ask->setEnabled(state.isOffered);
    QString text;
    if (!state.isOffered) {
        text = tr("There is no sandbox for commands on this system yet.");
    } else if (state.isChecking) {
        text = tr("Trying whether the sandbox holds…");
    } else if (!state.problem.isEmpty()) {
        text = state.problem;
    } else if (state.isOn) {
        text = tr("The sandbox held against everything that it was tried with.");
    }
    m_state->setText(text);
    m_state->setVisible(!text.isEmpty());
}

}  // namespace lares::app
