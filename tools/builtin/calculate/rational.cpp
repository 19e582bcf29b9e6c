#include "tools/builtin/calculate/rational.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lares {
namespace {

constexpr unsigned kDecimals = 6;
constexpr unsigned kRootDecimals = 30;

bool is_too_large(const Natural& n) {
    return n.bit_length() > Rational::kMaxBits;
}

/// base^exponent by squaring. Precondition: the result was found small enough before.
Natural power(Natural base, std::uint32_t exponent) {
    Natural result(1);
    while (exponent > 0) {
        if (exponent & 1) result = result * base;
        exponent >>= 1;
        if (exponent > 0) base = base * base;
    }
    return result;
}

/// round(n / d), halves away from zero.
Natural rounded_quotient(const Natural& n, const Natural& d) {
    return divided(n * Natural(2) + d, d * Natural(2)).first;
}

/// How many decimals show six digits of a value below 10^-6; at least six.
unsigned decimals_for(const Rational& value) {
    unsigned decimals = kDecimals;
    Natural scaled = value.numerator * power_of_ten(kDecimals);
    while (scaled < value.denominator) {
        scaled = scaled * Natural(10);
        ++decimals;
    }
    return decimals == kDecimals ? kDecimals : decimals + kDecimals - 1;
}

}  // namespace

MaybeRational reduced(bool is_negative, Natural numerator, Natural denominator) {
    if (numerator.is_zero()) return Rational{};
    const Natural common = greatest_common_divisor(numerator, denominator);
    if (common != Natural(1)) {
        numerator = divided(numerator, common).first;
        denominator = divided(denominator, common).first;
    }
    if (is_too_large(numerator) || is_too_large(denominator)) return std::nullopt;
    return Rational{is_negative, std::move(numerator), std::move(denominator)};
}

Rational negated(Rational value) {
    value.is_negative = !value.is_negative && !value.is_zero();
    return value;
}

MaybeRational sum(const Rational& a, const Rational& b) {
    const Natural left = a.numerator * b.denominator;
    const Natural right = b.numerator * a.denominator;
    const Natural denominator = a.denominator * b.denominator;
    if (a.is_negative == b.is_negative) return reduced(a.is_negative, left + right, denominator);
    if (left >= right) return reduced(a.is_negative, left - right, denominator);
    return reduced(b.is_negative, right - left, denominator);
}

MaybeRational product(const Rational& a, const Rational& b) {
    return reduced(a.is_negative != b.is_negative, a.numerator * b.numerator,
                   a.denominator * b.denominator);
}

MaybeRational quotient(const Rational& a, const Rational& b) {
    return reduced(a.is_negative != b.is_negative, a.numerator * b.denominator,
                   a.denominator * b.numerator);
}

MaybeRational remainder(const Rational& a, const Rational& b) {
    const auto ratio = quotient(a, b);
    if (!ratio) return std::nullopt;
    auto [whole, rest] = divided(ratio->numerator, ratio->denominator);
    if (ratio->is_negative && !rest.is_zero()) whole = whole + Natural(1);
    const auto taken =
        product(b, Rational{ratio->is_negative && !whole.is_zero(), whole, Natural(1)});
    return taken ? sum(a, negated(*taken)) : std::nullopt;
}

MaybeRational whole_power(const Rational& base, const Rational& exponent) {
    if (exponent.is_zero()) return Rational{false, Natural(1), Natural(1)};
    const bool is_odd = exponent.numerator.is_odd();
    const bool is_unit = base.is_whole() && base.numerator == Natural(1);
    if (base.is_zero() || is_unit)
        return Rational{base.is_negative && is_odd, base.numerator, Natural(1)};
    const auto times = exponent.numerator.to_uint32();
    // n^e has more than (bits - 1) * e bits; one of the two has two bits at least.
    const std::size_t bits = std::max(base.numerator.bit_length(), base.denominator.bit_length());
    if (!times || *times > Rational::kMaxBits || (bits - 1) * *times > Rational::kMaxBits)
        return std::nullopt;
    Natural numerator = power(base.numerator, *times);
    Natural denominator = power(base.denominator, *times);
    if (exponent.is_negative) std::swap(numerator, denominator);
    return reduced(base.is_negative && is_odd, std::move(numerator), std::move(denominator));
}

MaybeRational root(const Rational& value) {
    Natural numerator = square_root(value.numerator);
    Natural denominator = square_root(value.denominator);
    if (numerator * numerator == value.numerator && denominator * denominator == value.denominator)
        return reduced(false, std::move(numerator), std::move(denominator));
    // sqrt(n / d) = sqrt(n * d) / d
    const Natural scale = power_of_ten(kRootDecimals);
    numerator = square_root(value.numerator * value.denominator * scale * scale);
    return reduced(false, std::move(numerator), value.denominator * scale);
}

double to_double(const Rational& value) {
    // Both may be beyond a double while their quotient is not: 1100 bits keep its precision.
    const std::size_t bits = std::min(value.numerator.bit_length(), value.denominator.bit_length());
    const std::size_t cut = bits > 900 ? bits - 900 : 0;
    const Natural scale = Natural(1).shifted_left(cut);
    const double size = divided(value.numerator, scale).first.to_double() /
                        divided(value.denominator, scale).first.to_double();
    return value.is_negative ? -size : size;
}

MaybeRational from_double(double value) {
    if (!std::isfinite(value)) return std::nullopt;
    int exponent = 0;
    const double fraction = std::frexp(std::abs(value), &exponent);  // in [0.5, 1)
    const Natural mantissa(static_cast<std::uint64_t>(std::ldexp(fraction, 53)));
    exponent -= 53;
    const auto shift = static_cast<std::size_t>(std::abs(exponent));
    if (exponent >= 0) return reduced(value < 0, mantissa.shifted_left(shift), Natural(1));
    return reduced(value < 0, mantissa, Natural(1).shifted_left(shift));
}

std::string decimal_text(const Rational& value) {
    const std::string sign = value.is_negative ? "-" : "";
    if (value.is_whole()) return sign + value.numerator.to_string();
    const unsigned decimals = decimals_for(value);
    const Natural scaled =
        rounded_quotient(value.numerator * power_of_ten(decimals), value.denominator);
    std::string digits = scaled.to_string();
    if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
    digits.insert(digits.size() - decimals, 1, '.');
    while (digits.ends_with('0')) digits.pop_back();
    if (digits.ends_with('.')) digits.pop_back();
    return sign + digits;
}

}  // namespace lares
