#include "engine/chat/message.h"

#include "engine/chat/bounded_json.h"

#include <array>
#include <string_view>
#include <utility>

namespace lares {
namespace {

constexpr std::size_t kMaxMessages = 100'000;
constexpr std::size_t kMaxTools = 1'000;
constexpr std::size_t kMaxCallsPerMessage = 1'000;

Error too_many(std::string_view what, std::size_t limit) {
    return invalid_argument("more than " + std::to_string(limit) + " " + std::string(what));
}

// The member, or null when it is missing or `json` is no object: JSON null and absence read alike.
const Json& member_or_null(const Json& json, std::string_view name) {
    static const Json kNull;
    const auto found = json.is_object() ? json.find(name) : json.end();
    return found == json.end() ? kNull : *found;
}

Result<std::optional<std::string>> optional_text(const Json& json, std::string_view name) {
    const Json& value = member_or_null(json, name);
    if (value.is_null()) return std::optional<std::string>();
    if (!value.is_string())
        return invalid_argument(std::string(name) + " is neither a string nor null");
    return std::optional(value.get_ref<const std::string&>());
}

Result<std::string> required_text(const Json& json, std::string_view name) {
    const Json& value = member_or_null(json, name);
    if (!value.is_string())
        return invalid_argument(std::string(name) + " is missing or not a string");
    return value.get_ref<const std::string&>();
}

// Missing arguments are none.
Result<Json> arguments_from_json(const Json& function) {
    if (!function.contains("arguments")) return Json::object();
    const Json& arguments = function["arguments"];
    if (!arguments.is_object() && !arguments.is_string()) {
        return invalid_argument("arguments are neither an object nor a string");
    }
    return arguments;
}

// OpenAI's {"type":"function","function":{…}} or the bare {"name":…,"arguments":…}.
Result<ToolCall> tool_call_from_json(const Json& json) {
    if (!json.is_object()) return invalid_argument("not an object");
    const Json& function = json.contains("function") ? json["function"] : json;
    if (!function.is_object()) return invalid_argument("function is not an object");
    ToolCall call;
    ASSIGN_OR_RETURN(call.name, required_text(function, "name"));
    ASSIGN_OR_RETURN(call.arguments, arguments_from_json(function));
    return call;
}

Result<std::vector<ToolCall>> tool_calls_from_json(const Json& json) {
    const Json& list = member_or_null(json, "tool_calls");
    if (list.is_null()) return std::vector<ToolCall>();
    if (!list.is_array()) return invalid_argument("tool_calls are neither a list nor null");
    if (list.size() > kMaxCallsPerMessage) return too_many("tool calls", kMaxCallsPerMessage);
    std::vector<ToolCall> calls;
    for (const Json& item : list) {
        auto call = tool_call_from_json(item);
        if (!call)
            return std::move(call).error().with_context("tool call " +
                                                        std::to_string(calls.size()));
        calls.push_back(std::move(*call));
    }
    return calls;
}

Result<Message> message_from_json(const Json& json) {
    if (!json.is_object()) return invalid_argument("not an object");
    Message message;
    ASSIGN_OR_RETURN(message.role, required_text(json, "role"));
    ASSIGN_OR_RETURN(auto content, optional_text(json, "content"));
    message.content = std::move(content).value_or("");
    ASSIGN_OR_RETURN(message.reasoning, optional_text(json, "reasoning_content"));
    ASSIGN_OR_RETURN(message.tool_calls, tool_calls_from_json(json));
    return message;
}

Result<std::vector<Message>> messages_from_json(const Json& json) {
    const Json& list = member_or_null(json, "messages");
    if (!list.is_array()) return invalid_argument("messages are missing or not a list");
    if (list.size() > kMaxMessages) return too_many("messages", kMaxMessages);
    std::vector<Message> messages;
    for (const Json& item : list) {
        auto message = message_from_json(item);
        if (!message) {
            return std::move(message).error().with_context("message " +
                                                           std::to_string(messages.size()));
        }
        messages.push_back(std::move(*message));
    }
    return messages;
}

Result<std::vector<Json>> tools_from_json(const Json& json) {
    const Json& list = member_or_null(json, "tools");
    if (list.is_null()) return std::vector<Json>();
    if (!list.is_array()) return invalid_argument("tools are neither a list nor null");
    if (list.size() > kMaxTools) return too_many("tools", kMaxTools);
    return std::vector<Json>(list.begin(), list.end());
}

// A field of PromptOptions and the name of its template variable.
struct Variable {
    std::string_view name;
    bool PromptOptions::*field;
};
constexpr std::array kVariables = {
    Variable{"add_generation_prompt", &PromptOptions::add_generation_prompt},
    Variable{"enable_thinking", &PromptOptions::enable_thinking},
    Variable{"truncate_history_thinking", &PromptOptions::truncate_history_thinking},
    Variable{"continue_final_message", &PromptOptions::continue_final_message},
};

Result<void> set_variable(PromptOptions& options, std::string_view name, const Json& value) {
    for (const Variable& variable : kVariables) {
        if (variable.name != name) continue;
        if (!value.is_boolean())
            return invalid_argument(std::string(name) + " is neither true nor false");
        options.*variable.field = value.get<bool>();
        return {};
    }
    return invalid_argument("unknown template variable '" + std::string(name) + "'");
}

}  // namespace

Result<Conversation> conversation_from_json(const Json& json) {
    RETURN_IF_ERROR(check_json_bounds(json));
    Conversation conversation;
    ASSIGN_OR_RETURN(conversation.messages, messages_from_json(json));
    ASSIGN_OR_RETURN(conversation.tools, tools_from_json(json));
    return conversation;
}

Result<PromptOptions> prompt_options_from_json(const Json& kwargs) {
    if (!kwargs.is_object()) return invalid_argument("template variables are not an object");
    PromptOptions options;
    for (const auto& [name, value] : kwargs.get_ref<const Json::object_t&>()) {
        RETURN_IF_ERROR(set_variable(options, name, value));
    }
    return options;
}

Json to_json(const ToolCall& call) {
    return {{"name", call.name}, {"arguments", call.arguments}};
}

}  // namespace lares
