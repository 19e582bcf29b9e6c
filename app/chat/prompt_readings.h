#pragma once

#include "app/chat/chat_message.h"
#include "engine/session/engine.h"

#include <optional>
#include <vector>

namespace lares::app {

class ConversationModel;

/// One prompt that the model was given: an answer has one for each of its steps with tools and one
/// for its end. The text is made again from the conversation when somebody wants to see it; the key
/// says whether it is still the same.
struct PromptReading {
    MessageId answer = 0;
    int step = 0;
    int nSteps = 1;                  ///< of the answer, so far
    std::optional<bool> isThinking;  ///< whether it was to think first; nothing: not noted
    std::optional<int> nCached;      ///< tokens that were restored; nothing: not known (yet)
    std::uint64_t key = 0;           ///< PromptView::key of what was read; 0: not known (yet)
    /// Whose summary stood for what was before (0: none's); nothing: not known (yet).
    std::optional<MessageId> summaryAt = {};
    bool isRunning = false;  ///< the answer to it is being written

    bool operator==(const PromptReading&) const = default;
};

/// Key in ChatMessage::stats: what was noted of each step.
inline constexpr const char* kReadingsKey = "readings";

/// Notes in the answer what a step of it had read.
void noteReading(ChatMessage& answer,
                 int step,
                 bool isThinking,
                 MessageId summaryAt,
                 const GenerationStats& stats);

/// In order; none for a message of the user.
[[nodiscard]] std::vector<PromptReading> readingsOf(const ChatMessage& message);
/// Of all messages that are shown.
[[nodiscard]] std::vector<PromptReading> readingsOf(const ConversationModel& conversation);

/// The answer as it was when it had come to `step`: what the prompt of that step shows of it.
[[nodiscard]] ChatMessage beforeStep(const ChatMessage& answer, int step);

}  // namespace lares::app
