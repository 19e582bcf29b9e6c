// The part of the window about conversations of which nothing is kept: in sight as such, and never
// gone without a question.
#include "app/approval/approval_card.h"
#include "app/chat/conversation_list_model.h"
#include "app/chat/conversation_model.h"
#include "app/transcript/visible_text.h"
#include "app/ui/chat_page.h"
#include "app/ui/composer.h"
#include "app/ui/conversation_list.h"
#include "app/ui/main_window.h"
#include "app/ui/temporary_bar.h"
#include "app/ui/toast.h"

#include <QSplitter>
#include <QStackedWidget>

#include <algorithm>
#include <memory>

namespace lares::app {

void MainWindow::connectTemporary() {
    connect(m_list, &ConversationList::newTemporaryRequested, this, &MainWindow::openTemporary);
    connect(m_list, &ConversationList::keepRequested, this,
            [this](ConversationId id) { keep({id}); });
    connect(m_list, &ConversationList::deleteRequested, this, &MainWindow::removeConversation);
    const auto shown = [this] { return m_controller->conversation()->info().id; };
    connect(m_temporary, &TemporaryBar::keepRequested, this, [this, shown] { keep({shown()}); });
    connect(m_temporary, &TemporaryBar::throwAwayRequested, this,
            [this, shown] { removeConversation(shown()); });
    connect(m_banner, &Banner::dismissed, this, &MainWindow::focusPage);
    using Controller = ChatController;
    connect(m_controller, &Controller::conversationChanged, this, &MainWindow::showTemporary);
    connect(m_controller, &Controller::answeringChanged, this, &MainWindow::showTemporary);
    connect(m_controller, &Controller::changesUndone, this, &MainWindow::showTemporary);
    connect(m_controller, &Controller::kept, this, [this](ConversationId id) {
        showTemporary();
        const int row = m_controller->conversations()->rowOf(id);
        if (row < 0) return m_toast->showNote(tr("What is said here is kept from now on."));
        m_toast->showNote(tr("Kept: it is in the list now, with all that was said."));
    });
}

void MainWindow::openTemporary() {
    m_chat->leave();
    m_controller->newTemporaryConversation();
    showChat();
}

void MainWindow::showTemporary() {
    const bool isTemporary = m_controller->conversation()->info().isTemporary;
    if (isTemporary) m_temporary->setHasChanges(m_controller->lastChanges() != 0);
    m_temporary->setVisible(isTemporary);
}

void MainWindow::keep(const std::vector<ConversationId>& ids, const std::function<void()>& then) {
    const auto nLeft = std::make_shared<std::size_t>(ids.size());
    const auto isAny = std::make_shared<bool>(false);  // that cannot be kept
    for (const ConversationId id : ids) {
        m_controller->keepConversation(id).then(this, [this, nLeft, isAny,
                                                       then](const Result<void>& kept) {
            if (!kept) {
                *isAny = true;
                const QString why = QString::fromStdString(kept.error().message);
                m_banner->showSentence(
                    tr("The conversation could not be kept, and is still here. %1").arg(why), why);
            }
            if (--*nLeft == 0 && !*isAny && then) then();
        });
    }
}

/// What was said in it, or a draft, is asked about; an ordinary one can be brought back anyway.
void MainWindow::removeConversation(ConversationId id) {
    const ConversationListModel& list = *m_controller->conversations();
    const int row = list.rowOf(id);
    if (row < 0) return;
    if (!list.at(row).isTemporary) return m_controller->deleteConversation(id);
    const bool isShown = m_controller->conversation()->info().id == id;
    if (isShown) m_chat->leave();
    const std::vector<ConversationId> lost = m_controller->temporaryConversations();
    if (std::find(lost.begin(), lost.end(), id) == lost.end()) return m_controller->throwAway(id);
    const QString title = visibleText(list.index(list.rowOf(id)).data().toString());
    QString question =
        tr("“%1” is temporary: once it is thrown away, nothing brings it back.").arg(title);
    if (isShown && m_controller->lastChanges() != 0)
        question += u' ' + tr("What it changed in files stays; lares-cli undo takes that back.");
    ask(question, {{tr("Keep"), [this, id] { keep({id}); }},
                   {tr("Throw away"), [this, id] { m_controller->throwAway(id); }}});
}

/// In the banner, with the focus; Esc leaves everything as it is.
void MainWindow::ask(const QString& question, std::vector<Banner::Action> answers) {
    for (Banner::Action& answer : answers) {
        answer.run = [this, run = answer.run] {
            m_banner->hide();
            focusPage();
            run();
        };
    }
    m_banner->showSentence(question, {}, answers);
    m_banner->focusFirst();
}

}  // namespace lares::app
