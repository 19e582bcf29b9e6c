#include "engine/constraint/json_grammar.h"

#include "engine/chat/bounded_json.h"
#include "engine/chat/json_field.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

namespace lares {
namespace {

constexpr int kMaxSchemaDepth = kMaxJsonDepth;
constexpr int kMaxRepeats = 4096;  // of minItems, maxItems, minLength, maxLength
constexpr int kMaxIndent = 16;
constexpr std::int64_t kMostNumber = 999'999'999'999'999;  // 15 digits: exact in a double
constexpr std::string_view kDecimalDigits = "0123456789";

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

Error not_taken(const std::string& path, const std::string& what) {
    return {ErrorCode::InvalidArgument, "the schema at " + path + " " + what};
}

/// A JSON pointer's part ("a~1b" is the key "a/b").
std::string unescaped(std::string_view part) {
    std::string key;
    for (std::size_t i = 0; i < part.size(); ++i) {
        const bool is_escape = part[i] == '~' && i + 1 < part.size();
        if (is_escape) ++i;
        key += !is_escape ? part[i] : part[i] == '1' ? '/' : '~';
    }
    return key;
}

/// Within the document; null where there is nothing.
const Json* resolve(const Json& root, std::string_view pointer) {
    if (pointer == "#") return &root;
    if (!pointer.starts_with("#/")) return nullptr;
    const Json* at = &root;
    std::size_t begin = 2;
    while (at && begin <= pointer.size()) {
        const std::size_t end = std::min(pointer.find('/', begin), pointer.size());
        const std::string key = unescaped(pointer.substr(begin, end - begin));
        if (at->is_array()) {
            const bool is_index = !key.empty() && key.size() < 7 &&
                                  key.find_first_not_of(kDecimalDigits) == std::string::npos;
            const std::size_t index = is_index ? std::stoul(key) : at->size();
            at = index < at->size() ? &(*at)[index] : nullptr;
        } else {
            at = field_or_null(at, key);
        }
        begin = end + 1;
    }
    return at;
}

Result<int> count_of(const Json& schema, const std::string& path, const char* key, int otherwise) {
    const Json* value = field_or_null(&schema, key);
    if (!value) return otherwise;
    const bool is_count = value->is_number() && value->get<double>() >= 0 &&
                          value->get<double>() == std::floor(value->get<double>());
    if (!is_count) return not_taken(path, "needs a whole number as '" + std::string(key) + "'");
    if (value->get<double>() > kMaxRepeats)
        return not_taken(path, "has a '" + std::string(key) + "' above " +
                                   std::to_string(kMaxRepeats) + ", which is not supported");
    return static_cast<int>(value->get<double>());
}

/// The whole numbers that a schema's bounds leave.
struct Bounds {
    std::int64_t low = -kMostNumber;
    std::int64_t high = kMostNumber;
};

std::optional<double> bound(const Json& schema, const char* key) {
    const Json* value = field_or_null(&schema, key);
    if (!value || !value->is_number() || !std::isfinite(value->get<double>())) return std::nullopt;
    const auto most = static_cast<double>(kMostNumber);
    return std::clamp(value->get<double>(), -most, most);
}

Bounds bounds_of(const Json& schema) {
    Bounds bounds;
    const auto raise = [&](double least) {
        bounds.low = std::max(bounds.low, static_cast<std::int64_t>(least));
    };
    const auto lower = [&](double most) {
        bounds.high = std::min(bounds.high, static_cast<std::int64_t>(most));
    };
    if (const auto min = bound(schema, "minimum")) raise(std::ceil(*min));
    if (const auto max = bound(schema, "maximum")) lower(std::floor(*max));
    if (const auto min = bound(schema, "exclusiveMinimum")) raise(std::floor(*min) + 1);
    if (const auto max = bound(schema, "exclusiveMaximum")) lower(std::ceil(*max) - 1);
    return bounds;
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
    if (place.depth > kMaxSchemaDepth) return not_taken(place.path, "is nested too deeply");
    if (m_builder.is_too_large()) return not_taken(place.path, "makes the format too large");
    if (schema.is_boolean() && schema.get<bool>()) return any_value(next);
    if (!schema.is_object()) return not_taken(place.path, "is no object");
    for (const std::string_view key : kRefused) {
        if (field_or_null(&schema, key))
            return not_taken(place.path, "has '" + std::string(key) + "', which is not supported");
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
            if (!name.is_string()) return not_taken(place.path, "has a type that is no name");
            ASSIGN_OR_RETURN(choices.emplace_back(),
                             typed(place, name.get_ref<const std::string&>(), next));
        }
        return m_builder.either(std::move(choices));
    }
    if (type && !type->is_string()) return not_taken(place.path, "has a type that is no name");
    if (type) return typed(place, type->get_ref<const std::string&>(), next);
    if (field_or_null(&schema, "properties")) return object(place, next);
    if (field_or_null(&schema, "items") || field_or_null(&schema, "prefixItems"))
        return array(place, next);
    return any_value(next);
}

Result<JsonGrammar::NodeId> JsonGrammar::any_of(const Place& place, const char* key, NodeId next) {
    for (const char* beside : {"properties", "items", "enum", "const", "anyOf", "oneOf", "allOf"}) {
        if (std::string_view(beside) != key && field_or_null(&place.schema, beside))
            return not_taken(place.path, "has '" + std::string(beside) + "' beside '" + key +
                                             "', which is not supported");
    }
    const Json& list = *field_or_null(&place.schema, key);
    if (!list.is_array() || list.empty())
        return not_taken(place.path, "needs a list of schemas as '" + std::string(key) + "'");
    if (std::string_view(key) == "allOf" && list.size() != 1)
        return not_taken(place.path, "has an 'allOf' of more than one, which is not supported");
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
        return not_taken(place.path, "refers to '" + pointer + "', which is not in the schema");
    // A rule that calls itself without a byte in between has no beginning.
    if (m_unconsumed.contains(pointer))
        return not_taken(place.path, "refers to itself without anything in between");
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
        return not_taken(place.path, "needs a list of values as 'enum'");
    std::vector<NodeId> choices;
    for (const Json& value : list) {
        const std::string text = value.dump();
        if (!m_options.forbidden.empty() && text.find(m_options.forbidden) != std::string::npos)
            return not_taken(place.path, "has a value that cannot be written here");
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
    return not_taken(place.path, "has the type '" + std::string(type) + "', which there is not");
}

// ---- objects and lists --------------------------------------------------------------------------

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
                return not_taken(place.path, "requires a property that it does not describe");
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
        return not_taken(place.path, "requires a property that it does not describe");
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
    if (most >= 0 && least > most) return not_taken(place.path, "has more minItems than maxItems");
    const Json* first = field_or_null(&place.schema, "prefixItems");
    const Json* items = field_or_null(&place.schema, "items");
    const int n_first = first && first->is_array() ? static_cast<int>(first->size()) : 0;
    // The list may end behind its prefix, and does where nothing is said of what follows it.
    if (most >= 0 && most < n_first)
        return not_taken(place.path, "has more prefixItems than maxItems");
    if (n_first > 0 && (!items || *items == false)) most = n_first;
    if (n_first > 0 && (least > 0 && least != n_first && most == n_first))
        return not_taken(place.path, "has a minItems that its prefixItems do not fit");

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

// ---- strings ------------------------------------------------------------------------------------

JsonGrammar::NodeId JsonGrammar::hex(std::string_view first, NodeId next) {
    const ByteSet any = bytes_in("0123456789abcdefABCDEF");
    return m_builder.match(bytes_in(first), m_builder.match(any, next));
}

/// A character beyond ASCII, in valid UTF-8, or an escape; no half of a surrogate pair.
JsonGrammar::NodeId JsonGrammar::wide_character(NodeId next) {
    if (m_wide >= 0) return m_builder.call(m_wide, next);
    m_wide = m_builder.new_rule();
    const NodeId done = m_builder.end();
    const NodeId one = m_builder.match(bytes_between(0x80, 0xBF), done);
    const NodeId two = m_builder.match(bytes_between(0x80, 0xBF), one);
    const auto lead = [&](std::uint8_t a, std::uint8_t b, NodeId after) {
        return m_builder.match(bytes_between(a, b), after);
    };
    const auto four = [&](std::string_view second, NodeId after) {
        return m_builder.match(
            bytes_in("dD"),
            m_builder.match(bytes_in(second), hex("0123456789abcdefABCDEF", after)));
    };
    const NodeId low_half = m_builder.literal("\\u", four("cdefCDEF", done));
    const NodeId last_two = hex("0123456789abcdefABCDEF", done);
    const NodeId code = m_builder.either(
        {m_builder.match(bytes_in("0123456789abcefABCEF"),
                         m_builder.match(bytes_in("0123456789abcdefABCDEF"), last_two)),
         m_builder.match(bytes_in("dD"), m_builder.match(bytes_in("01234567"), last_two)),
         four("89abAB", low_half)});
    const NodeId escape =
        m_builder.literal("\\", m_builder.either({m_builder.match(bytes_in("\"\\/bfnrt"), done),
                                                  m_builder.literal("u", code)}));
    m_builder.begin_rule(
        m_wide,
        m_builder.either({lead(0xC2, 0xDF, one), m_builder.literal("\xE0", lead(0xA0, 0xBF, one)),
                          lead(0xE1, 0xEC, two), m_builder.literal("\xED", lead(0x80, 0x9F, one)),
                          lead(0xEE, 0xEF, two), m_builder.literal("\xF0", lead(0x90, 0xBF, two)),
                          lead(0xF1, 0xF3, m_builder.match(bytes_between(0x80, 0xBF), two)),
                          m_builder.literal("\xF4", lead(0x80, 0x8F, two)), escape}));
    return m_builder.call(m_wide, next);
}

JsonGrammar::NodeId JsonGrammar::one_character(NodeId next) {
    ByteSet plain = bytes_between(0x20, 0x7F) & ~bytes_in("\"\\");
    if (!m_options.forbidden.empty()) plain.reset('<');
    return m_builder.either({m_builder.match(plain, next), wide_character(next)});
}

/// Any number of characters and the quotation mark behind them. Where a text is forbidden, node i
/// stands behind its first i bytes; it can begin at its first byte only.
JsonGrammar::NodeId JsonGrammar::characters(NodeId next) {
    const ByteSet plain = bytes_between(0x20, 0x7F) & ~bytes_in("\"\\");
    const NodeId quote = m_builder.literal("\"", next);
    const std::string_view tag = m_options.forbidden;
    std::vector<NodeId> behind(std::max<std::size_t>(tag.size(), 1));
    for (NodeId& node : behind) node = m_builder.reserve();
    for (std::size_t i = 0; i < behind.size(); ++i) {
        ByteSet others = plain;
        std::vector<NodeId> choices{quote, wide_character(behind[0])};
        if (!tag.empty()) {
            others &= ~bytes_in(tag.substr(0, 1));
            others &= ~bytes_in(tag.substr(i, 1));
            const NodeId further = i + 1 < tag.size() ? behind[i + 1] : Grammar::kNever;
            choices.push_back(m_builder.literal(tag.substr(i, 1), further));
            if (i > 0) choices.push_back(m_builder.literal(tag.substr(0, 1), behind[1]));
        }
        choices.push_back(m_builder.match(others, behind[0]));
        m_builder.fill(behind[i], std::move(choices));
    }
    return behind[0];
}

JsonGrammar::RuleId JsonGrammar::string_rule() {
    if (m_string < 0) {
        m_string = m_builder.new_rule();
        m_builder.begin_rule(m_string, m_builder.literal("\"", characters(m_builder.end())));
    }
    return m_string;
}

Result<JsonGrammar::NodeId> JsonGrammar::string(const Place& place, NodeId next) {
    ASSIGN_OR_RETURN(const int least, count_of(place.schema, place.path, "minLength", 0));
    ASSIGN_OR_RETURN(const int most, count_of(place.schema, place.path, "maxLength", -1));
    if (most >= 0 && least > most)
        return not_taken(place.path, "has more minLength than maxLength");
    if (least == 0 && most < 0) return m_builder.call(string_rule(), next);
    const NodeId quote = m_builder.literal("\"", next);
    const auto one = [this](NodeId after) { return one_character(after); };
    return m_builder.literal("\"", m_builder.repeat(one, least, most, quote));
}

// ---- numbers ------------------------------------------------------------------------------------

/// ".5", at least one digit, so that the number stays one of 15 digits and more.
JsonGrammar::NodeId JsonGrammar::fraction(NodeId next) {
    const auto digit = [this](NodeId after) {
        return m_builder.match(bytes_in(kDecimalDigits), after);
    };
    return m_builder.either({next, m_builder.literal(".", m_builder.repeat(digit, 1, 15, next))});
}

/// The whole numbers from `low` to `high`, in decimals. Precondition: 0 <= low <= high.
JsonGrammar::NodeId JsonGrammar::digits_between(std::int64_t low, std::int64_t high, NodeId next) {
    const std::string last = std::to_string(high);
    std::vector<NodeId> lengths;
    for (std::size_t n = std::to_string(low).size(); n <= last.size(); ++n) {
        const std::string first = "1" + std::string(n - 1, '0');
        const std::string from = std::to_string(
            std::max(low, n == 1 ? 0 : static_cast<std::int64_t>(std::stoll(first))));
        const std::string to = n < last.size() ? std::string(n, '9') : last;
        // From the last digit to the first: what follows a beginning that is neither bound's, the
        // lower one's, the upper one's, or both's.
        NodeId free = next;
        NodeId at_low = next;
        NodeId at_high = next;
        NodeId at_both = next;
        const auto digits = [&](char a, char b, NodeId after) {
            return a > b ? Grammar::kNever
                         : m_builder.match(bytes_between(static_cast<std::uint8_t>(a),
                                                         static_cast<std::uint8_t>(b)),
                                           after);
        };
        for (std::size_t i = n; i > 0; --i) {
            const char a = from[i - 1];
            const char b = to[i - 1];
            const auto above = static_cast<char>(a + 1);
            const auto below = static_cast<char>(b - 1);
            at_both = a == b ? digits(a, a, at_both)
                             : m_builder.either({digits(a, a, at_low), digits(above, below, free),
                                                 digits(b, b, at_high)});
            at_low = m_builder.either({digits(a, a, at_low), digits(above, '9', free)});
            at_high = m_builder.either({digits('0', below, free), digits(b, b, at_high)});
            free = digits('0', '9', free);
        }
        lengths.push_back(at_both);
    }
    return m_builder.either(std::move(lengths));
}

Result<JsonGrammar::NodeId> JsonGrammar::number(const Place& place, bool is_whole, NodeId next) {
    const auto [low, high] = bounds_of(place.schema);
    if (low > high)
        return not_taken(place.path, is_whole ? "leaves no whole number between its bounds"
                                              : "has bounds without a whole number between them, "
                                                "which is not supported");
    std::vector<NodeId> choices;
    if (is_whole) {
        if (high >= 0)
            choices.push_back(digits_between(std::max<std::int64_t>(low, 0), high, next));
        if (low < 0)
            choices.push_back(m_builder.literal(
                "-", digits_between(std::max<std::int64_t>(-high, 1), -low, next)));
        return m_builder.either(std::move(choices));
    }
    // A fraction moves away from 0: only where a whole number further there is one more, or a bound
    // that is itself left out.
    if (high >= 0) {
        const std::int64_t least = std::max<std::int64_t>(low, 0);
        const auto open = bound(place.schema, "exclusiveMaximum");
        const bool is_open = open && *open == static_cast<double>(high + 1);
        choices.push_back(digits_between(high, high, is_open ? fraction(next) : next));
        if (least < high) choices.push_back(digits_between(least, high - 1, fraction(next)));
    }
    if (low < 0) {
        const std::int64_t least = std::max<std::int64_t>(-high, 0);
        choices.push_back(m_builder.literal("-", digits_between(-low, -low, next)));
        if (least < -low)
            choices.push_back(
                m_builder.literal("-", digits_between(least, -low - 1, fraction(next))));
    }
    return m_builder.either(std::move(choices));
}

}  // namespace lares
