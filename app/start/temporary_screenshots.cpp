#include "app/start/temporary_screenshots.h"

#include "app/chat/chat_controller.h"
#include "app/chat/conversation_model.h"
#include "app/start/wait_until.h"
#include "app/ui/banner.h"
#include "app/ui/main_window.h"
#include "app/ui/toast.h"

namespace lares::app {

bool takeTemporaryScreenshots(MainWindow& window,
                              ChatController& controller,
                              const std::function<bool(const char* state)>& save) {
    window.run(WindowCommand::NewTemporaryConversation);
    window.toast()->hide();
    bool isSaved = save("temporary-empty");
    const ConversationId id = controller.conversation()->info().id;
    controller.send("What did the costs of May come to?");
    waitUntil([&] { return controller.isAnswering(); });
    waitUntil([&] { return !controller.isAnswering(); });
    isSaved &= save("temporary");
    window.run(WindowCommand::DeleteConversation);
    isSaved &= save("temporary-question");
    window.banner()->hide();
    controller.throwAway(id);
    return isSaved;
}

}  // namespace lares::app
