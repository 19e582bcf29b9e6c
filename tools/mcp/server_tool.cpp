#include "tools/mcp/server_tool.h"

#include "engine/base/json_field.h"
#include "engine/base/utf8.h"
#include "tools/journal/sha256.h"
#include "tools/mcp/server_answer.h"
#include "tools/sandbox/display_text.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

namespace lares {
namespace {

constexpr std::size_t kMaxTools = 64;
constexpr std::size_t kMaxToolName = 64;  // of the whole name: what the OpenAI form allows
constexpr std::size_t kMaxDefinition = 16'384;
constexpr std::size_t kMaxTitle = 100;
constexpr std::size_t kMaxShownName = 64;
constexpr std::size_t kMaxArguments = 16'000;  // as a command: a question shows all of it

bool is_tool_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
}

/// Why a tool is left out; nothing where it can be offered.
std::optional<std::string> problem_of(const Json& tool, const std::string& whole_name) {
    if (!tool.is_object()) return "it is no object";
    if (!is_tool_name(text_field(&tool, "name")))
        return "its name has other characters than letters, digits, _ and -";
    if (whole_name.size() > kMaxToolName) return "its name is too long";
    if (json_text(tool).size() > kMaxDefinition) return "its description is longer than 16 kB";
    const auto schema = tool.find("inputSchema");
    if (schema == tool.end() || !schema->is_object()) return "it has no inputSchema";
    const auto properties = schema->find("properties");
    if (text_field(&*schema, "type") != "object" ||
        (properties != schema->end() && !properties->is_object()))
        return "its arguments are no object";
    return std::nullopt;
}

Json prompt_form(const Json& tool, const std::string& whole_name) {
    Json schema = tool["inputSchema"];
    schema.erase("$schema");
    if (!schema.contains("properties")) schema["properties"] = Json::object();
    return {{"type", "function"},
            {"function",
             {{"name", whole_name},
              {"description", without_control_characters(text_field(&tool, "description"))},
              {"parameters", std::move(schema)}}}};
}

/// The same for the same definitions, whichever order the server gives them in.
std::string digest_of(const std::vector<std::shared_ptr<ServerTool>>& tools) {
    std::vector<std::string> texts;
    texts.reserve(tools.size());
    for (const auto& tool : tools) texts.push_back(canonical_json(tool->definition.json));
    std::sort(texts.begin(), texts.end());
    std::string all;
    for (const std::string& text : texts) all += text + "\n";
    return sha256_hex(all);
}

bool is_of_type(const Json& value, std::string_view type) {
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "integer")
        return value.is_number_integer() ||
               (value.is_number_float() && std::floor(value.get<double>()) == value.get<double>());
    if (type == "number") return value.is_number();
    if (type == "array") return value.is_array();
    if (type == "object") return value.is_object();
    if (type == "null") return value.is_null();
    return true;  // a type that we do not know is the server's to check
}

/// By "type" alone, a text or a list of them.
bool keeps_type(const Json& schema, const Json& value) {
    const auto type = schema.is_object() ? schema.find("type") : schema.end();
    if (!schema.is_object() || type == schema.end()) return true;
    if (type->is_string()) return is_of_type(value, type->get_ref<const std::string&>());
    if (!type->is_array()) return true;
    return std::any_of(type->begin(), type->end(), [&](const Json& one) {
        return one.is_string() && is_of_type(value, one.get_ref<const std::string&>());
    });
}

bool is_text(const std::string& text) {
    for (std::size_t i = 0; i < text.size();) {
        const Utf8Unit unit = decode_utf8(text, i);
        if (unit.kind != Utf8Unit::Kind::Valid || unit.code_point == 0) return false;
        i += unit.size;
    }
    return true;
}

/// Every text in it, keys too.
bool has_valid_texts(const Json& value) {
    std::vector<const Json*> pending = {&value};
    while (!pending.empty()) {
        const Json& one = *pending.back();
        pending.pop_back();
        if (one.is_string() && !is_text(one.get_ref<const std::string&>())) return false;
        if (one.is_object()) {
            for (const auto& [key, child] : one.items())
                if (!is_text(key)) return false;
        }
        if (one.is_structured())
            for (const Json& child : one) pending.push_back(&child);
    }
    return true;
}

std::string shown(std::string_view name) {
    return display_text(name.substr(0, kMaxShownName));
}

}  // namespace

Result<ServerTools> read_server_tools(const std::string& server, const Json& list) {
    if (!list.is_array()) return invalid_argument("its tools are no list");
    ServerTools read;
    std::vector<std::shared_ptr<ServerTool>> tools;
    for (const Json& one : list) {
        const std::string own_name = text_field(&one, "name");
        const std::string whole_name = server + "__" + own_name;
        std::optional<std::string> problem = problem_of(one, whole_name);
        const bool is_twice = std::any_of(tools.begin(), tools.end(), [&](const auto& tool) {
            return tool->own_name == own_name;
        });
        if (!problem && is_twice) problem = "there are two of this name";
        if (!problem && tools.size() == kMaxTools) problem = "a server can offer 64 tools at most";
        if (problem) {
            if (read.left_out.size() < kMaxTools)
                read.left_out.push_back((own_name.empty() ? "(no name)" : shown(own_name)) + ": " +
                                        *problem);
            continue;
        }
        auto tool = std::make_shared<ServerTool>();
        tool->server = server;
        tool->own_name = own_name;
        tool->title = text_field(&one, "title").substr(0, kMaxTitle);
        tool->definition.name = whole_name;
        tool->definition.effect = ToolEffect::UseServer;
        tool->definition.json = prompt_form(one, whole_name);
        tool->definition.description = tool->definition.json["function"]["description"];
        tools.push_back(std::move(tool));
    }
    read.sha256 = digest_of(tools);
    for (auto& tool : tools) {
        tool->definitions_sha256 = read.sha256;
        read.tools.push_back(std::move(tool));
    }
    return read;
}

std::optional<ArgumentProblem> check_server_arguments(const ServerTool& tool,
                                                      const Json& arguments) {
    if (!arguments.is_object())
        return ArgumentProblem{ArgumentFault::NotAnObject, "arguments are not an object"};
    if (!has_valid_texts(arguments))
        return ArgumentProblem{ArgumentFault::NotUtf8, "argument is no text"};
    if (json_text(arguments).size() > kMaxArguments)
        return ArgumentProblem{ArgumentFault::TooLong, "arguments too long (16,000 bytes at most)"};
    const Json& schema = tool.definition.json["function"]["parameters"];
    const Json& properties = schema["properties"];
    const auto additional = schema.find("additionalProperties");
    const bool takes_others =
        additional != schema.end() && !(additional->is_boolean() && !additional->get<bool>());
    for (const auto& [name, value] : arguments.items()) {
        const auto property = properties.find(name);
        if (property == properties.end()) {
            if (takes_others) continue;
            return ArgumentProblem{ArgumentFault::Unknown, "unknown argument: " + shown(name)};
        }
        if (!keeps_type(*property, value))
            return ArgumentProblem{ArgumentFault::WrongType,
                                   "argument is not of its type: " + shown(name)};
    }
    const auto required = schema.find("required");
    if (required == schema.end() || !required->is_array()) return std::nullopt;
    for (const Json& name : *required) {
        if (name.is_string() && !arguments.contains(name.get_ref<const std::string&>()))
            return ArgumentProblem{ArgumentFault::Missing,
                                   "missing argument: " + shown(name.get<std::string>())};
    }
    return std::nullopt;
}

}  // namespace lares
