#include "engine/chat/bounded_json.h"

#include "engine/base/json_builder.h"
#include "engine/chat/python_text.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lares {
namespace {

std::string depth_message() {
    return "it is nested deeper than " + std::to_string(kMaxJsonDepth) + " levels";
}

Result<void> check_scalar(const Json& json) {
    if (json.is_string() && !is_valid_utf8(json.get_ref<const std::string&>())) {
        return invalid_argument("a string is not valid UTF-8");
    }
    if (json.is_binary() || json.is_discarded()) return invalid_argument("a value is not JSON");
    return {};
}

Result<void> check_keys(const Json& json) {
    if (!json.is_object()) return {};
    const auto& object = json.get_ref<const Json::object_t&>();
    const bool is_valid = std::all_of(object.begin(), object.end(),
                                      [](const auto& entry) { return is_valid_utf8(entry.first); });
    if (!is_valid) return invalid_argument("a key is not valid UTF-8");
    return {};
}

}  // namespace

Result<Json> parse_bounded_json(std::string_view text) {
    JsonBuilder<Json> builder({.depth = kMaxJsonDepth, .n_key = kMaxJsonKeys});
    if (!Json::sax_parse(text.begin(), text.end(), &builder))
        return invalid_argument(builder.problem());
    return std::move(builder.root());
}

Result<void> check_json_bounds(const Json& json) {
    // Not recursive: what is checked is whether recursion would be safe.
    std::vector<std::pair<const Json*, int>> pending = {{&json, 0}};
    while (!pending.empty()) {
        const auto [value, depth] = pending.back();
        pending.pop_back();
        RETURN_IF_ERROR(check_scalar(*value));
        RETURN_IF_ERROR(check_keys(*value));
        if (!value->is_structured()) continue;
        if (depth >= kMaxJsonDepth) return invalid_argument(depth_message());
        for (const Json& child : *value) pending.emplace_back(&child, depth + 1);
    }
    return {};
}

}  // namespace lares
