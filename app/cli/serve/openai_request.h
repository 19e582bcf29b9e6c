#pragma once

#include "app/cli/serve/api_error.h"
#include "engine/session/engine.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lares::cli {

/// What `POST /v1/chat/completions` asks for.
struct ChatRequest {
    GenerationRequest generation;
    std::vector<std::string> stops;  ///< the answer's text ends before the first of them
    bool isStream = false;
    bool wantsUsage = false;  ///< a last chunk with the figures, when streaming
    std::string model;        ///< empty: whichever there is
};

/// What holds where a request says nothing.
struct ChatDefaults {
    bool isThinking = true;
    int maxTokens = 4096;
};

using ParsedChat = std::variant<ChatRequest, ApiError>;

/// The body of a request. Untrusted: bounded, and whatever a field of ours holds of another type or
/// out of range is an error that names it. Fields that we do not know are left alone, and so is
/// null; one that would change the answer in a way that Lares cannot follow (`n` of 2, `logprobs`)
/// is refused, not ignored. Tool results come in the order of their calls. Without
/// `seed`, one of chance.
[[nodiscard]] ParsedChat parseChatRequest(std::string_view body, const ChatDefaults& defaults);

}  // namespace lares::cli
