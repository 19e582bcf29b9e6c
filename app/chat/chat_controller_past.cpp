// What the assistant may look up in earlier conversations.
#include "app/chat/chat_controller_impl.h"

namespace lares::app {
namespace {

constexpr const char* kSearchesPast = "searchesPast";

}  // namespace

bool ChatController::maySearchPast() const {
    return m_impl->settings[kSearchesPast].toBool(false);
}

void ChatController::setMaySearchPast(bool isOn) {
    if (maySearchPast() == isOn) return;
    setSetting(kSearchesPast, isOn);
    m_impl->offerPast();
}

void ChatController::Impl::offerPast() {
    const bool offers = controller.maySearchPast();
    if (offers == broker.offers_past()) return;
    broker.offer_past(offers);
    lastAhead.clear();  // the prompt has another tool now
    readAhead();
}

}  // namespace lares::app
