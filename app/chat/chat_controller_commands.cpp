// Whether the assistant may ask to run commands.
#include "app/chat/chat_controller_impl.h"
#include "tools/sandbox/command_runner.h"

#include <QtConcurrent>

namespace lares::app {
namespace {

constexpr QLatin1String kSetting("commands");

}  // namespace

CommandState ChatController::commands() const {
    CommandState state;
    state.isOffered = m_impl->sandbox != nullptr;
    state.isOn = state.isOffered && setting(kSetting).toBool(false);
    state.isChecking = m_impl->isCheckingSandbox;
    state.problem = state.isOn ? m_impl->sandboxProblem : QString();
    return state;
}

void ChatController::setRunsCommands(bool isOn) {
    setSetting(kSetting, isOn);
    m_impl->checkSandbox();
    emit commandsChanged();
}

/// Commands are offered to the model only after the sandbox held against what it was tried with.
void ChatController::Impl::checkSandbox() {
    broker.offer_commands(false);
    sandboxProblem.clear();
    if (sandbox == nullptr || !settings[kSetting].toBool(false) || isCheckingSandbox) return;
    isCheckingSandbox = true;
    QtConcurrent::run(&toolThread, [checked = sandbox] {
        return checked->support();
    }).then(&controller, [this](const CommandSupport& support) {
        isCheckingSandbox = false;
        sandboxProblem = QString::fromStdString(support.reason);
        broker.offer_commands(support.is_available && settings[kSetting].toBool(false));
        emit controller.commandsChanged();
    });
}

}  // namespace lares::app
