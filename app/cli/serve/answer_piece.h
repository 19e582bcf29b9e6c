#pragma once

#include "app/cli/serve/api_error.h"
#include "engine/session/engine.h"

#include <string>
#include <variant>

namespace lares::cli {

struct AnswerUsage {
    int promptTokens = 0;
    int cachedTokens = 0;  ///< of these, restored instead of read
    int completionTokens = 0;
};

/// The end of an answer that came to one.
struct AnswerEnd {
    FinishReason reason = FinishReason::Stop;
    AnswerUsage usage;
};

/// What an answer is made of, in order: any number of the first three, then one of the last two.
using AnswerPiece = std::variant<ThinkingDelta, TextDelta, ToolCall, AnswerEnd, ApiError>;

}  // namespace lares::cli
