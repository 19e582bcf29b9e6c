// controller_until_killed FOLDER [MODEL]: asks questions through the ChatController, tools and
// permissions included, until it is killed. A line on stdout, "sent ID CONVERSATION", means that
// the window shows this message as sent. With MODEL its context is small, the model measures
// prompts, and one conversation grows past it.
#include "app/chat/chat_controller.h"
#include "app/chat/conversation_model.h"
#include "app/engine_bridge/scripted_token_source.h"
#include "app/store/conversation_store.h"
#include "tests/app/turns/kill_script.h"

#include <QCoreApplication>
#include <QTimer>

#include <cstdio>
#include <limits>

using namespace lares;
using namespace lares::app;

namespace {

class Chatter : public QObject {
public:
    Chatter(ChatController& controller, int turns) : m_controller(controller), m_turns(turns) {
        connect(&controller, &ChatController::questionChanged, this, [this] {
            if (m_controller.question()) m_controller.answerQuestion(PermissionAnswer::Once);
        });
        connect(&controller, &ChatController::conversationChanged, this, &Chatter::listen);
        listen();
    }

    /// Where it ended, in the conversation that is shown then.
    void begin() {
        connect(&m_controller, &ChatController::answeringChanged, this, &Chatter::goOn);
        connect(&m_controller, &ChatController::conversationLoaded, this, &Chatter::goOn);
        goOn();
    }

private:
    void goOn() {
        if (m_controller.isAnswering() || m_controller.isConversationLoading()) return;
        // A new conversation now and then, so that the list is written too.
        if (++m_asked % m_turns == 0) m_controller.newConversation();
        m_controller.send(test::killQuestion(m_asked));
    }

    void listen() {
        const ConversationModel* model = m_controller.conversation();
        connect(model, &QAbstractItemModel::rowsInserted, this,
                [model](const QModelIndex&, int first, int last) {
                    for (int row = first; row <= last; ++row) {
                        const ChatMessage& message = model->messageAt(row);
                        if (message.role != Role::User) continue;
                        std::printf("sent %lld %lld %s\n", message.id, message.conversation,
                                    qPrintable(markdownOf(message)));
                        std::fflush(stdout);
                    }
                });
    }

    ChatController& m_controller;
    int m_turns;
    int m_asked = 0;
};

}  // namespace

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    const QString folder = app.arguments().value(1);
    auto store = ConversationStore::open((folder + "/data").toStdString());
    if (!store) {
        std::fprintf(stderr, "%s\n", store.error().message.c_str());
        return 1;
    }
    const QString modelFile = app.arguments().value(2);
    ScriptedTokenSource source(modelFile.isEmpty() ? test::killScript(folder)
                                                   : test::condensingScript());
    if (!modelFile.isEmpty()) {
        auto model = Model::load(modelFile.toStdString());
        if (!model) return 1;
        source.setPromptModel(*model);
        source.setContextLength(3072);
    }
    ChatController controller(
        {store->get(), &source, {}, "/demo.gguf", folder.toStdString() + "/data"});
    controller.loadModel({});
    Chatter chatter(controller, modelFile.isEmpty() ? 4 : std::numeric_limits<int>::max());
    QObject::connect(&controller, &ChatController::ready, &chatter, [&] {
        if (modelFile.isEmpty()) controller.setMaySearchPast(true);
        chatter.begin();
    });
    controller.start();
    std::puts("open");
    std::fflush(stdout);
    return app.exec();
}
