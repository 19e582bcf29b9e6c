#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lares {

/// A whole number from 0, as large as it has to be. Nothing here bounds it: callers look at
/// `bit_length` before they multiply. One thread at a time.
class Natural {
public:
    Natural() = default;
    Natural(std::uint64_t value);  // NOLINT(google-explicit-constructor): it is a number

    [[nodiscard]] bool is_zero() const { return m_limbs.empty(); }
    [[nodiscard]] bool is_odd() const { return !m_limbs.empty() && (m_limbs[0] & 1) != 0; }
    [[nodiscard]] std::size_t bit_length() const;
    /// Nothing when it does not fit.
    [[nodiscard]] std::optional<std::uint32_t> to_uint32() const;
    [[nodiscard]] double to_double() const;  ///< rounded; infinite when it does not fit
    [[nodiscard]] std::string to_string() const;

    friend std::strong_ordering operator<=>(const Natural& a, const Natural& b);
    friend bool operator==(const Natural&, const Natural&) = default;
    friend Natural operator+(const Natural& a, const Natural& b);
    friend Natural operator-(const Natural& a, const Natural& b);  ///< precondition: a >= b
    friend Natural operator*(const Natural& a, const Natural& b);
    /// Quotient and remainder. Precondition: b is not zero.
    friend std::pair<Natural, Natural> divided(const Natural& a, const Natural& b);

    [[nodiscard]] Natural shifted_left(std::size_t bits) const;

private:
    void trim();
    /// Divides in place, returns the remainder.
    std::uint32_t divide_by_limb(std::uint32_t divisor);

    std::vector<std::uint32_t> m_limbs;  // least significant first, no zero at the end
};

/// 10^n
[[nodiscard]] Natural power_of_ten(unsigned n);
/// The largest number whose square is at most n.
[[nodiscard]] Natural square_root(const Natural& n);
/// Of two numbers that are not both zero.
[[nodiscard]] Natural greatest_common_divisor(Natural a, Natural b);

}  // namespace lares
