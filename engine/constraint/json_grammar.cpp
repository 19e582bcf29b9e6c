#include "engine/constraint/json_grammar.h"

#include "engine/base/json_field.h"
#include "engine/chat/bounded_json.h"
#include "engine/constraint/schema_fields.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace lares {
namespace {

constexpr int kMaxSchemaDepth = kMaxJsonDepth;
constexpr int kMaxIndent = 16;

/// What narrows values and is not taken.
constexpr std::array<std::string_view, 20> kRefused = {"pattern",
                                                       "uniqueItems",
                                                       "multipleOf",
                                                       "not",
                                                       "if",
                                                       "then",
                                                       "else",
                                                       "patternProperties",
                                                       "propertyNames",
                                                       "minProperties",
                                                       "maxProperties",
                                                       "dependentRequired",
                                                       "dependentSchemas",
                                                       "dependencies",
                                                       "contains",
                                                       "minContains",
                                                       "maxContains",
                                                       "unevaluatedItems",
                                                       "$dynamicRef",
                                                       "unevaluatedProperties"};

/// Within the document; null where there is nothing.
const Json* resolve(const Json& root, const std::string& reference) {
    if (!reference.starts_with('#')) return nullptr;
    try {
        const Json::json_pointer pointer(reference.substr(1));
        return root.contains(pointer) ? &root.at(pointer) : nullptr;
    } catch (const Json::exception&) {  // no pointer
        return nullptr;
    }
}

}  // namespace

JsonGrammar::JsonGrammar(GrammarBuilder& builder, Options options)
    : m_builder(builder), m_options(options) {}

Result<JsonGrammar::RuleId> JsonGrammar::rule_for(const Json& schema) {
    m_root = &schema;
    m_references.clear();
    m_unconsumed.clear();
    const RuleId rule = m_builder.new_rule();
    ASSIGN_OR_RETURN(const NodeId start, value({schema, "#", 0}, m_builder.end()));
    m_builder.begin_rule(rule, start);
    return rule;
}

Result<JsonGrammar::NodeId> JsonGrammar::value(const Place& place, NodeId next) {
    const Json& schema = place.schema;
    if (place.depth > kMaxSchemaDepth) return schema_error(place.path, "is nested too deeply");
    if (m_builder.is_too_large()) return schema_error(place.path, "makes the format too large");
    if (schema.is_boolean() && schema.get<bool>()) return any_value(next);
    if (!schema.is_object()) return schema_error(place.path, "is no object");
    for (const std::string_view key : kRefused) {
        if (field_or_null(&schema, key))
            return schema_error(place.path,
                                "has '" + std::string(key) + "', which is not supported");
    }
    if (const Json* null_too = field_or_null(&schema, "nullable"); null_too && *null_too == true) {
        Json without = schema;
        without.erase("nullable");
        ASSIGN_OR_RETURN(const NodeId start, value({without, place.path, place.depth + 1}, next));
        return m_builder.either({start, m_builder.literal("null", next)});
    }
    if (const Json* target = field_or_null(&schema, "$ref")) return reference(place, *target, next);
    if (const Json* constant = field_or_null(&schema, "const"))
        return constants(place, Json::array({*constant}), next);
    if (const Json* list = field_or_null(&schema, "enum")) return constants(place, *list, next);
    for (const char* key : {"anyOf", "oneOf", "allOf"}) {
        if (field_or_null(&schema, key)) return any_of(place, key, next);
    }

    const Json* type = field_or_null(&schema, "type");
    if (type && type->is_array()) {
        std::vector<NodeId> choices;
        for (const Json& name : *type) {
            if (!name.is_string()) return schema_error(place.path, "has a type that is no name");
            ASSIGN_OR_RETURN(choices.emplace_back(),
                             typed(place, name.get_ref<const std::string&>(), next));
        }
        return m_builder.either(std::move(choices));
    }
    if (type && !type->is_string()) return schema_error(place.path, "has a type that is no name");
    if (type) return typed(place, type->get_ref<const std::string&>(), next);
    if (field_or_null(&schema, "properties")) return object(place, next);
    if (field_or_null(&schema, "items") || field_or_null(&schema, "prefixItems"))
        return array(place, next);
    return any_value(next);
}

Result<JsonGrammar::NodeId> JsonGrammar::any_of(const Place& place, const char* key, NodeId next) {
    for (const char* beside : {"properties", "items", "enum", "const", "anyOf", "oneOf", "allOf"}) {
        if (std::string_view(beside) != key && field_or_null(&place.schema, beside))
            return schema_error(place.path, "has '" + std::string(beside) + "' beside '" + key +
                                                "', which is not supported");
    }
    const Json& list = *field_or_null(&place.schema, key);
    if (!list.is_array() || list.empty())
        return schema_error(place.path, "needs a list of schemas as '" + std::string(key) + "'");
    if (std::string_view(key) == "allOf" && list.size() != 1)
        return schema_error(place.path, "has an 'allOf' of more than one, which is not supported");
    std::vector<NodeId> choices;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string path = place.path + "/" + key + "/" + std::to_string(i);
        const auto unconsumed = m_unconsumed;
        ASSIGN_OR_RETURN(choices.emplace_back(), value({list[i], path, place.depth + 1}, next));
        m_unconsumed = unconsumed;
    }
    return m_builder.either(std::move(choices));
}

Result<JsonGrammar::NodeId> JsonGrammar::reference(const Place& place,
                                                   const Json& target,
                                                   NodeId next) {
    const std::string pointer = target.is_string() ? target.get<std::string>() : "";
    const Json* schema = resolve(*m_root, pointer);
    if (!schema)
        return schema_error(place.path, "refers to '" + pointer + "', which is not in the schema");
    // A rule that calls itself without a byte in between has no beginning.
    if (m_unconsumed.contains(pointer))
        return schema_error(place.path, "refers to itself without anything in between");
    auto known = m_references.find(pointer);
    if (known == m_references.end()) {
        known = m_references.emplace(pointer, m_builder.new_rule()).first;
        const RuleId rule = known->second;
        m_unconsumed.insert(pointer);
        ASSIGN_OR_RETURN(const NodeId start,
                         value({*schema, pointer, place.depth + 1}, m_builder.end()));
        m_unconsumed.erase(pointer);
        m_builder.begin_rule(rule, start);
        return m_builder.call(rule, next);
    }
    return m_builder.call(known->second, next);
}

Result<JsonGrammar::NodeId> JsonGrammar::constants(const Place& place,
                                                   const Json& list,
                                                   NodeId next) {
    if (!list.is_array() || list.empty())
        return schema_error(place.path, "needs a list of values as 'enum'");
    std::vector<NodeId> choices;
    for (const Json& value : list) {
        const std::string text = value.dump();
        if (!m_options.forbidden.empty() && text.find(m_options.forbidden) != std::string::npos)
            return schema_error(place.path, "has a value that cannot be written here");
        choices.push_back(m_builder.literal(text, next));
    }
    return m_builder.either(std::move(choices));
}

Result<JsonGrammar::NodeId> JsonGrammar::typed(const Place& place,
                                               std::string_view type,
                                               NodeId next) {
    if (type == "object") return object(place, next);
    if (type == "array") return array(place, next);
    if (type == "string") return string(place, next);
    if (type == "integer") return number(place, true, next);
    if (type == "number") return number(place, false, next);
    if (type == "null") return m_builder.literal("null", next);
    if (type == "boolean")
        return m_builder.either(
            {m_builder.literal("true", next), m_builder.literal("false", next)});
    return schema_error(place.path, "has the type '" + std::string(type) + "', which there is not");
}

JsonGrammar::NodeId JsonGrammar::member(const std::string& key, NodeId value_start) {
    return m_builder.literal(Json(key).dump() + ":", space(value_start));
}

Result<JsonGrammar::NodeId> JsonGrammar::object(const Place& place, NodeId next) {
    const Json* properties = field_or_null(&place.schema, "properties");
    if (!properties || !properties->is_object() || properties->empty())
        return free_object(place, next);
    std::set<std::string> required;
    if (const Json* names = field_or_null(&place.schema, "required"); names && names->is_array()) {
        for (const Json& name : *names) {
            if (!name.is_string() || !properties->contains(name.get<std::string>()))
                return schema_error(place.path, "requires a property that it does not describe");
            required.insert(name.get<std::string>());
        }
    }
    const auto unconsumed = std::exchange(m_unconsumed, {});
    const NodeId close = m_builder.literal("}", next);
    // From the last property to the first: what follows when some were written, and when none was.
    NodeId behind_some = space(close);
    NodeId behind_none = space(close);
    std::vector<std::pair<std::string, const Json*>> members;
    for (const auto& [key, schema] : properties->items()) members.emplace_back(key, &schema);
    for (auto it = members.rbegin(); it != members.rend(); ++it) {
        const auto& [key, schema] = *it;
        const std::string path = place.path + "/properties/" + key;
        ASSIGN_OR_RETURN(const NodeId written,
                         value({*schema, path, place.depth + 1}, behind_some));
        const NodeId one = member(key, written);
        const NodeId after_comma = m_builder.literal(",", space(one));
        const NodeId as_first = space(one);
        const bool is_required = required.contains(key);
        behind_some = is_required ? after_comma : m_builder.either({after_comma, behind_some});
        behind_none = is_required ? as_first : m_builder.either({as_first, behind_none});
    }
    m_unconsumed = unconsumed;
    return m_builder.literal("{", behind_none);
}

/// Any keys, each with a value of additionalProperties.
Result<JsonGrammar::NodeId> JsonGrammar::free_object(const Place& place, NodeId next) {
    if (const Json* names = field_or_null(&place.schema, "required"); names && !names->empty())
        return schema_error(place.path, "requires a property that it does not describe");
    const Json* values = field_or_null(&place.schema, "additionalProperties");
    const NodeId close = m_builder.literal("}", next);
    if (values && *values == false) return m_builder.literal("{", space(close));
    const auto unconsumed = std::exchange(m_unconsumed, {});
    const NodeId behind = m_builder.reserve();
    Result<NodeId> start =
        values ? value({*values, place.path + "/additionalProperties", place.depth + 1}, behind)
               : any_value(behind);
    if (!start) return start.error();
    const NodeId one = m_builder.call(string_rule(), m_builder.literal(":", space(*start)));
    m_builder.fill(behind, {m_builder.literal(",", space(one)), space(close)});
    m_unconsumed = unconsumed;
    return m_builder.literal("{", m_builder.either({space(one), space(close)}));
}

Result<JsonGrammar::NodeId> JsonGrammar::array(const Place& place, NodeId next) {
    ASSIGN_OR_RETURN(const int least, count_of(place.schema, place.path, "minItems", 0));
    ASSIGN_OR_RETURN(int most, count_of(place.schema, place.path, "maxItems", -1));
    if (most >= 0 && least > most)
        return schema_error(place.path, "has more minItems than maxItems");
    const Json* first = field_or_null(&place.schema, "prefixItems");
    const Json* items = field_or_null(&place.schema, "items");
    const int n_first = first && first->is_array() ? static_cast<int>(first->size()) : 0;
    if (most >= 0 && most < n_first)
        return schema_error(place.path, "has more prefixItems than maxItems");
    // The list ends behind its prefix where nothing is said of what follows it.
    if (n_first > 0 && (!items || *items == false)) most = n_first;
    if (n_first > 0 && (least > 0 && least != n_first && most == n_first))
        return schema_error(place.path, "has a minItems that its prefixItems do not fit");

    const auto unconsumed = std::exchange(m_unconsumed, {});
    const NodeId close = space(m_builder.literal("]", next));
    RuleId item_rule = -1;
    if (most != n_first || n_first == 0) {
        item_rule = m_builder.new_rule();
        const Json anything = Json::object();
        ASSIGN_OR_RETURN(const NodeId start,
                         value({items ? *items : anything, place.path + "/items", place.depth + 1},
                               m_builder.end()));
        m_builder.begin_rule(item_rule, start);
    }
    const auto one_more = [&](NodeId after) {
        return m_builder.literal(",", space(m_builder.call(item_rule, after)));
    };
    const int n_rest_least = std::max(least - std::max(n_first, 1), 0);
    const int n_rest_most = most < 0 ? -1 : std::max(most - std::max(n_first, 1), 0);
    NodeId rest =
        item_rule < 0 ? close : m_builder.repeat(one_more, n_rest_least, n_rest_most, close);
    NodeId start = rest;
    if (n_first > 0) {
        for (int i = n_first - 1; i >= 0; --i) {
            const std::string path = place.path + "/prefixItems/" + std::to_string(i);
            ASSIGN_OR_RETURN(
                start,
                value({(*first)[static_cast<std::size_t>(i)], path, place.depth + 1}, start));
            start = i > 0 ? m_builder.literal(",", space(start)) : space(start);
        }
    } else {
        start = most == 0 ? Grammar::kNever : space(m_builder.call(item_rule, rest));
        if (least == 0) start = m_builder.either({start, close});
    }
    m_unconsumed = unconsumed;
    return m_builder.literal("[", start);
}

JsonGrammar::NodeId JsonGrammar::any_value(NodeId next) {
    if (m_any < 0) {
        m_any = m_builder.new_rule();
        static const Json kAnything = {
            {"type", {"object", "array", "string", "number", "boolean", "null"}}};
        const auto unconsumed = std::exchange(m_unconsumed, {});
        const Result<NodeId> start = value({kAnything, "#", 0}, m_builder.end());
        m_unconsumed = unconsumed;
        m_builder.begin_rule(m_any, start ? *start : Grammar::kNever);
    }
    return m_builder.call(m_any, next);
}

JsonGrammar::NodeId JsonGrammar::space(NodeId next) {
    if (m_options.space == Space::Inline)
        return m_builder.either({next, m_builder.literal(" ", next)});
    if (m_space < 0) {
        m_space = m_builder.new_rule();
        const NodeId done = m_builder.end();
        const ByteSet blank = bytes_in(" \t");
        const auto indent = m_builder.repeat(
            [&](NodeId after) { return m_builder.match(blank, after); }, 0, kMaxIndent, done);
        m_builder.begin_rule(m_space, m_builder.either({done, m_builder.literal(" ", done),
                                                        m_builder.literal("\n", indent)}));
    }
    return m_builder.call(m_space, next);
}

}  // namespace lares
