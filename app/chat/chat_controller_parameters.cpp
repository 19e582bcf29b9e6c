// The part of the controller that knows how the answers of a conversation are picked.
#include "app/chat/answer_parameters.h"
#include "app/chat/chat_controller_impl.h"
#include "app/personas/persona_text.h"

namespace lares::app {
namespace {

constexpr int kUsualTokens = 4096;
constexpr int kDemoTokens = 512;  // a small model that loops should not do so for long

}  // namespace

AnswerTurn::Settings ChatController::Impl::usualSettings() const {
    AnswerTurn::Settings turn;
    turn.isThinking = settings["thinking"].toBool(true);
    turn.maxTokens = kUsualTokens;
    if (isDemo()) {
        turn.sampling = SamplingParams::greedy();  // its best answer is its likeliest
        turn.maxTokens = kDemoTokens;
    } else {
        turn.sampling.seed = static_cast<std::uint64_t>(QDateTime::currentMSecsSinceEpoch());
    }
    return turn;
}

AnswerTurn::Settings ChatController::Impl::turnSettings(const QString& personaId,
                                                        const QJsonObject& parameters) const {
    const Persona& persona = personas.personaOf(personaId);
    AnswerTurn::Settings turn = usualSettings();
    turn.system = instructionsOf(persona);
    turn.personaName = persona.name;
    turn.contextLength = contextLength;
    for (const QJsonObject& said : {persona.parameters, parameters}) {
        applyParameters(said, turn.sampling, turn.maxTokens);
        turn.isThinking = said[kThinkingKey].toBool(turn.isThinking);
    }
    return turn;
}

void ChatController::Impl::setParameters(const QJsonObject& parameters) {
    ConversationInfo info = shown->info();
    if (info.parameters == parameters) return;
    info.parameters = parameters;
    shown->setInfo(info);
    saveInfo(info);
    emit controller.parametersChanged();
    readAhead();  // which only thinking changes
}

QJsonObject ChatController::parameters() const {
    return m_impl->shown->info().parameters;
}

QJsonObject ChatController::usualParameters() const {
    const AnswerTurn::Settings usual = m_impl->usualSettings();
    QJsonObject parameters = parametersOf(usual.sampling, usual.maxTokens);
    parameters[kThinkingKey] = usual.isThinking;
    return parameters;
}

bool ChatController::isThinking() const {
    return m_impl->turnSettings(persona().id, parameters()).isThinking;
}

void ChatController::setParameter(const QString& key, const QJsonValue& value) {
    QJsonObject changed = parameters();
    const QJsonValue kept = bounded(key, value);
    if (kept.isUndefined()) {
        changed.remove(key);
    } else {
        changed[key] = kept;
    }
    m_impl->setParameters(changed);
}

void ChatController::resetParameters() {
    m_impl->setParameters({});
}

void ChatController::setThinking(bool isOn) {
    // Where the conversation or its persona has it its own way, that is what is seen and changed.
    if (parameters().contains(kThinkingKey) || persona().parameters.contains(kThinkingKey))
        return setParameter(kThinkingKey, isOn);
    setSetting("thinking", isOn);
}

}  // namespace lares::app
