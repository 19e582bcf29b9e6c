#include "app/chat/answer_parameters.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lares::app {
namespace {

// The engine allows more: beyond these an answer is no longer one.
constexpr std::array kBounds = {
    ParameterBounds{QLatin1String("temperature"), 0, 2, 0.1, 2},
    ParameterBounds{QLatin1String("topP"), 0, 1, 0.05, 2},
    ParameterBounds{QLatin1String("topK"), 0, 1000, 10, 0},
    ParameterBounds{QLatin1String("minP"), 0, 1, 0.05, 2},
    ParameterBounds{QLatin1String("repeatPenalty"), 0.5, 2, 0.05, 2},
    ParameterBounds{QLatin1String("presencePenalty"), 0, 2, 0.1, 2},
    ParameterBounds{QLatin1String("frequencyPenalty"), 0, 2, 0.1, 2},
    ParameterBounds{QLatin1String("penaltyWindow"), 0, 4096, 64, 0},
    ParameterBounds{QLatin1String("maxTokens"), 16, 32768, 256, 0},
    ParameterBounds{kSeedKey, 0, 999'999'999, 1, 0},
};

template <class T>
void set(T& target, const QJsonObject& parameters, const char* key) {
    const QJsonValue value = bounded(key, parameters[QLatin1String(key)]);
    if (value.isDouble()) target = static_cast<T>(value.toDouble());
}

double rounded(double value) {
    return std::round(value * 1e4) / 1e4;  // of a float, as it was written
}

}  // namespace

std::span<const ParameterBounds> answerParameters() {
    return kBounds;
}

const ParameterBounds* boundsOf(QLatin1String key) {
    const auto* found = std::find_if(kBounds.begin(), kBounds.end(),
                                     [&](const ParameterBounds& one) { return one.key == key; });
    return found == kBounds.end() ? nullptr : found;
}

QJsonValue bounded(const QString& key, const QJsonValue& value) {
    if (key == kThinkingKey) return value.isBool() ? value : QJsonValue(QJsonValue::Undefined);
    const QByteArray name = key.toLatin1();
    const ParameterBounds* bounds = boundsOf(QLatin1String(name));
    if (!bounds || !value.isDouble() || !std::isfinite(value.toDouble()))
        return QJsonValue(QJsonValue::Undefined);
    const double scale = std::pow(10.0, bounds->decimals);
    return std::round(std::clamp(value.toDouble(), bounds->least, bounds->most) * scale) / scale;
}

QJsonObject bounded(const QJsonObject& parameters) {
    QJsonObject kept;
    for (auto at = parameters.begin(); at != parameters.end(); ++at) {
        const QJsonValue value = bounded(at.key(), at.value());
        if (!value.isUndefined()) kept[at.key()] = value;
    }
    return kept;
}

void applyParameters(const QJsonObject& parameters, SamplingParams& sampling, int& maxTokens) {
    set(sampling.temperature, parameters, "temperature");
    set(sampling.top_p, parameters, "topP");
    set(sampling.top_k, parameters, "topK");
    set(sampling.min_p, parameters, "minP");
    set(sampling.repeat_penalty, parameters, "repeatPenalty");
    set(sampling.presence_penalty, parameters, "presencePenalty");
    set(sampling.frequency_penalty, parameters, "frequencyPenalty");
    set(sampling.penalty_window, parameters, "penaltyWindow");
    set(sampling.seed, parameters, "seed");
    set(maxTokens, parameters, "maxTokens");
}

QJsonObject parametersOf(const SamplingParams& sampling, int maxTokens) {
    return {{"temperature", rounded(sampling.temperature)},
            {"topP", rounded(sampling.top_p)},
            {"topK", sampling.top_k},
            {"minP", rounded(sampling.min_p)},
            {"repeatPenalty", rounded(sampling.repeat_penalty)},
            {"presencePenalty", rounded(sampling.presence_penalty)},
            {"frequencyPenalty", rounded(sampling.frequency_penalty)},
            {"penaltyWindow", sampling.penalty_window},
            {"maxTokens", maxTokens}};
}

}  // namespace lares::app
