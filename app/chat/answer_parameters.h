#pragma once

#include "engine/session/engine.h"

#include <QJsonObject>
#include <QJsonValue>
#include <QLatin1String>

#include <optional>
#include <span>

namespace lares::app {

/// How answers are picked, where it is not as usual: ConversationInfo::parameters, and beneath them
/// Persona::parameters. A JSON object of numbers under these keys, and `thinking`, a bool. What is
/// missing is as usual.
struct ParameterBounds {
    QLatin1String key;
    double least;
    double most;
    double step;   ///< of an arrow key
    int decimals;  ///< 0: a whole number
};
/// In the order in which they are shown: temperature, topP, topK, minP, repeatPenalty,
/// presencePenalty, frequencyPenalty, penaltyWindow, maxTokens, seed.
[[nodiscard]] std::span<const ParameterBounds> answerParameters();
[[nodiscard]] const ParameterBounds* boundsOf(QLatin1String key);
inline constexpr QLatin1String kThinkingKey("thinking");
inline constexpr QLatin1String kSeedKey("seed");  ///< missing: another one for every answer

/// The value within its bounds and with its decimals; Undefined for what is no number (no bool, for
/// `thinking`) and for a key that does not exist.
[[nodiscard]] QJsonValue bounded(const QString& key, const QJsonValue& value);
/// Of all of them what exists, each within its bounds.
[[nodiscard]] QJsonObject bounded(const QJsonObject& parameters);

/// Sets what is there; a database may hold anything, so everything is bounded again.
void applyParameters(const QJsonObject& parameters, SamplingParams& sampling, int& maxTokens);
/// All of them but the seed and `thinking`, as they are here.
[[nodiscard]] QJsonObject parametersOf(const SamplingParams& sampling, int maxTokens);

}  // namespace lares::app
