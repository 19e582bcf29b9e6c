#include "app/cli/serve/request_fields.h"

#include <utility>

namespace lares::cli {
namespace {

std::string rangeText(const Json& min, const Json& max) {
    return json_text(min) + " to " + json_text(max);
}

}  // namespace

RequestFields::RequestFields(const Json& object, std::optional<ApiError>& problem, std::string path)
    : m_object(object), m_problem(problem), m_path(std::move(path)) {}

const Json* RequestFields::anyOrNull(std::string_view name) const {
    if (m_problem) return nullptr;
    const auto found = m_object.find(name);
    return found == m_object.end() || found->is_null() ? nullptr : &*found;
}

const Json* RequestFields::ofTypeOrNull(std::string_view name,
                                        bool isType(const Json&),
                                        std::string_view what) {
    const Json* value = anyOrNull(name);
    if (!value || isType(*value)) return value;
    refuse(name, "must be " + std::string(what), "invalid_type");
    return nullptr;
}

std::optional<bool> RequestFields::flag(std::string_view name) {
    const Json* value = ofTypeOrNull(
        name, [](const Json& json) { return json.is_boolean(); }, "true or false");
    return value ? std::optional(value->get<bool>()) : std::nullopt;
}

std::optional<double> RequestFields::number(std::string_view name, double min, double max) {
    const Json* value = ofTypeOrNull(
        name, [](const Json& json) { return json.is_number(); }, "a number");
    if (!value) return std::nullopt;
    const double number = value->get<double>();
    if (number >= min && number <= max) return number;
    refuse(name, "must be from " + rangeText(min, max));
    return std::nullopt;
}

std::optional<std::int64_t> RequestFields::integer(std::string_view name,
                                                   std::int64_t min,
                                                   std::int64_t max) {
    const Json* value = ofTypeOrNull(
        name, [](const Json& json) { return json.is_number_integer(); }, "a whole number");
    if (!value) return std::nullopt;
    // What is above the signed range would wrap around.
    const bool isHuge = value->is_number_unsigned() &&
                        value->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
    if (!isHuge) {
        const auto number = value->get<std::int64_t>();
        if (number >= min && number <= max) return number;
    }
    refuse(name, "must be from " + rangeText(min, max));
    return std::nullopt;
}

std::optional<std::string> RequestFields::text(std::string_view name) {
    const Json* value = ofTypeOrNull(
        name, [](const Json& json) { return json.is_string(); }, "a string");
    return value ? std::optional(value->get<std::string>()) : std::nullopt;
}

const Json* RequestFields::objectOrNull(std::string_view name) {
    return ofTypeOrNull(
        name, [](const Json& json) { return json.is_object(); }, "an object");
}

const Json* RequestFields::listOrNull(std::string_view name) {
    return ofTypeOrNull(
        name, [](const Json& json) { return json.is_array(); }, "a list");
}

void RequestFields::refuse(std::string_view name, std::string_view what, std::string code) {
    if (m_problem) return;
    const std::string field = m_path + std::string(name);
    m_problem = ApiError{400, "'" + field + "' " + std::string(what), "invalid_request_error",
                         field, std::move(code)};
}

}  // namespace lares::cli
