#include "engine/chat/python_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <utility>

namespace lares {
namespace {

constexpr bool is_python_space(char32_t c) {
    return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 ||
           c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}

struct Range {
    char32_t first;
    char32_t last;
};
// Categories Cc, Cf, Co, Cs, Zl, Zp and Zs but for the space: what str.isprintable() refuses.
constexpr std::array kNotPrintable = {
    Range{0x0, 0x1F},          Range{0x7F, 0xA0},       Range{0xAD, 0xAD},
    Range{0x600, 0x605},       Range{0x61C, 0x61C},     Range{0x6DD, 0x6DD},
    Range{0x70F, 0x70F},       Range{0x890, 0x891},     Range{0x8E2, 0x8E2},
    Range{0x1680, 0x1680},     Range{0x180E, 0x180E},   Range{0x2000, 0x200F},
    Range{0x2028, 0x202F},     Range{0x205F, 0x2064},   Range{0x2066, 0x206F},
    Range{0x3000, 0x3000},     Range{0xD800, 0xF8FF},   Range{0xFEFF, 0xFEFF},
    Range{0xFFF9, 0xFFFB},     Range{0x110BD, 0x110BD}, Range{0x110CD, 0x110CD},
    Range{0x13430, 0x13438},   Range{0x1BCA0, 0x1BCA3}, Range{0x1D173, 0x1D17A},
    Range{0xE0001, 0xE0001},   Range{0xE0020, 0xE007F}, Range{0xF0000, 0xFFFFD},
    Range{0x100000, 0x10FFFD},
};

bool is_printable(char32_t c) {
    const auto* after =
        std::upper_bound(kNotPrintable.begin(), kNotPrintable.end(), c,
                         [](char32_t value, Range range) { return value < range.first; });
    return after == kNotPrintable.begin() || c > std::prev(after)->last;
}

std::string hex(char32_t value, std::size_t n_digit) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out(n_digit, '0');
    for (auto digit = out.rbegin(); digit != out.rend(); ++digit, value >>= 4)
        *digit = kDigits[value & 0xF];
    return out;
}

std::string escaped(char32_t c) {
    switch (c) {
        case '\\':
            return "\\\\";
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        default:
            break;
    }
    if (c <= 0xFF) return "\\x" + hex(c, 2);
    if (c <= 0xFFFF) return "\\u" + hex(c, 4);
    return "\\U" + hex(c, 8);
}

// repr(str): single quotes unless that would need escaping and double quotes would not.
std::string repr(std::string_view text) {
    const bool prefers_double =
        text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos;
    const char quote = prefers_double ? '"' : '\'';
    std::string out(1, quote);
    while (!text.empty()) {
        const auto c = decode_code_point(text).value_or(CodePoint{0xFFFD, 1});
        if (c.value == static_cast<char32_t>(quote)) {
            out += {'\\', quote};
        } else if (c.value == '\\' || !is_printable(c.value)) {
            out += escaped(c.value);
        } else {
            out += text.substr(0, c.size_bytes);
        }
        text.remove_prefix(c.size_bytes);
    }
    return out += quote;
}

std::string json_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\f':
                out += "\\f";
                break;
            case '\b':
                out += "\\b";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    out += "\\u" + hex(static_cast<unsigned char>(c), 4);
                } else {
                    out += c;
                }
        }
    }
    return out += '"';
}

// The words in which str() and json.dumps() differ.
struct Dialect {
    std::string_view none, yes, no;
    std::string (*quoted)(std::string_view);
    std::string (*number)(double);
};

std::string json_float(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
    return python_float(value);
}

constexpr Dialect kPython{"None", "True", "False", repr, python_float};
constexpr Dialect kJson{"null", "true", "false", json_string, json_float};

std::string print(const Json& value, const Dialect& dialect);

std::string print_array(const Json& array, const Dialect& dialect) {
    std::string out = "[";
    for (const Json& element : array) {
        if (out.size() > 1) out += ", ";
        out += print(element, dialect);
    }
    return out += ']';
}

std::string print_object(const Json& object, const Dialect& dialect) {
    std::string out = "{";
    for (const auto& [key, value] : object.get_ref<const Json::object_t&>()) {
        if (out.size() > 1) out += ", ";
        out += dialect.quoted(key) + ": " + print(value, dialect);
    }
    return out += '}';
}

// Recursion is bounded by check_json_bounds().
std::string print(const Json& value, const Dialect& dialect) {
    switch (value.type()) {
        case Json::value_t::boolean:
            return std::string(value.get<bool>() ? dialect.yes : dialect.no);
        case Json::value_t::number_integer:
            return std::to_string(value.get<std::int64_t>());
        case Json::value_t::number_unsigned:
            return std::to_string(value.get<std::uint64_t>());
        case Json::value_t::number_float:
            return dialect.number(value.get<double>());
        case Json::value_t::string:
            return dialect.quoted(value.get_ref<const std::string&>());
        case Json::value_t::array:
            return print_array(value, dialect);
        case Json::value_t::object:
            return print_object(value, dialect);
        default:
            return std::string(dialect.none);
    }
}

// Digits and decimal exponent of the shortest form, d.ddd × 10^exponent.
struct Decimal {
    std::string digits;
    int exponent = 0;
};

Decimal shortest_decimal(double magnitude) {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), magnitude,
                                   std::chars_format::scientific)
                         .ptr;
    const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    const auto e = text.find('e');
    Decimal out;
    std::copy_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(e),
                 std::back_inserter(out.digits), [](char c) { return c != '.'; });
    const auto exponent = text.substr(text[e + 1] == '+' ? e + 2 : e + 1);
    std::from_chars(exponent.data(), exponent.data() + exponent.size(), out.exponent);
    return out;
}

std::string scientific(const Decimal& decimal) {
    std::string out = decimal.digits.substr(0, 1);
    if (decimal.digits.size() > 1) out += "." + decimal.digits.substr(1);
    const int magnitude = std::abs(decimal.exponent);
    return out + (decimal.exponent < 0 ? "e-" : "e+") + (magnitude < 10 ? "0" : "") +
           std::to_string(magnitude);
}

std::string positional(const Decimal& decimal) {
    if (decimal.exponent < 0) {
        return "0." + std::string(static_cast<std::size_t>(-decimal.exponent - 1), '0') +
               decimal.digits;
    }
    const auto n_whole = static_cast<std::size_t>(decimal.exponent) + 1;
    if (decimal.digits.size() <= n_whole) {
        return decimal.digits + std::string(n_whole - decimal.digits.size(), '0') + ".0";
    }
    return decimal.digits.substr(0, n_whole) + "." + decimal.digits.substr(n_whole);
}

}  // namespace

std::string_view python_lstrip(std::string_view text) {
    while (const auto c = decode_code_point(text)) {
        if (!is_python_space(c->value)) break;
        text.remove_prefix(c->size_bytes);
    }
    return text;
}

std::string_view python_rstrip(std::string_view text) {
    while (!text.empty()) {
        // The white space characters have one to three bytes: find where the last one begins.
        std::size_t size = 1;
        while (size < 3 && size < text.size() &&
               (static_cast<unsigned char>(text[text.size() - size]) & 0xC0) == 0x80) {
            ++size;
        }
        const auto c = decode_code_point(text.substr(text.size() - size));
        if (!c || c->size_bytes != size || !is_python_space(c->value)) break;
        text.remove_suffix(size);
    }
    return text;
}

std::string_view python_strip(std::string_view text) {
    return python_rstrip(python_lstrip(text));
}

std::string python_remove(std::string_view text, std::string_view what) {
    std::string out;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what)) {
        out += text.substr(0, at);
        text.remove_prefix(at + what.size());
    }
    return out += text;
}

std::string python_float(double value) {
    if (std::isnan(value)) return "nan";
    const std::string sign = std::signbit(value) ? "-" : "";
    if (std::isinf(value)) return sign + "inf";
    const Decimal decimal = shortest_decimal(std::abs(value));
    const bool is_positional = decimal.exponent >= -4 && decimal.exponent < 16;
    return sign + (is_positional ? positional(decimal) : scientific(decimal));
}

std::string python_str(const Json& value) {
    return value.is_string() ? value.get_ref<const std::string&>() : print(value, kPython);
}

std::string python_json(const Json& value) {
    return print(value, kJson);
}

std::optional<CodePoint> decode_code_point(std::string_view text) {
    if (text.empty()) return std::nullopt;
    const auto lead = static_cast<unsigned char>(text[0]);
    if (lead < 0x80) return CodePoint{lead, 1};
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return std::nullopt;
    char32_t value = lead & (0x7Fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xC0) != 0x80) return std::nullopt;
        value = value << 6 | (byte & 0x3Fu);
    }
    constexpr std::array<char32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < kSmallest[size] || value > 0x10FFFF || is_surrogate) return std::nullopt;
    return CodePoint{value, size};
}

bool is_valid_utf8(std::string_view text) {
    while (const auto c = decode_code_point(text)) text.remove_prefix(c->size_bytes);
    return text.empty();
}

}  // namespace lares
