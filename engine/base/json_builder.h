#pragma once

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace lares {

/// What a JSON text from outside may ask for.
struct JsonBounds {
    std::size_t depth;
    std::uint64_t n_value = std::numeric_limits<std::uint64_t>::max();  ///< of all kinds
    std::size_t n_key = std::numeric_limits<std::size_t>::max();        ///< of one object
};

/// Builds a `Value` (nlohmann::json or ordered_json) from nlohmann's events and ends the parse at
/// the first thing that is wrong or too much: pass it to Value::sax_parse. A key that occurs twice
/// in one object is wrong: two readers could disagree about which one counts. Nothing here
/// recurses, so depth costs no stack; it is limited for those who walk the value later.
template <class Value>
class JsonBuilder : public nlohmann::json_sax<Value> {
public:
    explicit JsonBuilder(const JsonBounds& bounds) : m_bounds(bounds) {}

    [[nodiscard]] Value& root() { return m_root; }
    /// After a parse that failed: what was wrong, and whether it was only too much.
    [[nodiscard]] const std::string& problem() const { return m_problem; }
    [[nodiscard]] bool is_beyond_bounds() const { return m_is_beyond_bounds; }

    bool null() override { return add(nullptr) != nullptr; }
    bool boolean(bool value) override { return add(value) != nullptr; }
    bool number_integer(std::int64_t value) override { return add(value) != nullptr; }
    bool number_unsigned(std::uint64_t value) override { return add(value) != nullptr; }
    bool number_float(double value, const std::string&) override { return add(value) != nullptr; }
    bool string(std::string& value) override { return add(std::move(value)) != nullptr; }
    bool binary(typename Value::binary_t&) override { return refuse("it is not JSON"); }
    bool start_object(std::size_t) override { return open(Value::object()); }
    bool start_array(std::size_t) override { return open(Value::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(std::string& name) override {
        const Value& object = *m_open.back();
        if (object.size() >= m_bounds.n_key)
            return exceed("an object has more than " + std::to_string(m_bounds.n_key) + " keys");
        if (object.contains(name))
            return refuse("the key '" + beginning_of(name) + "' occurs twice");
        m_key = std::move(name);
        return true;
    }
    bool parse_error(std::size_t position,
                     const std::string&,
                     const nlohmann::detail::exception&) override {
        return refuse("it is not valid JSON at character " + std::to_string(position));
    }

private:
    Value* add(Value value) {
        if (++m_n_value > m_bounds.n_value) {
            exceed("it holds more than " + std::to_string(m_bounds.n_value) + " values");
            return nullptr;
        }
        if (m_open.empty()) {
            m_root = std::move(value);
            return &m_root;
        }
        Value& parent = *m_open.back();
        if (parent.is_array()) {
            parent.push_back(std::move(value));
            return &parent.back();
        }
        return &(parent[m_key] = std::move(value));
    }
    bool open(Value value) {
        if (m_open.size() >= m_bounds.depth)
            return exceed("it is nested deeper than " + std::to_string(m_bounds.depth) + " levels");
        Value* added = add(std::move(value));
        if (added) m_open.push_back(added);
        return added != nullptr;
    }
    bool close() {
        m_open.pop_back();
        return true;
    }
    /// At most 80 bytes, and no half of a character: messages are printed as JSON, too.
    static std::string beginning_of(const std::string& name) {
        std::size_t n = std::min<std::size_t>(name.size(), 80);
        while (n > 0 && n < name.size() && (static_cast<unsigned char>(name[n]) & 0xC0U) == 0x80U)
            --n;
        return name.substr(0, n);
    }
    bool refuse(std::string problem) {
        m_problem = std::move(problem);
        return false;
    }
    bool exceed(std::string problem) {
        m_is_beyond_bounds = true;
        return refuse(std::move(problem));
    }

    JsonBounds m_bounds;
    std::uint64_t m_n_value = 0;
    Value m_root;
    std::vector<Value*> m_open;  // a parent does not grow while one of its children is open
    std::string m_key;
    std::string m_problem;
    bool m_is_beyond_bounds = false;
};

}  // namespace lares
