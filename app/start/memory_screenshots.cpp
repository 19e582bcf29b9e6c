#include "app/start/memory_screenshots.h"

#include "app/chat/chat_controller.h"
#include "app/engine_bridge/scripted_token_source.h"
#include "app/start/wait_until.h"

#include <QApplication>

namespace lares::app {
namespace {

using namespace std::chrono_literals;
using State = ChatController::ModelState;

constexpr quint64 kMuchFree = 4'000'000'000;
constexpr quint64 kLittleFree = 90'000'000;

void waitForState(const ChatController& controller, State state) {
    waitUntil([&] { return controller.modelState() == state; });
}

DeviceInfo sampleCard() {
    DeviceInfo device;
    device.name = "NVIDIA GeForce RTX 4060";
    device.memory = MemoryPlan{
        .weights = 2'800'000'000, .state = 165'000'000, .kv = 270'000'000, .work = 98'000'000};
    return device;
}

}  // namespace

bool takeMemoryScreenshots(ChatController& controller,
                           ScriptedTokenSource& tokens,
                           const std::function<void(std::chrono::minutes)>& pass,
                           const std::function<bool(const char* state)>& save) {
    tokens.setDevice(sampleCard());
    tokens.setFreeCardBytes(kMuchFree);
    controller.loadModel({});
    waitForState(controller, State::Ready);
    bool isSaved = save("memory-on-card");
    controller.freeMemory();
    isSaved &= save("memory-put-away");
    tokens.setHolding(true);
    controller.bringModelBack();
    emit controller.modelProgress(0.4);
    isSaved &= save("memory-coming-back");
    tokens.setHolding(false);
    tokens.goOn();
    waitForState(controller, State::Ready);
    QApplication::processEvents();  // what was free at the load is measured
    tokens.setFreeCardBytes(kLittleFree);
    pass(1min);
    waitForState(controller, State::PutAway);
    isSaved &= save("memory-for-others");
    DeviceInfo processor;
    processor.whyCpu =
        "the model needs 3333 MB on NVIDIA GeForce RTX 4060, of which 90 MB are free; close other "
        "programs that use it, or take a shorter context";
    tokens.setDevice(processor);
    controller.bringModelBack();
    waitForState(controller, State::Ready);
    isSaved &= save("memory-on-processor");
    tokens.setDevice({});
    controller.loadModel({});
    waitForState(controller, State::Ready);
    return isSaved;
}

}  // namespace lares::app
