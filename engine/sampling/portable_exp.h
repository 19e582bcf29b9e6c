#pragma once

#include <bit>
#include <cstdint>

namespace lares {

/// e^x for x <= 0, relative error below 1e-15; 0 below -700; exactly 1 at 0. Not std::exp, whose
/// last bit differs between C libraries, which a draw near a border would show.
/// e^x = 2^n e^r with n = round(x / ln 2) and |r| <= ln(2) / 2, e^r by its series to r^13.
[[nodiscard]] inline double portable_exp(double x) {
    constexpr double kLog2E = 1.4426950408889634;
    // ln 2 in two parts: the upper one has 21 trailing zeros, so that n * kLn2High is exact.
    constexpr double kLn2High = 0.693147180369123816490;
    constexpr double kLn2Low = 1.90821492927058770002e-10;
    // Adding 1.5 * 2^52 leaves a double no bits behind the point: it rounds, and n stands below.
    constexpr double kRounder = 6755399441055744.0;

    if (!(x >= -700.0)) return 0.0;
    const double shifted = x * kLog2E + kRounder;
    const double n = shifted - kRounder;
    const double r = (x - n * kLn2High) - n * kLn2Low;

    double sum = 1.0 / 6227020800.0;
    sum = sum * r + 1.0 / 479001600.0;
    sum = sum * r + 1.0 / 39916800.0;
    sum = sum * r + 1.0 / 3628800.0;
    sum = sum * r + 1.0 / 362880.0;
    sum = sum * r + 1.0 / 40320.0;
    sum = sum * r + 1.0 / 5040.0;
    sum = sum * r + 1.0 / 720.0;
    sum = sum * r + 1.0 / 120.0;
    sum = sum * r + 1.0 / 24.0;
    sum = sum * r + 1.0 / 6.0;
    sum = sum * r + 0.5;
    sum = sum * r + 1.0;
    sum = sum * r + 1.0;
    const auto exponent = static_cast<std::uint64_t>(static_cast<std::int64_t>(n) + 1023);
    return sum * std::bit_cast<double>(exponent << 52);
}

}  // namespace lares
