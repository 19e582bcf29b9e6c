#pragma once

#include "app/cli/serve/answer_piece.h"
#include "app/cli/serve/openai_request.h"
#include "engine/base/json.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace lares::cli {

/// What all parts of one response say about themselves.
struct ResponseHead {
    std::string id;  ///< "chatcmpl-…", "cmpl-…"
    std::string model;
    std::int64_t created = 0;  ///< seconds since 1970
    Endpoint endpoint = Endpoint::Chat;
};

/// The head of an answer that begins now.
[[nodiscard]] ResponseHead headOf(Endpoint endpoint, std::string model);
/// "chatcmpl-", "cmpl-" or "call_" and a number of chance.
[[nodiscard]] std::string newId(std::string_view prefix);

[[nodiscard]] Json toJson(const ApiError& error);
/// {"prompt_tokens","completion_tokens","total_tokens","prompt_tokens_details":{"cached_tokens"}}
[[nodiscard]] Json toJson(const AnswerUsage& usage);
/// "stop", "length" (also where the context is full), "tool_calls".
[[nodiscard]] std::string_view finishText(FinishReason reason);

/// A model as `/v1/models` lists it.
[[nodiscard]] Json modelJson(const ResponseHead& head);

/// An answer that is sent as a whole.
class WholeResponse {
public:
    /// Anything but the last pieces.
    void add(const AnswerPiece& piece);
    [[nodiscard]] Json finish(const ResponseHead& head, const AnswerEnd& end) const;

private:
    std::string m_text;
    std::string m_thinking;
    Json m_calls = Json::array();
};

/// An answer that is sent as it comes: server-sent events, each a `chat.completion.chunk` or a
/// `text_completion`.
class StreamedResponse {
public:
    StreamedResponse(ResponseHead head, bool wantsUsage);

    /// The events of one piece: the role before the first, [DONE] behind the last. An error is an
    /// event {"error":…}.
    [[nodiscard]] std::string events(const AnswerPiece& piece);

private:
    [[nodiscard]] Json chunk(Json choices) const;
    [[nodiscard]] std::string deltaEvent(Json delta, Json finishReason = nullptr) const;
    [[nodiscard]] std::string textEvent(const std::string& text, Json finishReason = nullptr) const;
    [[nodiscard]] bool isChat() const { return m_head.endpoint == Endpoint::Chat; }
    [[nodiscard]] std::string endEvents(const AnswerEnd& end) const;

    ResponseHead m_head;
    bool m_wantsUsage;
    bool m_hasBegun = false;
    int m_nCalls = 0;
};

}  // namespace lares::cli
