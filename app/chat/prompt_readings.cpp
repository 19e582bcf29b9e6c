#include "app/chat/prompt_readings.h"

#include "app/chat/conversation_model.h"
#include "app/chat/conversation_prompt.h"

#include <QJsonArray>

#include <algorithm>
#include <iterator>

namespace lares::app {
namespace {

/// Every call has its result, so the model reads on.
bool isAfterResults(const std::vector<Part>& parts) {
    if (parts.empty() || parts.back().kind != Part::Kind::ToolResult) return false;
    const auto count = [&](Part::Kind kind) {
        return std::count_if(parts.begin(), parts.end(),
                             [kind](const Part& part) { return part.kind == kind; });
    };
    return count(Part::Kind::ToolCall) == count(Part::Kind::ToolResult);
}

int stepsOf(const ChatMessage& answer) {
    int last = 0;
    for (const Part& part : answer.parts) {
        if (part.kind != Part::Kind::Notice) last = std::max(last, stepOf(part));
    }
    const bool isReadingOn =
        answer.state == ChatMessage::State::Generating && isAfterResults(answer.parts);
    return last + (isReadingOn ? 2 : 1);
}

}  // namespace

void noteReading(ChatMessage& answer,
                 int step,
                 bool isThinking,
                 MessageId summaryAt,
                 const GenerationStats& stats) {
    QJsonArray readings = answer.stats[kReadingsKey].toArray();
    QJsonObject reading = {{"step", step},
                           {"thinking", isThinking},
                           {"cached", stats.cached_tokens},
                           // As text: JSON's numbers have 53 bits.
                           {"key", QString::number(stats.prompt_key, 16)}};
    if (summaryAt != 0) reading["summaryAt"] = QString::number(summaryAt);
    readings.append(reading);
    answer.stats[kReadingsKey] = readings;
}

std::vector<PromptReading> readingsOf(const ChatMessage& message) {
    std::vector<PromptReading> readings;
    if (message.role != Role::Assistant) return readings;
    const int nSteps = stepsOf(message);
    for (int step = 0; step < nSteps; ++step) {
        PromptReading reading;
        reading.answer = message.id;
        reading.step = step;
        reading.nSteps = nSteps;
        reading.isRunning = message.state == ChatMessage::State::Generating && step + 1 == nSteps;
        for (const QJsonValue noted : message.stats[kReadingsKey].toArray()) {
            if (noted["step"].toInt(-1) != step) continue;
            reading.isThinking = noted["thinking"].toBool(true);
            reading.nCached = noted["cached"].toInt();
            reading.summaryAt = noted["summaryAt"].toString().toLongLong();
            reading.key = noted["key"].toString().toULongLong(nullptr, 16);
        }
        readings.push_back(reading);
    }
    return readings;
}

std::vector<PromptReading> readingsOf(const ConversationModel& conversation) {
    std::vector<PromptReading> readings;
    for (int row = 0; row < conversation.rowCount(); ++row)
        std::ranges::copy(readingsOf(conversation.messageAt(row)), std::back_inserter(readings));
    return readings;
}

ChatMessage beforeStep(const ChatMessage& answer, int step) {
    ChatMessage before = answer;
    std::erase_if(before.parts, [step](const Part& part) { return stepOf(part) >= step; });
    return before;
}

}  // namespace lares::app
