#include "app/cli/serve/openai_response.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <random>
#include <utility>

namespace lares::cli {
namespace {

/// Empty texts are null, as OpenAI has them.
Json textOrNull(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

/// A call with its arguments as JSON in a string, which is how the API has them.
Json callJson(const ToolCall& call) {
    return {{"id", newId("call_")},
            {"type", "function"},
            {"function", {{"name", call.name}, {"arguments", json_text(call.arguments)}}}};
}

/// The one text of a completion, or a piece of it.
Json textChoice(const std::string& text, Json finishReason) {
    return {{"index", 0},
            {"text", text},
            {"logprobs", nullptr},
            {"finish_reason", std::move(finishReason)}};
}

std::string event(const Json& data) {
    return "data: " + json_text(data) + "\n\n";
}

}  // namespace

std::string newId(std::string_view prefix) {
    std::random_device chance;
    std::string id(prefix);
    for (int i = 0; i < 3; ++i) {
        std::array<char, 9> digits{};
        std::snprintf(digits.data(), digits.size(), "%08x", chance());
        id += digits.data();
    }
    return id;
}

ResponseHead headOf(Endpoint endpoint, std::string model) {
    return {newId(endpoint == Endpoint::Chat ? "chatcmpl-" : "cmpl-"), std::move(model),
            std::time(nullptr), endpoint};
}

Json toJson(const ApiError& error) {
    return {{"error",
             {{"message", error.message},
              {"type", error.type},
              {"param", textOrNull(error.param)},
              {"code", textOrNull(error.code)}}}};
}

Json toJson(const AnswerUsage& usage) {
    return {{"prompt_tokens", usage.promptTokens},
            {"completion_tokens", usage.completionTokens},
            {"total_tokens", usage.promptTokens + usage.completionTokens},
            {"prompt_tokens_details", {{"cached_tokens", usage.cachedTokens}}}};
}

std::string_view finishText(FinishReason reason) {
    return reason == FinishReason::Context ? "length" : to_string(reason);
}

Json modelJson(const ResponseHead& head) {
    return {
        {"id", head.model}, {"object", "model"}, {"created", head.created}, {"owned_by", "lares"}};
}

void WholeResponse::add(const AnswerPiece& piece) {
    if (const auto* text = std::get_if<TextDelta>(&piece)) m_text += text->text;
    if (const auto* thinking = std::get_if<ThinkingDelta>(&piece)) m_thinking += thinking->text;
    if (const auto* call = std::get_if<ToolCall>(&piece)) m_calls.push_back(callJson(*call));
}

Json WholeResponse::finish(const ResponseHead& head, const AnswerEnd& end) const {
    if (head.endpoint == Endpoint::Completion) {
        return {{"id", head.id},
                {"object", "text_completion"},
                {"created", head.created},
                {"model", head.model},
                {"choices", Json::array({textChoice(m_text, finishText(end.reason))})},
                {"usage", toJson(end.usage)}};
    }
    // Only an answer of nothing but calls has no content.
    Json message = {{"role", "assistant"},
                    {"content", m_calls.empty() ? Json(m_text) : textOrNull(m_text)},
                    {"refusal", nullptr}};
    if (!m_thinking.empty()) message["reasoning_content"] = m_thinking;
    if (!m_calls.empty()) message["tool_calls"] = m_calls;
    return {{"id", head.id},
            {"object", "chat.completion"},
            {"created", head.created},
            {"model", head.model},
            {"choices", Json::array({{{"index", 0},
                                      {"message", std::move(message)},
                                      {"logprobs", nullptr},
                                      {"finish_reason", finishText(end.reason)}}})},
            {"usage", toJson(end.usage)}};
}

StreamedResponse::StreamedResponse(ResponseHead head, bool wantsUsage)
    : m_head(std::move(head)), m_wantsUsage(wantsUsage) {}

Json StreamedResponse::chunk(Json choices) const {
    Json json = {{"id", m_head.id},
                 {"object", isChat() ? "chat.completion.chunk" : "text_completion"},
                 {"created", m_head.created},
                 {"model", m_head.model},
                 {"choices", std::move(choices)}};
    if (m_wantsUsage) json["usage"] = nullptr;
    return json;
}

std::string StreamedResponse::deltaEvent(Json delta, Json finishReason) const {
    return event(chunk(Json::array({{{"index", 0},
                                     {"delta", std::move(delta)},
                                     {"logprobs", nullptr},
                                     {"finish_reason", std::move(finishReason)}}})));
}

std::string StreamedResponse::textEvent(const std::string& text, Json finishReason) const {
    if (isChat()) return deltaEvent({{"content", text}}, std::move(finishReason));
    return event(chunk(Json::array({textChoice(text, std::move(finishReason))})));
}

std::string StreamedResponse::endEvents(const AnswerEnd& end) const {
    std::string events = isChat() ? deltaEvent(Json::object(), finishText(end.reason))
                                  : textEvent("", finishText(end.reason));
    if (m_wantsUsage) {
        Json last = chunk(Json::array());
        last["usage"] = toJson(end.usage);
        events += event(last);
    }
    return events + "data: [DONE]\n\n";
}

std::string StreamedResponse::events(const AnswerPiece& piece) {
    std::string events;
    if (!std::exchange(m_hasBegun, true) && isChat())
        events += deltaEvent({{"role", "assistant"}, {"content", ""}});
    if (const auto* text = std::get_if<TextDelta>(&piece)) {
        events += textEvent(text->text);
    } else if (const auto* thinking = std::get_if<ThinkingDelta>(&piece)) {
        events += deltaEvent({{"reasoning_content", thinking->text}});
    } else if (const auto* call = std::get_if<ToolCall>(&piece)) {
        Json indexed = {{"index", m_nCalls++}};
        indexed.update(callJson(*call));
        events += deltaEvent({{"tool_calls", Json::array({std::move(indexed)})}});
    } else if (const auto* end = std::get_if<AnswerEnd>(&piece)) {
        events += endEvents(*end);
    } else if (const auto* error = std::get_if<ApiError>(&piece)) {
        events += event(toJson(*error)) + "data: [DONE]\n\n";
    }
    return events;
}

}  // namespace lares::cli
