#include "app/cli/serve/openai_request.h"

#include "app/cli/serve/request_fields.h"
#include "app/cli/serve/request_messages.h"
#include "engine/chat/bounded_json.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <utility>

namespace lares::cli {
namespace {

constexpr std::int64_t kMostTokens = 1 << 20;
constexpr std::size_t kMaxStops = 4;
constexpr std::size_t kMaxStopBytes = 1024;

void readSampling(RequestFields& fields, SamplingParams& sampling) {
    const auto set = [&](float& field, std::string_view name, double min, double max) {
        if (const auto value = fields.number(name, min, max)) field = static_cast<float>(*value);
    };
    set(sampling.temperature, "temperature", 0, 10);
    set(sampling.top_p, "top_p", 0, 1);
    set(sampling.min_p, "min_p", 0, 1);
    set(sampling.presence_penalty, "presence_penalty", 0, 10);
    set(sampling.frequency_penalty, "frequency_penalty", 0, 10);
    set(sampling.repeat_penalty, "repetition_penalty", 0.01, 10);
    // -1 is off for other servers' clients.
    if (const auto k = fields.integer("top_k", -1, std::numeric_limits<int>::max()))
        sampling.top_k = static_cast<int>(std::max<std::int64_t>(*k, 0));
    using Limits = std::numeric_limits<std::int64_t>;
    const auto seed = fields.integer("seed", Limits::min(), Limits::max());
    sampling.seed = seed ? static_cast<std::uint64_t>(*seed) : std::random_device{}();
}

std::vector<std::string> readStops(RequestFields& fields) {
    const Json* value = fields.anyOrNull("stop");
    if (!value) return {};
    const Json list = value->is_array() ? *value : Json::array({*value});
    if (list.size() > kMaxStops) fields.refuse("stop", "may hold at most 4 strings");
    std::vector<std::string> stops;
    for (const Json& stop : list) {
        if (!stop.is_string()) {
            fields.refuse("stop", "must be a string or a list of strings", "invalid_type");
            break;
        }
        stops.push_back(stop.get<std::string>());
        if (stops.back().empty()) fields.refuse("stop", "may not hold an empty string");
        if (stops.back().size() > kMaxStopBytes) fields.refuse("stop", "holds a too long string");
    }
    return stops;
}

void readThinking(RequestFields& fields, std::optional<ApiError>& problem, PromptOptions& prompt) {
    constexpr std::array<std::string_view, 6> kEfforts = {"none",   "minimal", "low",
                                                          "medium", "high",    "xhigh"};
    if (const auto effort = fields.text("reasoning_effort")) {
        if (std::find(kEfforts.begin(), kEfforts.end(), *effort) == kEfforts.end())
            fields.refuse("reasoning_effort", "must be none, minimal, low, medium, high or xhigh");
        prompt.enable_thinking = *effort != "none" && *effort != "minimal";
    }
    if (const Json* kwargs = fields.objectOrNull("chat_template_kwargs")) {
        RequestFields variables(*kwargs, problem, "chat_template_kwargs.");
        if (const auto enabled = variables.flag("enable_thinking"))
            prompt.enable_thinking = *enabled;
    }
}

/// {"type":"function","function":{"name":…}}
std::optional<std::string> namedFunction(const Json& choice) {
    if (!choice.is_object() || choice.value("type", Json()) != "function") return std::nullopt;
    const auto function = choice.find("function");
    if (function == choice.end() || !function->is_object()) return std::nullopt;
    const auto name = function->find("name");
    if (name == function->end() || !name->is_string()) return std::nullopt;
    return name->get<std::string>();
}

void readTools(RequestFields& fields,
               std::optional<ApiError>& problem,
               GenerationRequest& generation) {
    Conversation& to = generation.conversation;
    if (const Json* tools = fields.listOrNull("tools")) to.tools = readTools(*tools, problem);
    const Json* choice = fields.anyOrNull("tool_choice");
    if (!choice || *choice == Json("auto")) return;
    if (*choice == Json("none")) {
        to.tools.clear();
    } else if (*choice == Json("required")) {
        generation.form.kind = AnswerForm::Kind::Call;
    } else if (const auto name = namedFunction(*choice)) {
        generation.form.kind = AnswerForm::Kind::Call;
        generation.form.function = *name;
    } else {
        fields.refuse("tool_choice", "must be 'auto', 'none', 'required' or name a function");
    }
    if (generation.form.kind == AnswerForm::Kind::Call && to.tools.empty())
        fields.refuse("tool_choice", "asks for a call, and there are no tools");
}

/// The engine says what of a schema it cannot hold an answer to.
void readFormat(RequestFields& fields, GenerationRequest& generation) {
    const Json* format = fields.objectOrNull("response_format");
    if (!format) return;
    const Json type = format->value("type", Json());
    if (type == Json("text")) return;
    AnswerForm form{AnswerForm::Kind::JsonValue, Json::object(), {}};
    if (type == Json("json_object")) {
        form.schema["type"] = "object";
    } else if (type == Json("json_schema")) {
        const auto wrapper = format->find("json_schema");
        const bool hasSchema = wrapper != format->end() && wrapper->is_object() &&
                               wrapper->contains("schema") && wrapper->at("schema").is_object();
        if (!hasSchema) return fields.refuse("response_format", "needs json_schema.schema");
        form.schema = wrapper->at("schema");
    } else {
        return fields.refuse("response_format", "must be of type text, json_object or json_schema");
    }
    if (generation.form.kind == AnswerForm::Kind::Call)
        return fields.refuse("response_format", "cannot be asked for beside a call of a tool");
    generation.form = std::move(form);
}

void refuseSeveral(RequestFields& fields, std::string_view name) {
    if (fields.integer(name, 1, 128).value_or(1) != 1)
        fields.refuse(name, "must be 1: Lares gives one answer a request", "unsupported_value");
}

void refuseBias(RequestFields& fields) {
    if (const Json* bias = fields.objectOrNull("logit_bias"); bias && !bias->empty())
        fields.refuse("logit_bias", "is not supported", "unsupported_value");
}

/// What would change the answer's form in a way that Lares does not offer.
void refuseUnsupported(RequestFields& fields) {
    refuseSeveral(fields, "n");
    if (fields.flag("logprobs").value_or(false))
        fields.refuse("logprobs", "is not supported", "unsupported_value");
    refuseBias(fields);
}

/// The text that goes on: a string, or a list that holds one.
std::string readPrompt(RequestFields& fields) {
    const Json* value = fields.anyOrNull("prompt");
    if (!value) {
        fields.refuse("prompt", "is missing", "missing_field");
        return {};
    }
    if (value->is_array() && value->size() == 1 && value->front().is_string())
        value = &value->front();
    if (!value->is_string()) {
        fields.refuse("prompt", "must be one text: Lares takes no tokens, and one prompt a request",
                      "unsupported_value");
        return {};
    }
    if (value->get_ref<const std::string&>().empty()) fields.refuse("prompt", "is empty");
    return value->get<std::string>();
}

/// What would make another answer of a text that goes on.
void refuseUnsupportedInCompletion(RequestFields& fields) {
    refuseSeveral(fields, "n");
    refuseSeveral(fields, "best_of");
    if (fields.integer("logprobs", 0, 128))
        fields.refuse("logprobs", "is not supported", "unsupported_value");
    if (!fields.text("suffix").value_or("").empty())
        fields.refuse("suffix", "is not supported: these models do not fill in",
                      "unsupported_value");
    refuseBias(fields);
}

int tokenLimit(std::int64_t most) {
    return static_cast<int>(std::min(most, kMostTokens));
}

void readStreaming(RequestFields& fields,
                   std::optional<ApiError>& problem,
                   AnswerRequest& request) {
    request.isStream = fields.flag("stream").value_or(false);
    if (const Json* options = fields.objectOrNull("stream_options")) {
        RequestFields streaming(*options, problem, "stream_options.");
        request.wantsUsage = streaming.flag("include_usage").value_or(false);
    }
}

constexpr std::int64_t kAnyNumber = std::numeric_limits<std::int64_t>::max();

/// The body as an object whose fields `read` takes.
template <class Read>
ParsedRequest parsed(std::string_view body, const Read& read) {
    const Result<Json> json = parse_bounded_json(body);
    if (!json)
        return ApiError{400, "the body is no JSON that can be read: " + json.error().message,
                        "invalid_request_error", "", "invalid_json"};
    if (!json->is_object())
        return ApiError{400, "the body must be a JSON object", "invalid_request_error", "",
                        "invalid_type"};
    std::optional<ApiError> problem;
    RequestFields fields(*json, problem);
    AnswerRequest request;
    request.model = fields.text("model").value_or("");
    readSampling(fields, request.generation.sampling);
    request.stops = readStops(fields);
    readStreaming(fields, problem, request);
    read(fields, problem, request);
    if (problem) return *problem;
    return request;
}

}  // namespace

ParsedRequest parseChatRequest(std::string_view body, const AnswerDefaults& defaults) {
    return parsed(
        body, [&](RequestFields& fields, std::optional<ApiError>& problem, AnswerRequest& request) {
            GenerationRequest& generation = request.generation;
            if (const Json* messages = fields.listOrNull("messages")) {
                generation.conversation.messages = readMessages(*messages, problem);
                if (messages->empty()) fields.refuse("messages", "is empty");
            } else {
                fields.refuse("messages", "is missing", "missing_field");
            }
            readTools(fields, problem, generation);
            readFormat(fields, generation);
            generation.prompt.enable_thinking = defaults.isThinking;
            readThinking(fields, problem, generation.prompt);
            const auto older = fields.integer("max_tokens", 1, kAnyNumber);
            const auto limit = fields.integer("max_completion_tokens", 1, kAnyNumber);
            generation.max_tokens = tokenLimit(limit ? *limit : older.value_or(defaults.maxTokens));
            refuseUnsupported(fields);
        });
}

ParsedRequest parseCompletionRequest(std::string_view body, const AnswerDefaults& defaults) {
    return parsed(
        body, [&](RequestFields& fields, std::optional<ApiError>&, AnswerRequest& request) {
            request.endpoint = Endpoint::Completion;
            request.generation.raw_prompt = readPrompt(fields);
            request.wantsEcho = fields.flag("echo").value_or(false);
            request.generation.max_tokens = tokenLimit(
                fields.integer("max_tokens", 1, kAnyNumber).value_or(defaults.completionTokens));
            refuseUnsupportedInCompletion(fields);
        });
}

}  // namespace lares::cli
