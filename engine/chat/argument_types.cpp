#include "engine/chat/argument_types.h"

#include "engine/base/json_field.h"
#include "engine/chat/bounded_json.h"
#include "engine/chat/tag_match.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace lares {
namespace {

constexpr int kMaxUnionDepth = 4;

// What a schema allows; "any" (no type given) reads like a string.
struct AllowedTypes {
    bool null = false;
    bool boolean = false;
    bool integer = false;
    bool number = false;
    bool array = false;
    bool object = false;
    bool string = false;
};

void allow(AllowedTypes& types, const Json& name) {
    types.null |= name == "null";
    types.boolean |= name == "boolean";
    types.integer |= name == "integer";
    types.number |= name == "number";
    types.array |= name == "array";
    types.object |= name == "object";
    types.string |= name == "string";
}

void allow_schema(AllowedTypes& types, const Json& schema, int depth) {
    if (const Json* type = field_or_null(&schema, "type")) {
        if (type->is_array()) {
            for (const Json& name : *type) allow(types, name);
        } else {
            allow(types, *type);
        }
    }
    if (const Json* nullable = field_or_null(&schema, "nullable")) types.null |= *nullable == true;
    if (depth == kMaxUnionDepth) return;
    for (const char* key : {"anyOf", "oneOf"}) {
        const Json* choices = field_or_null(&schema, key);
        if (choices == nullptr || !choices->is_array()) continue;
        for (const Json& choice : *choices) allow_schema(types, choice, depth + 1);
    }
}

AllowedTypes allowed_types(const Json* schema) {
    AllowedTypes types;
    if (schema != nullptr) allow_schema(types, *schema, 0);
    const bool has_any = types.null || types.boolean || types.integer || types.number ||
                         types.array || types.object || types.string;
    types.string |= !has_any;
    return types;
}

std::string_view without_outer_space(std::string_view text) {
    const auto first = text.find_first_not_of(kTagSpace);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kTagSpace) - first + 1);
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
    const auto to_lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    };
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                      [&](char a, char b) { return to_lower(a) == b; });
}

std::optional<Json> as_null(std::string_view text, const AllowedTypes& types) {
    const bool is_allowed = types.null || !types.string;
    // The history prints null as None, so that is what models copy.
    const bool is_none = types.null && equals_ignoring_case(text, "none");
    if (is_allowed && (equals_ignoring_case(text, "null") || is_none)) return Json(nullptr);
    return std::nullopt;
}

std::optional<Json> as_boolean(std::string_view text) {
    if (equals_ignoring_case(text, "true")) return Json(true);
    if (equals_ignoring_case(text, "false")) return Json(false);
    return std::nullopt;
}

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
    Number value{};
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end) return std::nullopt;
    return value;
}

std::optional<Json> as_integer(std::string_view text) {
    if (const auto value = whole_number<std::int64_t>(text)) return Json(*value);
    if (const auto value = whole_number<std::uint64_t>(text)) return Json(*value);
    return std::nullopt;
}

std::optional<Json> as_number(std::string_view text) {
    if (auto integer = as_integer(text)) return integer;
    // Neither "inf" nor "nan", which from_chars reads, are JSON.
    if (text.find_first_not_of("+-.0123456789eE") != std::string_view::npos) return std::nullopt;
    const auto value = whole_number<double>(text);
    if (!value || !std::isfinite(*value)) return std::nullopt;
    constexpr double kExact = 9007199254740992.0;  // 2^53: beyond it a double is no certain integer
    if (std::abs(*value) < kExact && std::trunc(*value) == *value) {
        return Json(static_cast<std::int64_t>(*value));
    }
    return Json(*value);
}

std::optional<Json> as_container(std::string_view text, const AllowedTypes& types) {
    auto json = parse_bounded_json(text);
    if (!json) return std::nullopt;
    if ((types.array && json->is_array()) || (types.object && json->is_object()))
        return std::move(*json);
    return std::nullopt;
}

std::optional<Json> as_allowed_type(std::string_view text, const AllowedTypes& types) {
    std::optional<Json> value = as_null(text, types);
    if (!value && types.boolean) value = as_boolean(text);
    if (!value && types.integer) value = as_integer(text);
    if (!value && types.number) value = as_number(text);
    if (!value && (types.array || types.object)) value = as_container(text, types);
    return value;
}

}  // namespace

const Json* find_parameter_schema(const std::vector<Json>& tools,
                                  std::string_view function,
                                  std::string_view parameter) {
    for (const Json& tool : tools) {
        const Json* wrapped = field_or_null(&tool, "function");
        const Json* definition = wrapped != nullptr ? wrapped : &tool;
        const Json* name = field_or_null(definition, "name");
        if (name == nullptr || *name != function) continue;
        return field_or_null(field_or_null(field_or_null(definition, "parameters"), "properties"),
                             parameter);
    }
    return nullptr;
}

Json typed_argument(const Json* schema, std::string_view text) {
    const AllowedTypes types = allowed_types(schema);
    auto value = as_allowed_type(without_outer_space(text), types);
    return value ? std::move(*value) : Json(text);
}

}  // namespace lares
