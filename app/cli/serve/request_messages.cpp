#include "app/cli/serve/request_messages.h"

#include "app/cli/serve/request_fields.h"
#include "engine/chat/bounded_json.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace lares::cli {
namespace {

constexpr std::size_t kMaxMessages = 10'000;
constexpr std::size_t kMaxTools = 128;
constexpr std::size_t kMaxCalls = 1'000;  // of one message

std::string at(std::string_view list, std::size_t index) {
    return std::string(list) + "[" + std::to_string(index) + "]";
}

/// A text, or a list of text parts, which belong together without a separator.
std::string readContent(RequestFields& fields) {
    const Json* content = fields.anyOrNull("content");
    if (!content) return {};
    if (content->is_string()) return content->get<std::string>();
    std::string text;
    if (!content->is_array()) {
        fields.refuse("content", "must be a string or a list of text parts", "invalid_type");
        return text;
    }
    for (const Json& part : *content) {
        const bool isText = part.is_object() && part.value("type", Json()) == Json("text");
        if (!isText) {
            fields.refuse("content", "may hold only text parts: this model reads text alone",
                          "unsupported_content");
            return text;
        }
        if (!part.contains("text") || !part["text"].is_string()) {
            fields.refuse("content", "has a text part without a text", "invalid_type");
            return text;
        }
        text += part["text"].get_ref<const std::string&>();
    }
    return text;
}

/// A call's arguments, which the API has as JSON in a string.
Json readArguments(RequestFields& function) {
    const Json* given = function.anyOrNull("arguments");
    if (!given) return Json::object();
    if (given->is_object()) return *given;
    const auto text = function.text("arguments");
    if (!text || text->empty()) return Json::object();
    Result<Json> arguments = parse_bounded_json(*text);
    if (arguments && arguments->is_object()) return std::move(*arguments);
    function.refuse("arguments", "must be a JSON object in a string");
    return Json::object();
}

/// An assistant's calls; their ids, in the same order, go behind `ids`.
std::vector<ToolCall> readCalls(const Json& list,
                                const std::string& path,
                                std::optional<ApiError>& problem,
                                std::vector<std::string>& ids) {
    std::vector<ToolCall> calls;
    for (std::size_t i = 0; i < list.size() && !problem; ++i) {
        const std::string place = path + at("tool_calls", i);
        if (!list[i].is_object()) {
            RequestFields(list, problem).refuse(place, "must be an object", "invalid_type");
            break;
        }
        RequestFields call(list[i], problem, place + ".");
        if (call.text("type").value_or("function") != "function")
            call.refuse("type", "must be 'function'");
        const auto id = call.text("id");
        if (!id) call.refuse("id", "is missing");
        const Json* function = call.objectOrNull("function");
        if (!function) {
            call.refuse("function", "is missing");
            break;
        }
        RequestFields fields(*function, problem, place + ".function.");
        const auto name = fields.text("name");
        if (!name || name->empty()) fields.refuse("name", "is missing");
        Json arguments = readArguments(fields);
        if (problem) break;
        ids.push_back(*id);
        calls.push_back({*name, std::move(arguments)});
    }
    return calls;
}

/// Reads one message after the other. No prompt format prints the ids of calls: the model tells
/// results apart by their order alone, so they are brought into the order of the calls.
class MessageReader {
public:
    explicit MessageReader(std::optional<ApiError>& problem) : m_problem(problem) {}

    void read(const Json& json, const std::string& path) {
        RequestFields fields(json, m_problem, path + ".");
        Message message;
        message.role = readRole(fields);
        message.content = readContent(fields);
        if (m_problem) return;
        if (message.role == "tool") {
            addResult(fields, std::move(message));
            return;
        }
        finishResults();
        if (message.role == "assistant") {
            message.reasoning = fields.text("reasoning_content");
            m_ids.clear();
            if (const Json* calls = fields.listOrNull("tool_calls")) {
                if (calls->size() > kMaxCalls) fields.refuse("tool_calls", "has too many calls");
                if (!m_problem)
                    message.tool_calls = readCalls(*calls, path + ".", m_problem, m_ids);
            }
        } else if (!fields.anyOrNull("content")) {
            fields.refuse("content", "is missing", "missing_field");
        }
        m_messages.push_back(std::move(message));
    }

    std::vector<Message> take() {
        finishResults();
        return std::move(m_messages);
    }

private:
    static std::string readRole(RequestFields& fields) {
        constexpr std::array<std::string_view, 4> kRoles = {"system", "user", "assistant", "tool"};
        auto role = fields.text("role");
        if (!role) {
            fields.refuse("role", "is missing", "missing_field");
        } else if (*role == "developer") {
            return "system";
        } else if (std::find(kRoles.begin(), kRoles.end(), *role) == kRoles.end()) {
            fields.refuse("role", "must be system, developer, user, assistant or tool");
        }
        return role.value_or("");
    }

    void addResult(RequestFields& fields, Message message) {
        const auto id = fields.text("tool_call_id");
        const auto found = id ? std::find(m_ids.begin(), m_ids.end(), *id) : m_ids.end();
        if (found == m_ids.end()) {
            fields.refuse("tool_call_id",
                          "must be the id of a call of the assistant message before");
            return;
        }
        m_results.emplace_back(found - m_ids.begin(), std::move(message));
    }

    void finishResults() {
        std::stable_sort(m_results.begin(), m_results.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        for (auto& [index, message] : m_results) m_messages.push_back(std::move(message));
        m_results.clear();
    }

    std::optional<ApiError>& m_problem;
    std::vector<Message> m_messages;
    std::vector<std::string> m_ids;  // of the calls that may get results now
    std::vector<std::pair<std::ptrdiff_t, Message>> m_results;
};

Json readTool(const Json& json, const std::string& path, std::optional<ApiError>& problem) {
    RequestFields tool(json, problem, path + ".");
    if (tool.text("type") != "function") tool.refuse("type", "must be 'function'");
    const Json* function = tool.objectOrNull("function");
    if (!function) {
        tool.refuse("function", "is missing", "missing_field");
        return {};
    }
    RequestFields fields(*function, problem, path + ".function.");
    const auto name = fields.text("name");
    if (!name || name->empty()) fields.refuse("name", "is missing", "missing_field");
    Json known = {{"name", name.value_or("")}};
    if (const auto description = fields.text("description")) known["description"] = *description;
    if (const Json* parameters = fields.objectOrNull("parameters"))
        known["parameters"] = *parameters;
    return {{"type", "function"}, {"function", std::move(known)}};
}

/// Whether all of a list are objects, not too many.
bool areObjects(const Json& list,
                std::string_view name,
                std::size_t most,
                std::optional<ApiError>& problem) {
    RequestFields fields(list, problem);
    if (list.size() > most)
        fields.refuse(name, "has more than " + std::to_string(most) + " entries");
    for (std::size_t i = 0; i < list.size() && !problem; ++i) {
        if (!list[i].is_object()) fields.refuse(at(name, i), "must be an object", "invalid_type");
    }
    return !problem;
}

}  // namespace

std::vector<Message> readMessages(const Json& list, std::optional<ApiError>& problem) {
    if (!areObjects(list, "messages", kMaxMessages, problem)) return {};
    MessageReader reader(problem);
    for (std::size_t i = 0; i < list.size() && !problem; ++i)
        reader.read(list[i], at("messages", i));
    return reader.take();
}

std::vector<Json> readTools(const Json& list, std::optional<ApiError>& problem) {
    if (!areObjects(list, "tools", kMaxTools, problem)) return {};
    std::vector<Json> tools;
    for (std::size_t i = 0; i < list.size() && !problem; ++i)
        tools.push_back(readTool(list[i], at("tools", i), problem));
    return tools;
}

}  // namespace lares::cli
