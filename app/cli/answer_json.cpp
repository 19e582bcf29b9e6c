#include "app/cli/answer_json.h"

namespace lares::cli {

Json toJson(const GenerationStats& stats) {
    return {{"prompt_tokens", stats.prompt_tokens},
            {"cached_tokens", stats.cached_tokens},
            {"generated_tokens", stats.generated_tokens},
            {"drafted_tokens", stats.drafted_tokens},
            {"accepted_tokens", stats.accepted_tokens},
            {"prompt_tps", stats.prompt_tps},
            {"decode_tps", stats.decode_tps},
            {"first_token_ms", stats.first_token_ms}};
}

Json toJson(const Generation& answer) {
    Json calls = Json::array();
    for (const ToolCall& call : answer.tool_calls) {
        calls.push_back({{"name", call.name}, {"arguments", call.arguments}});
    }
    Json json = {{"text", answer.text},
                 {"thinking", answer.thinking},
                 {"tool_calls", std::move(calls)},
                 {"stats", toJson(answer.stats)},
                 {"finish_reason", to_string(answer.finish_reason)}};
    for (const MalformedToolCall& call : answer.malformed_calls) {
        json["malformed_calls"].push_back({{"raw", call.raw}, {"error", call.error.message}});
    }
    return json;
}

Json toJson(const TurnAnswer& answer) {
    Json json = toJson(answer.generation);
    Json calls = Json::array();
    for (const ToolCallRecord& record : answer.calls) {
        calls.push_back({{"name", record.call.name},
                         {"arguments", record.call.arguments},
                         {"result", record.outcome.result}});
        if (!record.outcome.changes.empty()) calls.back()["changes"] = record.outcome.changes;
    }
    json["tool_calls"] = std::move(calls);
    return json;
}

}  // namespace lares::cli
