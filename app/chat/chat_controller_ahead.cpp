#include "app/chat/chat_controller_impl.h"

#include <QStringList>

namespace lares::app {

/// Has the model read what the next question in the shown conversation will follow: in a new one
/// the persona's text and the tools', in another all that was said. Only while nothing else waits
/// for the model.
void ChatController::Impl::readAhead(Condense condense) {
    if (modelState != ModelState::Ready || !turns.empty() || isShownLoading) return;
    if (tokens->isBusy() && !condensingAside) return;
    const ConversationInfo& info = shown->info();
    const MessageId leaf = shown->activeLeaf();
    const Persona& persona = personas.personaOf(info.personaId);
    const AnswerTurn::Settings turn = turnSettings(persona.id, *shown);
    const QStringList what = {QString::number(info.id), QString::number(leaf),
                              turn.isThinking ? "thinking" : "", modelPath, turn.system};
    if (what.join('\n') == lastAhead) return;
    // A summary that is being written is of another conversation, or of what is no longer said.
    stopCondensing();
    if (tokens->isBusy()) return;  // this follows when it has ended
    lastAhead = what.join('\n');
    const GenerationRequest request = AnswerTurn::request(turn, broker, *shown, leaf);
    if (condense == Condense::Yes && condenseAhead(request)) return;  // which reads ahead then
    tokens->readAhead(request);
}

void ChatController::Impl::forgetReading(ConversationId conversation) {
    lastAhead.clear();
    tokens->forget(std::to_string(conversation));
}

bool ChatController::keepsReadings() const {
    return m_impl->settings["keepReadings"].toBool(true);
}

SnapshotUse ChatController::readingsUse() const {
    return m_impl->tokens->snapshotUse();
}

void ChatController::setKeepsReadings(bool isOn) {
    setSetting("keepReadings", isOn);
    m_impl->tokens->setKeeping(isOn);
    if (!isOn) forgetReadings();
}

void ChatController::forgetReadings() {
    m_impl->lastAhead.clear();
    m_impl->tokens->forgetAll();
}

}  // namespace lares::app
