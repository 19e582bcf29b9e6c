#pragma once

#include <bit>
#include <cstdint>

namespace lares {

/// ln x for normal x > 0, relative error below 1e-15 (of the result, near 1 of x - 1). Not std::log
/// for the reason that portable_exp.h gives.
/// x = 2^n m with m in [sqrt(1/2), sqrt(2)); ln m = 2 artanh s with s = (m - 1) / (m + 1), by its
/// series to s^23.
[[nodiscard]] inline double portable_log(double x) {
    constexpr double kLn2High = 0.693147180369123816490;  // in two parts, as in portable_exp.h
    constexpr double kLn2Low = 1.90821492927058770002e-10;
    constexpr std::uint64_t kSqrtHalf = 0x3FE6A09E667F3BCD;
    constexpr std::uint64_t kMantissa = 0x000FFFFFFFFFFFFF;

    const auto bits = std::bit_cast<std::uint64_t>(x);
    // Counting exponents from sqrt(1/2) up makes m's range symmetric about 1.
    const std::uint64_t shifted = bits - (kSqrtHalf & kMantissa);
    const double n = static_cast<double>(static_cast<std::int64_t>(shifted >> 52) - 1022);
    const std::uint64_t m_bits = bits - (((shifted >> 52) - 1022) << 52);
    const double m = std::bit_cast<double>(m_bits);

    const double s = (m - 1.0) / (m + 1.0);
    const double square = s * s;
    double sum = 1.0 / 23.0;
    for (int odd = 21; odd > 0; odd -= 2) sum = sum * square + 1.0 / odd;
    return n * kLn2High + (2.0 * s * sum + n * kLn2Low);
}

}  // namespace lares
