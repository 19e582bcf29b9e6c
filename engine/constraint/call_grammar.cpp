#include "engine/constraint/call_grammar.h"

#include "engine/base/json_field.h"
#include "engine/chat/call_reader.h"
#include "engine/chat/call_tags.h"
#include "engine/constraint/json_grammar.h"
#include "engine/constraint/parameter_text.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace lares {
namespace {

using NodeId = Grammar::NodeId;
using RuleId = Grammar::RuleId;

/// Up to so many parameters come in any order: a node for each set of them that was written.
constexpr std::size_t kMostInAnyOrder = 5;

struct Parameter {
    std::string name;
    const Json* schema = nullptr;
    bool is_required = false;
};

struct Tool {
    std::string name;
    const Json* schema = nullptr;  ///< of all parameters; null where there is none
    std::vector<Parameter> parameters;
};

std::optional<Tool> read_tool(const Json& json) {
    const Json* wrapped = field_or_null(&json, "function");
    const Json* definition = wrapped ? wrapped : &json;
    const Json* name = field_or_null(definition, "name");
    if (!name || !name->is_string() || !is_call_name(name->get_ref<const std::string&>()))
        return std::nullopt;
    Tool tool{name->get<std::string>(), field_or_null(definition, "parameters"), {}};
    const Json* required = field_or_null(tool.schema, "required");
    if (const Json* properties = field_or_null(tool.schema, "properties");
        properties && properties->is_object()) {
        for (const auto& [key, schema] : properties->items()) {
            if (!is_call_name(key) || key.find('>') != std::string::npos) continue;
            const bool is_required =
                required && required->is_array() &&
                std::find(required->begin(), required->end(), Json(key)) != required->end();
            tool.parameters.push_back({key, &schema, is_required});
        }
    }
    return tool;
}

Result<std::vector<Tool>> read_tools(const std::vector<Json>& list, const std::string& function) {
    std::vector<Tool> tools;
    for (const Json& json : list) {
        auto tool = read_tool(json);
        if (tool && (function.empty() || tool->name == function)) tools.push_back(std::move(*tool));
    }
    if (!tools.empty()) return tools;
    return Error{ErrorCode::InvalidArgument, function.empty()
                                                 ? "there is no tool that could be called"
                                                 : "there is no tool '" + function + "'"};
}

/// Generation A.
class XmlCalls {
public:
    explicit XmlCalls(GrammarBuilder& builder)
        : m_builder(builder)
        , m_json(builder, {JsonGrammar::Space::Inline, kXmlParameterEnd})
        , m_done(builder.end())
        , m_end(builder.literal(std::string("\n") + std::string(kXmlCallEnd), m_done)) {}

    [[nodiscard]] NodeId block(const std::vector<Tool>& tools) {
        std::vector<NodeId> names;
        names.reserve(tools.size());
        for (const Tool& tool : tools)
            names.push_back(m_builder.literal(tool.name + ">\n", behind_name(tool)));
        const NodeId function = m_builder.literal(kXmlFunction, m_builder.either(std::move(names)));
        // What a model writes between the two tags, and has written when it is seen that it calls.
        const ByteSet blank = bytes_in(" \t\r\n");
        return m_builder.repeat([&](NodeId next) { return m_builder.match(blank, next); }, 0, 4,
                                function);
    }

private:
    using Written = std::vector<bool>;  // which parameters were

    [[nodiscard]] NodeId behind_name(const Tool& tool) {
        m_nodes.clear();
        const Written none(tool.parameters.size(), false);
        const NodeId end =
            may_end(tool, none) ? m_builder.literal(kXmlFunctionEnd, m_end) : Grammar::kNever;
        const NodeId key = key_node(tool, none);
        return m_builder.either(
            {end, key == Grammar::kNever ? key : m_builder.literal(kXmlParameter, key)});
    }

    [[nodiscard]] static bool may_end(const Tool& tool, const Written& written) {
        for (std::size_t i = 0; i < written.size(); ++i) {
            if (tool.parameters[i].is_required && !written[i]) return false;
        }
        return true;
    }

    /// Behind "<parameter=". In the tools' order nothing that was passed over comes any more, so
    /// that it counts as written.
    [[nodiscard]] NodeId key_node(const Tool& tool, const Written& written) {
        if (const auto known = m_nodes.find(written); known != m_nodes.end()) return known->second;
        const bool in_order = tool.parameters.size() > kMostInAnyOrder;
        std::vector<NodeId> keys;
        Written passed = written;
        for (std::size_t i = 0; i < written.size(); ++i) {
            if (written[i]) continue;
            const Parameter& parameter = tool.parameters[i];
            Written after = in_order ? passed : written;
            after[i] = true;
            const bool may_stop = may_end(tool, after);
            const NodeId more = key_node(tool, after);
            const RuleId rule = value_rule(parameter, more != Grammar::kNever, may_stop);
            const NodeId value = m_builder.call(rule, more, may_stop ? m_end : Grammar::kNever,
                                                may_stop ? m_done : Grammar::kNever);
            keys.push_back(m_builder.literal(parameter.name + ">\n", value));
            if (in_order && parameter.is_required) break;
            passed[i] = true;
        }
        return m_nodes[written] = m_builder.either(std::move(keys));
    }

    /// From behind the line break that begins a value to what decides how it ends: a further
    /// "<parameter=" (0), "</function>" (1), or the end of the whole call (2).
    [[nodiscard]] RuleId value_rule(const Parameter& parameter, bool may_go_on, bool may_stop) {
        const std::string ways = std::string(may_go_on ? "+" : "-") + (may_stop ? "+" : "-");
        const std::string key = parameter.schema->dump() + ways;
        if (const auto known = m_rules.find(key); known != m_rules.end()) return known->second;
        const RuleId rule = m_builder.new_rule();
        const NodeId tag = m_builder.either(
            {may_go_on ? m_builder.literal(kXmlParameter, m_builder.end(0)) : Grammar::kNever,
             may_stop ? m_builder.literal(kXmlFunctionEnd, m_builder.end(1)) : Grammar::kNever});
        const NodeId start = typed_value(
            *parameter.schema, m_builder.literal("\n" + std::string(kXmlParameterEnd) + "\n", tag));
        if (start == Grammar::kNever) return m_rules[key] = text_rule(ways, may_go_on, may_stop);
        m_builder.begin_rule(rule, start);
        return m_rules[key] = rule;
    }

    [[nodiscard]] RuleId text_rule(const std::string& ways, bool may_go_on, bool may_stop) {
        if (const auto known = m_rules.find(ways); known != m_rules.end()) return known->second;
        const RuleId rule = m_builder.new_rule();
        const auto end_if = [&](bool may, int exit) {
            return may ? m_builder.end(exit) : Grammar::kNever;
        };
        m_builder.begin_rule(rule, parameter_text(m_builder, end_if(may_go_on, 0),
                                                  end_if(may_stop, 1), end_if(may_stop, 2)));
        return m_rules[ways] = rule;
    }

    /// Never where the value is a text, for its reader (argument_types.h), or may be one.
    [[nodiscard]] NodeId typed_value(const Json& schema, NodeId next) {
        const Json* constant = field_or_null(&schema, "const");
        const Json* list = field_or_null(&schema, "enum");
        if (constant || (list && list->is_array())) {
            const Json values = constant ? Json::array({*constant}) : *list;
            const bool has_text =
                std::ranges::any_of(values, [](const Json& value) { return value.is_string(); });
            if (has_text) return given_texts(values, next);
        }
        if (allows_text(schema, 0)) return Grammar::kNever;
        const auto rule = m_json.rule_for(schema);
        return rule ? m_builder.call(*rule, next) : Grammar::kNever;
    }

    [[nodiscard]] static bool allows_text(const Json& schema, int depth) {
        constexpr int kDeep = 4;
        const Json* type = field_or_null(&schema, "type");
        if (type && type->is_array())
            return std::find(type->begin(), type->end(), Json("string")) != type->end();
        if (type) return *type == "string";
        for (const char* key : {"anyOf", "oneOf"}) {
            const Json* choices = field_or_null(&schema, key);
            if (!choices || !choices->is_array() || depth == kDeep) continue;
            return std::ranges::any_of(
                *choices, [&](const Json& choice) { return allows_text(choice, depth + 1); });
        }
        return true;
    }

    /// One of these texts, as they are; never where one is no text of a line.
    [[nodiscard]] NodeId given_texts(const Json& values, NodeId next) {
        std::vector<NodeId> texts;
        for (const Json& value : values) {
            if (!value.is_string()) return Grammar::kNever;
            const auto& text = value.get_ref<const std::string&>();
            if (text.empty() || text.find_first_of("\n<") != std::string::npos)
                return Grammar::kNever;
            texts.push_back(m_builder.literal(text, next));
        }
        return m_builder.either(std::move(texts));
    }

    GrammarBuilder& m_builder;
    JsonGrammar m_json;
    NodeId m_done;
    NodeId m_end;
    std::map<Written, NodeId> m_nodes;  // of the tool at hand
    std::map<std::string, RuleId> m_rules;
};

/// Generation B: a JSON list. `parameters` is what the arguments are, or any object.
NodeId json_calls(GrammarBuilder& builder, const std::vector<Tool>& tools) {
    static const Json kAnyObject = {{"type", "object"}};
    JsonGrammar json(builder, {JsonGrammar::Space::Inline, {}});
    const NodeId behind = builder.reserve();
    std::vector<NodeId> calls;
    for (const Tool& tool : tools) {
        auto arguments = json.rule_for(tool.schema ? *tool.schema : kAnyObject);
        if (!arguments) arguments = json.rule_for(kAnyObject);
        if (!arguments) continue;
        const NodeId value =
            builder.call(*arguments, json.space(builder.literal("}", json.space(behind))));
        const NodeId key =
            builder.literal(",", json.space(builder.literal("\"arguments\":", json.space(value))));
        calls.push_back(builder.literal("{\"name\":",
                                        json.space(builder.literal(Json(tool.name).dump(), key))));
    }
    const NodeId call = builder.either(std::move(calls));
    builder.fill(behind, {builder.literal(",", json.space(call)),
                          builder.literal("]" + std::string(kJsonCallEnd), builder.end())});
    return json.space(builder.literal("[", json.space(call)));
}

}  // namespace

std::string_view call_tag(PromptFormat format) {
    return format == PromptFormat::Nemotron3 ? kXmlCall : kJsonCall;
}

Result<NodeId> add_call(GrammarBuilder& builder,
                        PromptFormat format,
                        const std::vector<Json>& tools,
                        const std::string& function) {
    ASSIGN_OR_RETURN(const std::vector<Tool> callable, read_tools(tools, function));
    return format == PromptFormat::Nemotron3 ? XmlCalls(builder).block(callable)
                                             : json_calls(builder, callable);
}

}  // namespace lares
