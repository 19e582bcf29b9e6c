#include "app/start/list_screenshots.h"

#include "app/chat/chat_controller.h"
#include "app/chat/conversation_list_model.h"
#include "app/ui/conversation_list.h"
#include "app/ui/conversation_rows.h"
#include "app/ui/export_section.h"
#include "app/ui/main_window.h"
#include "app/ui/settings_page.h"
#include "app/ui/toast.h"
#include "app/ui/trash_section.h"

#include <QAbstractButton>
#include <QApplication>
#include <QElapsedTimer>
#include <QLineEdit>

namespace lares::app {
namespace {

// Of sample_conversations.cpp.
constexpr ConversationId kLetter = 103;
constexpr ConversationId kNotes = 104;
constexpr ConversationId kRunning = 106;
constexpr ConversationId kPacking = 107;

/// Long enough for the store's answers.
void readStore() {
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 150) QApplication::processEvents(QEventLoop::AllEvents, 20);
}

bool takeFolders(MainWindow& window,
                 ChatController& controller,
                 const std::function<bool(const char* state)>& save) {
    ConversationList& list = *window.list();
    controller.placeInFolders({{kLetter, "Flat"},
                               {kPacking, "Holidays in the mountains, with the children"},
                               {kRunning, "Sport"}});
    controller.openConversation(kLetter);
    window.toast()->hide();
    list.setFolded({"Sport"});
    bool isSaved = save("folders");
    list.setFolded({"Flat", "Sport"});
    list.view()->setFocus(Qt::TabFocusReason);
    list.view()->setCurrentIndex(list.rows()->index(list.rows()->rowOf("Sport")));
    isSaved &= save("folders-folded");
    list.view()->edit(list.view()->currentIndex());
    isSaved &= save("folder-renamed");
    if (auto* editor = list.view()->viewport()->findChild<QLineEdit*>()) editor->clearFocus();
    list.setFolded({});
    controller.deleteFolder("Sport");
    isSaved &= save("folder-deleted");
    controller.placeInFolders({{kLetter, {}}, {kPacking, {}}});
    return isSaved;
}

bool takeTrash(MainWindow& window,
               ChatController& controller,
               const std::function<bool(const char* state)>& save) {
    for (const ConversationId id : {kLetter, kNotes, kRunning}) controller.deleteConversation(id);
    window.showSettings();
    auto* section = window.settingsPage()->findChild<TrashSection*>();
    readStore();
    window.toast()->hide();
    window.settingsPage()->ensureWidgetVisible(section, 0, 80);
    bool isSaved = save("trash");
    for (auto* button : section->findChildren<QAbstractButton*>()) {
        if (button->isVisible() && button->text() == TrashSection::tr("Delete…")) {
            button->click();
            break;
        }
    }
    isSaved &= save("trash-question");
    for (const ConversationId id : {kLetter, kNotes, kRunning}) controller.restoreConversation(id);
    window.showChat();
    return isSaved;
}

bool takeFiles(MainWindow& window, const std::function<bool(const char* state)>& save) {
    window.showSettings();
    auto* section = window.settingsPage()->findChild<ExportSection*>();
    window.toast()->hide();
    window.settingsPage()->ensureWidgetVisible(section, 0, 80);
    const bool isSaved = save("conversation-files");
    window.showChat();
    return isSaved;
}

}  // namespace

bool takeListScreenshots(MainWindow& window,
                         ChatController& controller,
                         const std::function<bool(const char* state)>& save) {
    bool isSaved = takeFolders(window, controller, save);
    isSaved &= takeFiles(window, save);
    return takeTrash(window, controller, save) && isSaved;
}

}  // namespace lares::app
