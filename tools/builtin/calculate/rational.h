#pragma once

#include "tools/builtin/calculate/natural.h"

#include <optional>
#include <string>

namespace lares {

/// An exact fraction in lowest terms. Operations give nothing when a number would need more than
/// kMaxBits bits: the work of each is bounded by that.
struct Rational {
    static constexpr std::size_t kMaxBits = 4096;

    bool is_negative = false;  ///< never of zero
    Natural numerator;
    Natural denominator = Natural(1);

    [[nodiscard]] bool is_zero() const { return numerator.is_zero(); }
    [[nodiscard]] bool is_whole() const { return denominator == Natural(1); }

    friend bool operator==(const Rational&, const Rational&) = default;
};
using MaybeRational = std::optional<Rational>;

/// The fraction in lowest terms. Precondition: the denominator is not zero.
[[nodiscard]] MaybeRational reduced(bool is_negative, Natural numerator, Natural denominator);
[[nodiscard]] Rational negated(Rational value);

[[nodiscard]] MaybeRational sum(const Rational& a, const Rational& b);
[[nodiscard]] MaybeRational product(const Rational& a, const Rational& b);
/// Precondition of both: b is not zero. The remainder has the divisor's sign, as a clock needs it:
/// a - b * floor(a / b).
[[nodiscard]] MaybeRational quotient(const Rational& a, const Rational& b);
[[nodiscard]] MaybeRational remainder(const Rational& a, const Rational& b);
/// Precondition: base is not zero, or exponent is not negative.
[[nodiscard]] MaybeRational whole_power(const Rational& base, const Rational& exponent);
/// Exact where the root is a fraction, else right to 30 decimals. Precondition: not negative.
[[nodiscard]] MaybeRational root(const Rational& value);

[[nodiscard]] double to_double(const Rational& value);
/// The very value of a finite number. Nothing for the others.
[[nodiscard]] MaybeRational from_double(double value);

/// "391", "-2.5", "0.333333": at most six decimals; below 0.000001 at most six digits that count.
[[nodiscard]] std::string decimal_text(const Rational& value);

}  // namespace lares
