#pragma once

#include "app/chat/chat_controller.h"
#include "app/chat/conversation_model.h"
#include "app/engine_bridge/scripted_token_source.h"
#include "app/store/conversation_store.h"
#include "engine/base/json.h"

#include <QSignalSpy>
#include <QTest>

#include <chrono>
#include <memory>

namespace lares::test {

using namespace lares::app;

inline constexpr int kPatienceMs = 30'000;

inline constexpr const char* kGreets =
    R"([{"steps":[{"thinking":"A greeting."},{"text":"Hello."}]}])";

/// What a call answers; meanwhile the window would live on.
template <class T>
[[nodiscard]] Result<T> waited(QFuture<Result<T>> reply) {
    [&] { QTRY_VERIFY_WITH_TIMEOUT(reply.isFinished(), kPatienceMs); }();
    return reply.result();
}

/// Time that passes when a test says so.
struct TestClock {
    std::chrono::milliseconds now{0};
    mutable int nAsked = 0;
};

/// A controller on a script, with a store and a home folder of its own.
class Desk {
public:
    explicit Desk(const char* script,
                  const QString& folder,
                  const CommandSandbox* sandbox = nullptr,
                  const TestClock* clock = nullptr)
        : m_folder(folder) {
        auto opened = ConversationStore::open((folder + "/data").toStdString());
        if (opened) store = std::move(*opened);
        source = std::make_unique<ScriptedTokenSource>(*parse_json(script));
        ChatController::Dependencies dependencies;
        dependencies.store = store.get();
        dependencies.tokens = source.get();
        dependencies.personas = {{"lares", "Lares", "You are Lares.", "Hi."},
                                 {"robin", "Robin", "You are Robin.", {}}};
        dependencies.demoModel = "/demo.gguf";
        dependencies.dataFolder = (folder + "/data").toStdString();
        dependencies.sandbox = sandbox;
        if (clock != nullptr) {
            dependencies.clock = [clock] {
                ++clock->nAsked;
                return clock->now;
            };
            dependencies.lookEvery = std::chrono::milliseconds(1);
        }
        controller = std::make_unique<ChatController>(dependencies);
        controller->loadModel({});
        QSignalSpy ready(controller.get(), &ChatController::ready);
        controller->start();
        [&] {
            QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, kPatienceMs);
            QTRY_COMPARE_WITH_TIMEOUT(controller->modelState(), ChatController::ModelState::Ready,
                                      kPatienceMs);
            QTRY_VERIFY_WITH_TIMEOUT(!controller->isConversationLoading(), kPatienceMs);
        }();
    }

    void waitForAnswer(int rows) const {
        QTRY_COMPARE_WITH_TIMEOUT(model().rowCount(), rows, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!controller->isAnswering(), kPatienceMs);
    }

    [[nodiscard]] ConversationModel& model() const { return *controller->conversation(); }
    [[nodiscard]] const ChatMessage& last() const {
        return model().messageAt(model().rowCount() - 1);
    }
    [[nodiscard]] const Part* part(Part::Kind kind) const {
        for (const Part& one : last().parts) {
            if (one.kind == kind) return &one;
        }
        return nullptr;
    }

    /// The first call of this tool in the last message, or what that begins with.
    [[nodiscard]] const Part& callOf(QStringView tool) const {
        for (const Part& one : last().parts) {
            if (one.toolName == tool) return one;
        }
        static const Part kNone;  // an answer that begins has no parts yet
        return kNone;
    }
    /// What the model read of the last message's first call; empty: nothing.
    [[nodiscard]] QString result() const {
        const Part* found = part(Part::Kind::ToolResult);
        return found ? found->text : QString();
    }

    QString m_folder;
    std::unique_ptr<ConversationStore> store;
    std::unique_ptr<ScriptedTokenSource> source;
    std::unique_ptr<ChatController> controller;
};

}  // namespace lares::test
