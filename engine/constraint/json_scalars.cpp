// JsonGrammar's strings and numbers.
#include "engine/base/json_field.h"
#include "engine/constraint/json_grammar.h"
#include "engine/constraint/schema_fields.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

namespace lares {
namespace {

constexpr std::int64_t kMostNumber = 999'999'999'999'999;  // 15 digits: exact in a double
constexpr std::string_view kDecimalDigits = "0123456789";
constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";

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

// ---- strings ------------------------------------------------------------------------------------

JsonGrammar::NodeId JsonGrammar::hex(std::string_view first, NodeId next) {
    const ByteSet any = bytes_in(kHexDigits);
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
        return m_builder.match(bytes_in("dD"),
                               m_builder.match(bytes_in(second), hex(kHexDigits, after)));
    };
    const NodeId low_half = m_builder.literal("\\u", four("cdefCDEF", done));
    const NodeId last_two = hex(kHexDigits, done);
    const NodeId code = m_builder.either(
        {m_builder.match(bytes_in("0123456789abcefABCEF"),
                         m_builder.match(bytes_in(kHexDigits), last_two)),
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
        return schema_error(place.path, "has more minLength than maxLength");
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
        return schema_error(place.path, is_whole
                                            ? "leaves no whole number between its bounds"
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
