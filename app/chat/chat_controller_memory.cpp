// When the model leaves the memory, and how it comes back.
#include "app/chat/chat_controller_impl.h"

namespace lares::app {
namespace {

constexpr QLatin1String kUnloadSetting("unloadAfterMinutes");
constexpr QLatin1String kYieldSetting("yieldsCard");
/// Loading again takes a second, begins with the first letter that is typed, and nothing is read
/// twice: so half an hour is long enough, and somebody who looks something up comes back to a model
/// that is there.
constexpr int kUnloadAfterMinutes = 30;
constexpr std::chrono::seconds kLookEvery{5};

MemoryRules::Time now(const std::function<MemoryRules::Time()>& clock) {
    if (clock) return clock();
    return std::chrono::duration_cast<MemoryRules::Time>(
        std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace

bool ChatController::canFreeMemory() const {
    return m_impl->modelState == ModelState::Ready && !m_impl->isWorking();
}

ChatController::WhyPutAway ChatController::whyPutAway() const {
    return m_impl->whyPutAway;
}

bool ChatController::isComingBack() const {
    return m_impl->modelState == ModelState::Loading && m_impl->isComingBack;
}

std::chrono::minutes ChatController::unloadAfter() const {
    return std::chrono::minutes(
        std::clamp(setting(kUnloadSetting).toInt(kUnloadAfterMinutes), 0, 24 * 60));
}

void ChatController::setUnloadAfter(std::chrono::minutes minutes) {
    setSetting(kUnloadSetting, static_cast<int>(minutes.count()));
}

bool ChatController::yieldsCard() const {
    return setting(kYieldSetting).toBool(true);
}

void ChatController::setYieldsCard(bool yields) {
    setSetting(kYieldSetting, yields);
}

void ChatController::freeMemory() {
    if (canFreeMemory()) m_impl->putAway(WhyPutAway::User);
}

void ChatController::bringModelBack() {
    m_impl->rules.use(now(m_impl->clock));
    if (m_impl->modelState == ModelState::PutAway) m_impl->load(m_impl->modelPath);
}

bool ChatController::Impl::isWorking() const {
    return !turns.empty() || !onTheirWay.isEmpty() || tokens->isBusy();
}

void ChatController::Impl::watchMemory(std::chrono::milliseconds lookEvery) {
    memoryTimer.setInterval(lookEvery.count() > 0 ? lookEvery : kLookEvery);
    connect(&memoryTimer, &QTimer::timeout, &controller, [this] { lookAtMemory(); });
    connect(tokens, &TokenSource::cardMeasured, &controller,
            [this](quint64 freeBytes) { cardMeasured(freeBytes); });
    connect(tokens, &TokenSource::unloaded, &controller, [this] { modelUnloaded(); });
}

void ChatController::Impl::beginWatching() {
    rules.begin(now(clock));
    memoryTimer.start();
    if (device.memory) tokens->measureCard();
}

/// Every few seconds while a model is there.
void ChatController::Impl::lookAtMemory() {
    const MemoryRules::Time time = now(clock);
    // What somebody waits for counts as use until it has ended; so does what the model reads ahead.
    if (isWorking() || tokens->isReadingAhead()) return rules.use(time);
    rules.setUnloadAfter(controller.unloadAfter());
    rules.setYieldsCard(controller.yieldsCard());
    if (rules.isIdle(time)) return putAway(WhyPutAway::Idle);
    if (device.memory && rules.yieldsCard()) tokens->measureCard();
}

void ChatController::Impl::cardMeasured(std::uint64_t freeBytes) {
    rules.measured(freeBytes);
    if (modelState != ModelState::Ready || isWorking() || tokens->isReadingAhead()) return;
    if (rules.isCardWanted(now(clock))) putAway(WhyPutAway::Card);
}

void ChatController::Impl::putAway(WhyPutAway why) {
    whyPutAway = why;
    lastAhead.clear();
    tokens->unload();
    setModelState(ModelState::PutAway);
}

void ChatController::Impl::modelUnloaded() {
    if (!nextModel.isEmpty()) return load(nextModel);
    if (modelState != ModelState::Loading) return;
    // It was to come back, and that was cancelled before it could begin.
    isComingBack = false;
    setModelState(ModelState::PutAway);
    failWaiting();
}

/// What waits for a model that does not come is told so; asking again loads it.
void ChatController::Impl::failWaiting() {
    while (!turns.empty() && !isFirstStarted) {
        turns.front()->fail(
            tr("The model was not loaded, so nobody answered. Press Regenerate to load it and "
               "answer."));
    }
}

}  // namespace lares::app
