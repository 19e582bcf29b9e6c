#include "app/start/formula_screenshots.h"

#include "app/chat/chat_controller.h"
#include "app/chat/conversation_model.h"
#include "app/start/wait_until.h"
#include "app/transcript/transcript_view.h"
#include "app/ui/chat_page.h"
#include "app/ui/main_window.h"

#include <QApplication>

namespace lares::app {

bool takeFormulaScreenshots(MainWindow& window,
                            ChatController& controller,
                            const std::function<bool(const char* state)>& save) {
    bool isSaved = true;
    controller.newConversation();
    controller.send("The formulas of a first year, please.");
    waitUntil(
        [&] { return controller.conversation()->rowCount() >= 2 && !controller.isAnswering(); });
    TranscriptView& transcript = *window.chatPage()->transcript();
    isSaved &= save("formulas-end");
    transcript.scrollToMessage(controller.conversation()->messageAt(1).id);
    isSaved &= save("formulas");
    transcript.selectAll();
    isSaved &= save("formulas-selected");
    transcript.clearSelection();
    const QSize size = window.size();
    window.resize(window.minimumSize());
    controller.setSetting("fontScale", 1.5);
    transcript.scrollToMessage(controller.conversation()->messageAt(1).id);
    isSaved &= save("formulas-small-window-large-text");
    controller.setSetting("fontScale", 1.0);
    window.resize(size);
    return isSaved;
}

}  // namespace lares::app
