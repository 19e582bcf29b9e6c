// The part of the window that is about folders of conversations.
#include "app/ui/chat_page.h"
#include "app/ui/conversation_list.h"
#include "app/ui/main_window.h"
#include "app/ui/toast.h"

#include <QJsonArray>

#include <algorithm>

namespace lares::app {
namespace {

constexpr const char* kFoldedSetting = "foldedFolders";

}  // namespace

void MainWindow::connectFolders() {
    connect(m_list, &ConversationList::moveRequested, m_controller, &ChatController::moveToFolder);
    connect(m_list, &ConversationList::folderRenameRequested, m_controller,
            &ChatController::renameFolder);
    connect(m_list, &ConversationList::folderDeleteRequested, m_controller,
            &ChatController::deleteFolder);
    connect(m_list, &ConversationList::newInFolderRequested, this, [this](const QString& folder) {
        m_chat->leave();
        m_controller->newConversationIn(folder);
        showChat();
    });
    connect(m_list, &ConversationList::foldedChanged, this, &MainWindow::saveFolded);
    connect(m_controller, &ChatController::movedToFolders, this,
            [this](const QString& sentence, const std::vector<FolderPlace>& before) {
                m_toast->showNote(sentence, tr("Undo"),
                                  [this, before] { m_controller->placeInFolders(before); });
            });
}

void MainWindow::restoreFolded() {
    QSet<QString> folded;
    const QStringList there = m_controller->folders();
    const QJsonArray names = m_controller->setting(kFoldedSetting).toArray();
    for (const auto& name : names) {
        if (there.contains(name.toString())) folded.insert(name.toString());
    }
    m_list->setFolded(folded);
}

void MainWindow::saveFolded() {
    QStringList names(m_list->folded().begin(), m_list->folded().end());
    std::sort(names.begin(), names.end());
    m_controller->setSetting(kFoldedSetting, QJsonArray::fromStringList(names));
}

}  // namespace lares::app
