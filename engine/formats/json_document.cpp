#include "engine/formats/json_document.h"

#include "engine/base/json_builder.h"

#include <array>
#include <string>
#include <utility>

namespace lares {
namespace {

/// The same text with Python's numbers outside of strings replaced, byte for byte as long.
std::string without_python_numbers(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kNumbers = {
        {{"-Infinity", "null     "}, {"Infinity", "null    "}, {"NaN", "0  "}}};
    std::string out(text);
    bool is_inside = false;
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (out[i] == '"') is_inside = !is_inside;
        if (is_inside) {
            if (out[i] == '\\') ++i;
            continue;
        }
        for (const auto& [python, json] : kNumbers) {
            if (std::string_view(out).substr(i).starts_with(python)) {
                out.replace(i, json.size(), json);
                break;
            }
        }
    }
    return out;
}

}  // namespace

Result<JsonDocument> parse_json_document(std::string_view text,
                                         std::string_view name,
                                         const JsonLimits& limits) {
    if (text.size() > limits.n_byte)
        return Error{ErrorCode::Unsupported,
                     std::string(name) + ": it has " + std::to_string(text.size()) +
                         " bytes, more than the limit of " + std::to_string(limits.n_byte)};
    JsonBuilder<JsonDocument> builder({.depth = limits.depth, .n_value = limits.n_value});
    const std::string json = without_python_numbers(text);
    if (!JsonDocument::sax_parse(json.begin(), json.end(), &builder))
        return Error{builder.is_beyond_bounds() ? ErrorCode::Unsupported : ErrorCode::Corrupt,
                     std::string(name) + ": " + builder.problem()};
    if (!builder.root().is_object())
        return Error{ErrorCode::Corrupt, std::string(name) + ": it is no JSON object"};
    return std::move(builder.root());
}

}  // namespace lares
