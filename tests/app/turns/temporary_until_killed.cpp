// temporary_until_killed FOLDER: a temporary conversation with a tool and a permission, through the
// ChatController, until it is killed. A line on stdout for every answer: "answered".
#include "app/chat/chat_controller.h"
#include "app/chat/conversation_model.h"
#include "app/engine_bridge/scripted_token_source.h"
#include "app/store/conversation_store.h"
#include "tests/app/turns/temporary_script.h"

#include <QCoreApplication>
#include <QDir>

#include <cstdio>

using namespace lares;
using namespace lares::app;

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    const QString folder = app.arguments().value(1);
    qputenv("HOME", folder.toUtf8());
    QDir().mkpath(folder + "/Papers/" + test::kMarker);
    auto store = ConversationStore::open((folder + "/data").toStdString());
    if (!store) return 1;
    ScriptedTokenSource source(test::temporaryScript(folder));
    ChatController controller(
        {store->get(), &source, {}, "/demo.gguf", folder.toStdString() + "/data"});
    const QString marker = test::kMarker;
    const auto ask = [&] {
        controller.saveDraft("A draft of the " + marker);
        controller.saveDraftAttachments({pastedText("Pasted: " + marker)});
        controller.renameConversation(controller.conversation()->info().id, "On " + marker);
        controller.send("Where is the " + marker + "?", {pastedText("Pasted: " + marker)});
    };
    QObject::connect(&controller, &ChatController::questionChanged, &app, [&] {
        if (controller.question()) controller.answerQuestion(PermissionAnswer::Conversation);
    });
    QObject::connect(&controller, &ChatController::answeringChanged, &app, [&] {
        if (controller.isAnswering() || controller.conversation()->rowCount() == 0) return;
        std::puts("answered");
        std::fflush(stdout);
        QMetaObject::invokeMethod(&app, ask, Qt::QueuedConnection);
    });
    QObject::connect(&controller, &ChatController::ready, &app, [&] {
        // Something ordinary beside it, so that the store is at work.
        controller.setSetting("fontScale", 1.1);
        controller.newTemporaryConversation();
        ask();
    });
    controller.loadModel({});
    controller.start();
    return app.exec();
}
