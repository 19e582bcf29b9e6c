#include "engine/formats/json_document.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace lares {
namespace {

/// Builds the value from nlohmann's events and stops at the first thing that is too much. Nothing
/// here recurses, so depth costs no stack; it is limited for those who walk the value later.
class LimitedBuilder : public nlohmann::json_sax<JsonDocument> {
public:
    explicit LimitedBuilder(const JsonLimits& limits) : m_limits(limits) {}

    [[nodiscard]] JsonDocument& root() { return m_root; }
    [[nodiscard]] const Error& problem() const { return m_problem; }

    bool null() override { return add(nullptr) != nullptr; }
    bool boolean(bool value) override { return add(value) != nullptr; }
    bool number_integer(std::int64_t value) override { return add(value) != nullptr; }
    bool number_unsigned(std::uint64_t value) override { return add(value) != nullptr; }
    bool number_float(double value, const std::string&) override { return add(value) != nullptr; }
    bool string(std::string& value) override { return add(std::move(value)) != nullptr; }
    bool binary(JsonDocument::binary_t&) override { return refuse("it is not JSON"); }
    bool start_object(std::size_t) override { return open(JsonDocument::object()); }
    bool start_array(std::size_t) override { return open(JsonDocument::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(std::string& name) override {
        if (m_open.back()->contains(name))
            return refuse("the key '" + name.substr(0, 80) + "' is there twice");
        m_key = std::move(name);
        return true;
    }
    bool parse_error(std::size_t position,
                     const std::string&,
                     const nlohmann::detail::exception&) override {
        return refuse("it is not valid JSON at byte " + std::to_string(position));
    }

private:
    JsonDocument* add(JsonDocument value) {
        if (++m_n_value > m_limits.n_value) {
            m_problem = {ErrorCode::Unsupported,
                         "it holds more than " + std::to_string(m_limits.n_value) + " values"};
            return nullptr;
        }
        if (m_open.empty()) {
            m_root = std::move(value);
            return &m_root;
        }
        JsonDocument& parent = *m_open.back();
        if (parent.is_array()) {
            parent.push_back(std::move(value));
            return &parent.back();
        }
        return &(parent[m_key] = std::move(value));
    }
    bool open(JsonDocument value) {
        if (static_cast<int>(m_open.size()) >= m_limits.depth) {
            m_problem = {ErrorCode::Unsupported,
                         "it is nested deeper than " + std::to_string(m_limits.depth) + " levels"};
            return false;
        }
        JsonDocument* added = add(std::move(value));
        if (added) m_open.push_back(added);
        return added != nullptr;
    }
    bool close() {
        m_open.pop_back();
        return true;
    }
    bool refuse(std::string problem) {
        m_problem = {ErrorCode::Corrupt, std::move(problem)};
        return false;
    }

    const JsonLimits& m_limits;
    std::uint64_t m_n_value = 0;
    JsonDocument m_root;
    std::vector<JsonDocument*> m_open;  // a parent does not grow while one of its children is open
    std::string m_key;
    Error m_problem{ErrorCode::Corrupt, "it is no JSON"};
};

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
    LimitedBuilder builder(limits);
    const std::string json = without_python_numbers(text);
    if (!JsonDocument::sax_parse(json.begin(), json.end(), &builder))
        return Error(builder.problem()).with_context(name);
    if (!builder.root().is_object())
        return Error{ErrorCode::Corrupt, std::string(name) + ": it is no JSON object"};
    return std::move(builder.root());
}

}  // namespace lares
