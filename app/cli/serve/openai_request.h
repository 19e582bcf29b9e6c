#pragma once

#include "app/cli/serve/api_error.h"
#include "engine/session/engine.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lares::cli {

/// Which of OpenAI's endpoints is asked, and so what its answers look like.
enum class Endpoint {
    Chat,        ///< POST /v1/chat/completions: a conversation
    Completion,  ///< POST /v1/completions: a text that goes on
};

/// What one of them asks for.
struct AnswerRequest {
    Endpoint endpoint = Endpoint::Chat;
    GenerationRequest generation;
    std::vector<std::string> stops;  ///< the answer's text ends before the first of them
    bool isStream = false;
    bool wantsUsage = false;  ///< a last chunk with the figures, when streaming
    bool wantsEcho = false;   ///< Completion: the prompt stands before what follows it
    std::string model;        ///< empty: whichever there is
};

/// What holds where a request says nothing.
struct AnswerDefaults {
    bool isThinking = true;
    int maxTokens = 4096;       ///< of a conversation's answer
    int completionTokens = 16;  ///< of a text that goes on, as OpenAI has it
};

using ParsedRequest = std::variant<AnswerRequest, ApiError>;

/// The body of a request. Untrusted: bounded, and whatever a field of ours holds of another type or
/// out of range is an error that names it. Fields that we do not know are left alone, and so is
/// null; one that would change the answer in a way that Lares cannot follow (`n` of 2, `logprobs`)
/// is refused, not ignored. Tool results come in the order of their calls. Without
/// `seed`, one of chance.
[[nodiscard]] ParsedRequest parseChatRequest(std::string_view body, const AnswerDefaults& defaults);
/// The same of /v1/completions: `prompt` is one text, as it stands (GenerationRequest::raw_prompt).
[[nodiscard]] ParsedRequest parseCompletionRequest(std::string_view body,
                                                   const AnswerDefaults& defaults);

}  // namespace lares::cli
