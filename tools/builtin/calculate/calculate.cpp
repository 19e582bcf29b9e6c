#include "tools/builtin/calculate/calculate.h"

#include "tools/builtin/calculate/rational.h"

#include <cmath>
#include <optional>
#include <string>

namespace lares {
namespace {

constexpr int kMaxDepth = 100;
constexpr std::size_t kMaxExpressionBytes = 1000;

enum class Fault { NotAnExpression, DivisionByZero, TooLarge, TooDeep };

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Recursive descent, one function a level of precedence:
///   sum     = product { ("+" | "-") product }
///   product = signed { ("*" | "/" | "%") signed }
///   signed  = { "+" | "-" } power
///   power   = primary [ "^" signed ]          2^-1 and 2^3^2 = 2^(3^2); -2^2 = -(2^2)
///   primary = number | "(" sum ")" | "sqrt" "(" sum ")"
/// After a fault every function returns at once.
class Parser {
public:
    explicit Parser(std::string_view text) : m_text(text) {}

    [[nodiscard]] std::optional<Rational> value() {
        MaybeRational result = sum_level();
        skip_blanks();
        if (result && m_at != m_text.size()) return fail(Fault::NotAnExpression);
        return result;
    }
    [[nodiscard]] Fault fault() const { return m_fault; }

private:
    MaybeRational sum_level() {
        MaybeRational left = product_level();
        while (left) {
            const char sign = take_one_of("+-");
            if (!sign) break;
            MaybeRational right = product_level();
            if (!right) return right;
            left = bounded(sum(*left, sign == '+' ? *right : negated(*right)));
        }
        return left;
    }

    MaybeRational product_level() {
        MaybeRational left = signed_level();
        while (left) {
            const char sign = take_one_of("*/%");
            if (!sign) break;
            const MaybeRational right = signed_level();
            if (!right) return right;
            if (sign != '*' && right->is_zero()) return fail(Fault::DivisionByZero);
            left = bounded(sign == '*'   ? product(*left, *right)
                           : sign == '/' ? quotient(*left, *right)
                                         : remainder(*left, *right));
        }
        return left;
    }

    MaybeRational signed_level() {
        bool is_negative = false;
        while (const char sign = take_one_of("+-")) is_negative ^= sign == '-';
        MaybeRational value = power_level();
        if (value && is_negative) value = negated(std::move(*value));
        return value;
    }

    MaybeRational power_level() {
        MaybeRational base = primary();
        if (!base || !take_one_of("^")) return base;
        if (++m_depth > kMaxDepth) return fail(Fault::TooDeep);
        const MaybeRational exponent = signed_level();
        --m_depth;
        return exponent ? power(*base, *exponent) : exponent;
    }

    MaybeRational power(const Rational& base, const Rational& exponent) {
        if (base.is_zero() && exponent.is_negative) return fail(Fault::DivisionByZero);
        if (exponent.is_whole()) return bounded(whole_power(base, exponent));
        if (base.is_negative) return fail(Fault::NotAnExpression);  // no real number
        return bounded(from_double(std::pow(to_double(base), to_double(exponent))));
    }

    MaybeRational primary() {
        skip_blanks();
        if (m_text.substr(m_at).starts_with("sqrt")) {
            m_at += 4;
            const MaybeRational inner = in_parentheses();
            if (!inner) return inner;
            return inner->is_negative ? fail(Fault::NotAnExpression) : bounded(root(*inner));
        }
        return m_at < m_text.size() && m_text[m_at] == '(' ? in_parentheses() : number();
    }

    MaybeRational in_parentheses() {
        if (!take_one_of("(")) return fail(Fault::NotAnExpression);
        if (++m_depth > kMaxDepth) return fail(Fault::TooDeep);
        MaybeRational inner = sum_level();
        --m_depth;
        if (inner && !take_one_of(")")) return fail(Fault::NotAnExpression);
        return inner;
    }

    /// 12, 12.5, .5, 12.
    MaybeRational number() {
        Natural digits;
        unsigned decimals = 0;
        bool has_digit = false;
        bool has_point = false;
        for (; m_at < m_text.size(); ++m_at) {
            const char c = m_text[m_at];
            if (c == '.' && !has_point) {
                has_point = true;
            } else if (is_digit(c)) {
                digits = digits * Natural(10) + Natural(static_cast<std::uint64_t>(c - '0'));
                has_digit = true;
                decimals += has_point ? 1 : 0;
            } else {
                break;
            }
        }
        if (!has_digit) return fail(Fault::NotAnExpression);
        return bounded(reduced(false, std::move(digits), power_of_ten(decimals)));
    }

    void skip_blanks() {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\t')) ++m_at;
    }

    /// The next character if it is one of these, else 0.
    char take_one_of(std::string_view characters) {
        skip_blanks();
        if (m_at == m_text.size() || characters.find(m_text[m_at]) == std::string_view::npos)
            return 0;
        return m_text[m_at++];
    }

    MaybeRational bounded(MaybeRational value) {
        return value ? std::move(value) : fail(Fault::TooLarge);
    }

    MaybeRational fail(Fault fault) {
        m_fault = fault;
        return std::nullopt;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    int m_depth = 0;
    Fault m_fault = Fault::NotAnExpression;
};

}  // namespace

ToolText calculate(std::string_view expression) {
    if (expression.size() > kMaxExpressionBytes) {
        return tool_error(ErrorCode::InvalidArgument,
                          "argument too long: expression (1000 bytes at most)");
    }
    Parser parser(expression);
    if (const auto value = parser.value()) {
        std::string text = decimal_text(*value);
        return {text, text};
    }
    switch (parser.fault()) {
        case Fault::DivisionByZero:
            return tool_error(ErrorCode::InvalidArgument, "division by zero");
        case Fault::TooLarge:
            return tool_error(ErrorCode::InvalidArgument, "number too large");
        case Fault::TooDeep:
            return tool_error(ErrorCode::InvalidArgument,
                              "expression too deep: 100 levels at most");
        case Fault::NotAnExpression:
            break;
    }
    return tool_error(ErrorCode::InvalidArgument, "not an expression: " + std::string(expression));
}

}  // namespace lares
