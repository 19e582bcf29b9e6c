// The part of the window about its end: nothing goes with it that the user was not asked about.
#include "app/chat/conversation_list_model.h"
#include "app/transcript/visible_text.h"
#include "app/ui/chat_page.h"
#include "app/ui/main_window.h"
#include "app/ui/toast.h"

#include <QApplication>
#include <QSessionManager>
#include <QSplitter>
#include <QStackedWidget>

namespace lares::app {

void MainWindow::connectEnding() {
    connect(m_controller, &ChatController::problemSolved, this, &MainWindow::showProblemSolved);
#ifndef QT_NO_SESSIONMANAGER
    // The session ends, and the window may be hidden behind its icon.
    connect(qApp, &QGuiApplication::commitDataRequest, this, [this](QSessionManager& manager) {
        if (!manager.allowsInteraction()) return;
        if (!mayEnd([] { QApplication::quit(); })) manager.cancel();
        manager.release();
    });
#endif
}

bool MainWindow::mayEnd(const std::function<void()>& end) {
    m_chat->leave();  // a draft counts
    return mayLoseUnsaved(end) && mayLoseTemporary(end);
}

/// What there was no room for on the disk. Once that is saved, or was asked about, there is nothing
/// to ask.
bool MainWindow::mayLoseUnsaved(const std::function<void()>& end) {
    const QString why = m_controller->unsavedBecause();
    if (why.isEmpty() || m_mayLoseUnsaved) return true;
    comeForward();
    m_outer->setCurrentWidget(m_splitter);
    m_unsavedQuestion = tr("The last changes are not saved yet, and would be lost. %1").arg(why);
    ask(m_unsavedQuestion, {{tr("Quit all the same"), [this, end] {
                                 m_mayLoseUnsaved = true;
                                 end();
                             }}});
    return false;
}

void MainWindow::showProblemSolved(const QString& sentence) {
    m_mayLoseUnsaved = false;
    const QString shown = m_banner->isVisible() ? m_banner->sentence() : QString();
    if (shown.isEmpty() || (shown != sentence && shown != m_unsavedQuestion)) return;
    m_banner->hide();
    m_toast->showNote(tr("Saving works again, and what waited is saved."));
}

bool MainWindow::mayLoseTemporary(const std::function<void()>& end) {
    const std::vector<ConversationId> lost = m_controller->temporaryConversations();
    if (lost.empty()) return true;
    comeForward();
    m_outer->setCurrentWidget(m_splitter);
    const ConversationListModel& list = *m_controller->conversations();
    const QString sentence =
        lost.size() == 1
            ? tr("“%1” is temporary and would be lost.")
                  .arg(visibleText(list.index(list.rowOf(lost.front())).data().toString()))
            : tr("%Ln temporary conversation(s) would be lost.", nullptr,
                 static_cast<int>(lost.size()));
    ask(sentence, {{tr("Keep and quit"), [this, lost, end] { keep(lost, end); }},
                   {tr("Throw away and quit"), [this, lost, end] {
                        for (const ConversationId id : lost) m_controller->throwAway(id);
                        end();
                    }}});
    return false;
}

}  // namespace lares::app
