#include "engine/chat/bounded_json.h"

#include "engine/chat/python_text.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lares {
namespace {

Error invalid(std::string message) {
    return {ErrorCode::InvalidArgument, std::move(message)};
}

std::string depth_message() {
    return "it is nested deeper than " + std::to_string(kMaxJsonDepth) + " levels";
}

// Builds the value from nlohmann's SAX events; returning false from one ends the parse.
class BoundedJsonBuilder : public nlohmann::json_sax<Json> {
public:
    [[nodiscard]] Json& root() { return m_root; }
    [[nodiscard]] const std::string& problem() const { return m_problem; }

    bool null() override { return add(nullptr) != nullptr; }
    bool boolean(bool value) override { return add(value) != nullptr; }
    bool number_integer(std::int64_t value) override { return add(value) != nullptr; }
    bool number_unsigned(std::uint64_t value) override { return add(value) != nullptr; }
    bool number_float(double value, const std::string&) override { return add(value) != nullptr; }
    bool string(std::string& value) override { return add(std::move(value)) != nullptr; }
    bool binary(Json::binary_t&) override { return refuse("it is not JSON"); }
    bool start_object(std::size_t) override { return open(Json::object()); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(std::string& name) override {
        auto& object = m_open.back()->get_ref<Json::object_t&>();
        if (object.size() >= kMaxJsonKeys) {
            return refuse("an object has more than " + std::to_string(kMaxJsonKeys) + " keys");
        }
        if (m_open.back()->contains(name)) return refuse("the key '" + name + "' occurs twice");
        m_key = std::move(name);
        return true;
    }

    bool parse_error(std::size_t position,
                     const std::string&,
                     const nlohmann::detail::exception&) override {
        return refuse("it is not valid JSON at character " + std::to_string(position));
    }

private:
    Json* add(Json value) {
        if (m_open.empty()) {
            m_root = std::move(value);
            return &m_root;
        }
        Json& parent = *m_open.back();
        if (parent.is_array()) {
            parent.push_back(std::move(value));
            return &parent.back();
        }
        return &(parent[m_key] = std::move(value));
    }

    bool open(Json value) {
        if (m_open.size() >= kMaxJsonDepth) return refuse(depth_message());
        m_open.push_back(add(std::move(value)));
        return true;
    }

    bool close() {
        m_open.pop_back();
        return true;
    }

    bool refuse(std::string problem) {
        m_problem = std::move(problem);
        return false;
    }

    Json m_root;
    std::vector<Json*> m_open;  // a parent does not grow while one of its children is open
    std::string m_key;
    std::string m_problem;
};

Result<void> check_scalar(const Json& json) {
    if (json.is_string() && !is_valid_utf8(json.get_ref<const std::string&>())) {
        return invalid("a string is not valid UTF-8");
    }
    if (json.is_binary() || json.is_discarded()) return invalid("a value is not JSON");
    return {};
}

Result<void> check_keys(const Json& json) {
    if (!json.is_object()) return {};
    const auto& object = json.get_ref<const Json::object_t&>();
    const bool is_valid = std::all_of(object.begin(), object.end(),
                                      [](const auto& entry) { return is_valid_utf8(entry.first); });
    if (!is_valid) return invalid("a key is not valid UTF-8");
    return {};
}

}  // namespace

Result<Json> parse_bounded_json(std::string_view text) {
    BoundedJsonBuilder builder;
    if (!Json::sax_parse(text.begin(), text.end(), &builder)) return invalid(builder.problem());
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
        if (depth >= kMaxJsonDepth) return invalid(depth_message());
        for (const Json& child : *value) pending.emplace_back(&child, depth + 1);
    }
    return {};
}

}  // namespace lares
