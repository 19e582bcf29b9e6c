// The part of the window that carries out its commands: from keys, and from the palette.
#include "app/approval/approval_card.h"
#include "app/chat/conversation_list_model.h"
#include "app/chat/conversation_model.h"
#include "app/ui/appearance.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/conversation_list.h"
#include "app/ui/find_bar.h"
#include "app/ui/first_run_page.h"
#include "app/ui/header_bar.h"
#include "app/ui/main_window.h"
#include "app/ui/settings_page.h"
#include "app/ui/toast.h"

#include <QShortcut>
#include <QStackedWidget>

#include <algorithm>
#include <cmath>

namespace lares::app {
namespace {

constexpr double kZoomStep = 0.1;

QString themeOf(WindowCommand command) {
    switch (command) {
        case WindowCommand::ThemeLight:
            return "light";
        case WindowCommand::ThemeDark:
            return "dark";
        case WindowCommand::ThemeHighContrast:
            return "high-contrast";
        default:
            return "system";
    }
}

}  // namespace

void MainWindow::addKeys() {
    for (const WindowCommandInfo& info : windowCommands()) {
        for (const QKeySequence& keys : info.keys) {
            connect(new QShortcut(keys, this), &QShortcut::activated, this,
                    [this, command = info.command] {
                        if (m_outer->currentWidget() != m_firstRun) run(command);
                    });
        }
    }
}

void MainWindow::run(WindowCommand command) {
    using Command = WindowCommand;
    switch (command) {
        case Command::NewConversation:
            return openNew();
        case Command::NewTemporaryConversation:
            return openTemporary();
        case Command::NextConversation:
            return openNeighbour(1);
        case Command::PreviousConversation:
            return openNeighbour(-1);
        case Command::FindEverywhere:
            setListShown(true);
            return m_list->focusSearch();
        case Command::Palette:
            return openPalette();
        case Command::ToggleList:
            return setListShown(m_list->isHidden());
        case Command::TogglePanel:
            return setPanelOpen(!m_isPanelOpen);
        case Command::ShowToolActivity:
            return showPanelTab(SidePanel::Tab::Activity);
        case Command::ShowParameters:
            return showPanelTab(SidePanel::Tab::Persona);
        case Command::ShowPrompt:
            return showPanelTab(SidePanel::Tab::Prompt);
        case Command::ShowModels:
            showSettings();
            return m_settings->showModelSection();
        case Command::ChooseModelFile:
            return chooseModelFile();
        case Command::LoadDemoModel:
            return m_controller->loadModel({});
        case Command::FreeMemory:
            return m_controller->freeMemory();
        case Command::BringModelBack:
            return m_controller->bringModelBack();
        case Command::ShowPersonas:
            return showPersonas();
        case Command::ShowNotes:
            return showNotes();
        case Command::ShowSettings:
            return showSettings();
        case Command::ShowKeys:
            return showKeys();
        case Command::LargerText:
        case Command::SmallerText:
        case Command::UsualText:
        case Command::ThemeSystem:
        case Command::ThemeLight:
        case Command::ThemeDark:
        case Command::ThemeHighContrast:
            return runOnLook(command);
        default:
            return runOnConversation(command);
    }
}

/// What is about the shown conversation, which comes into sight for it.
void MainWindow::runOnConversation(WindowCommand command) {
    using Command = WindowCommand;
    const ConversationId id = m_controller->conversation()->info().id;
    switch (command) {
        case Command::RenameConversation:
            if (!m_list->renameFocused()) m_header->editTitle();
            return;
        case Command::PinConversation:
            return togglePin();
        case Command::ExportConversation:
            return chooseExport(id);
        case Command::PrintConversation:
            return printConversation(id);
        case Command::DuplicateConversation:
            return duplicate(id);
        case Command::DeleteConversation:
            return removeConversation(id);
        case Command::KeepConversation:
            if (!m_controller->conversation()->info().isTemporary)
                return m_toast->showNote(tr("This conversation is kept already."));
            return keep({id});
        case Command::ToggleThinking:
            return m_controller->setThinking(!m_controller->isThinking());
        case Command::RememberThis:
            return rememberShown();
        case Command::UsePresentNotes:
            return usePresentNotes();
        case Command::UndoChanges:
            return undoLastChanges();
        case Command::CopyLastAnswer:
            return m_chat->copyLastAnswer();
        case Command::StopAnswer:
            return m_controller->stop();
        default:
            break;
    }
    if (!m_chat->isVisible() || command == Command::WriteMessage) showChat();
    if (command == Command::AttachFiles) return chooseAttachments();
    if (command == Command::FindHere) m_chat->findBar()->open();
    if (command == Command::FindNext) m_chat->findBar()->step(true);
    if (command == Command::FindPrevious) m_chat->findBar()->step(false);
    if (command == Command::EditLastMessage) m_chat->editLast();
    if (command == Command::RegenerateAnswer) m_chat->regenerateLast();
    if (command == Command::AnswerQuestion) m_chat->showCard();
}

void MainWindow::runOnLook(WindowCommand command) {
    switch (command) {
        case WindowCommand::LargerText:
            return zoom(kZoomStep);
        case WindowCommand::SmallerText:
            return zoom(-kZoomStep);
        case WindowCommand::UsualText:
            return m_controller->setSetting("fontScale", 1.0);
        default:
            return m_controller->setSetting("theme", themeOf(command));
    }
}

bool MainWindow::canRun(WindowCommand command) const {
    using Command = WindowCommand;
    const ConversationModel& shown = *m_controller->conversation();
    const bool isListed = m_controller->conversations()->rowOf(shown.info().id) >= 0;
    const bool isIdle = shown.rowCount() > 0 && !m_controller->isAnswering();
    switch (command) {
        case Command::NextConversation:
        case Command::PreviousConversation:
            return m_controller->conversations()->rowCount() > (isListed ? 1 : 0);
        case Command::FindNext:
        case Command::FindPrevious:
            return m_chat->findBar()->isVisible();
        case Command::EditLastMessage:
        case Command::RegenerateAnswer:
            return isIdle;
        case Command::StopAnswer:
            return m_controller->isAnswering();
        case Command::FindHere:
        case Command::CopyLastAnswer:
        case Command::RememberThis:
            return shown.rowCount() > 0;
        case Command::UsePresentNotes:
            return m_controller->canUsePresentNotes();
        case Command::UndoChanges:
            return isIdle && m_controller->lastChanges() != 0;
        case Command::AnswerQuestion:
            return m_controller->question() != nullptr;
        case Command::PrintConversation:
            return isListed && shown.rowCount() > 0 && !shown.info().isTemporary;
        case Command::PinConversation:
        case Command::DuplicateConversation:
            return isListed && !shown.info().isTemporary;
        case Command::ExportConversation:
            return isListed && shown.rowCount() > 0;
        case Command::KeepConversation:
            return shown.info().isTemporary;
        case Command::RenameConversation:
        case Command::DeleteConversation:
            return isListed;
        case Command::LargerText:
            return m_appearance->fontScale() < Appearance::kMaxScale;
        case Command::SmallerText:
            return m_appearance->fontScale() > Appearance::kMinScale;
        case Command::UsualText:
            return m_appearance->fontScale() != 1.0;
        case Command::ThemeSystem:
        case Command::ThemeLight:
        case Command::ThemeDark:
        case Command::ThemeHighContrast:
            return m_appearance->choice() != themeOf(command);
        case Command::LoadDemoModel:
            return m_controller->modelState() != ChatController::ModelState::Ready ||
                   !m_controller->isDemoModel();
        case Command::FreeMemory:
            return m_controller->canFreeMemory();
        case Command::BringModelBack:
            return m_controller->modelState() == ChatController::ModelState::PutAway;
        case Command::Palette:
            return false;  // it is there
        default:
            return true;
    }
}

void MainWindow::togglePin() {
    const ConversationListModel& list = *m_controller->conversations();
    const int row = list.rowOf(m_controller->conversation()->info().id);
    if (row >= 0) m_controller->pinConversation(list.at(row).id, !list.at(row).isPinned);
}

void MainWindow::showPanelTab(SidePanel::Tab tab) {
    m_panel->showTab(tab);
    setPanelOpen(true);
}

void MainWindow::undoLastChanges() {
    if (m_controller->isAnswering())
        return m_toast->showNote(tr("An answer is being written; undo when it has ended."));
    const MessageId answer = m_controller->lastChanges();
    if (answer == 0) return m_toast->showNote(tr("Nothing was changed here that can be undone."));
    m_controller->undoChanges(answer);
}

void MainWindow::openNeighbour(int step) {
    if (const ConversationId id = m_list->neighbourOfShown(step); id != 0) open(id);
}

void MainWindow::zoom(double by) {
    const double scale = std::clamp(std::round((m_appearance->fontScale() + by) * 10) / 10,
                                    Appearance::kMinScale, Appearance::kMaxScale);
    m_controller->setSetting("fontScale", scale);
}

}  // namespace lares::app
