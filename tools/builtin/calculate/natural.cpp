#include "tools/builtin/calculate/natural.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace lares {
namespace {

constexpr unsigned kLimbBits = 32;

std::uint32_t low(std::uint64_t value) {
    return static_cast<std::uint32_t>(value);
}

}  // namespace

Natural::Natural(std::uint64_t value) {
    m_limbs = {low(value), low(value >> kLimbBits)};
    trim();
}

void Natural::trim() {
    while (!m_limbs.empty() && m_limbs.back() == 0) m_limbs.pop_back();
}

std::size_t Natural::bit_length() const {
    if (m_limbs.empty()) return 0;
    return m_limbs.size() * kLimbBits - static_cast<std::size_t>(std::countl_zero(m_limbs.back()));
}

std::optional<std::uint32_t> Natural::to_uint32() const {
    if (m_limbs.size() > 1) return std::nullopt;
    return m_limbs.empty() ? 0 : m_limbs[0];
}

double Natural::to_double() const {
    double value = 0.0;
    for (auto limb = m_limbs.rbegin(); limb != m_limbs.rend(); ++limb)
        value = std::ldexp(value, kLimbBits) + *limb;
    return value;
}

std::uint32_t Natural::divide_by_limb(std::uint32_t divisor) {
    std::uint64_t remainder = 0;
    for (auto limb = m_limbs.rbegin(); limb != m_limbs.rend(); ++limb) {
        remainder = remainder << kLimbBits | *limb;
        *limb = low(remainder / divisor);
        remainder %= divisor;
    }
    trim();
    return low(remainder);
}

std::string Natural::to_string() const {
    if (is_zero()) return "0";
    std::string digits;  // last one first
    Natural rest = *this;
    while (!rest.is_zero()) {
        std::uint32_t nine = rest.divide_by_limb(1'000'000'000);
        for (int i = 0; i < 9 && (nine != 0 || !rest.is_zero()); ++i, nine /= 10)
            digits.push_back(static_cast<char>('0' + nine % 10));
    }
    std::reverse(digits.begin(), digits.end());
    return digits;
}

std::strong_ordering operator<=>(const Natural& a, const Natural& b) {
    if (a.m_limbs.size() != b.m_limbs.size()) return a.m_limbs.size() <=> b.m_limbs.size();
    return std::lexicographical_compare_three_way(a.m_limbs.rbegin(), a.m_limbs.rend(),
                                                  b.m_limbs.rbegin(), b.m_limbs.rend());
}

Natural operator+(const Natural& a, const Natural& b) {
    Natural sum;
    const std::size_t n = std::max(a.m_limbs.size(), b.m_limbs.size());
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < n; ++i) {
        if (i < a.m_limbs.size()) carry += a.m_limbs[i];
        if (i < b.m_limbs.size()) carry += b.m_limbs[i];
        sum.m_limbs.push_back(low(carry));
        carry >>= kLimbBits;
    }
    sum.m_limbs.push_back(low(carry));
    sum.trim();
    return sum;
}

Natural operator-(const Natural& a, const Natural& b) {
    Natural difference = a;
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < a.m_limbs.size(); ++i) {
        const std::uint64_t taken = borrow + (i < b.m_limbs.size() ? b.m_limbs[i] : 0);
        borrow = a.m_limbs[i] < taken ? 1 : 0;
        difference.m_limbs[i] = low(a.m_limbs[i] - taken);
    }
    difference.trim();
    return difference;
}

Natural operator*(const Natural& a, const Natural& b) {
    Natural product;
    product.m_limbs.resize(a.m_limbs.size() + b.m_limbs.size());
    for (std::size_t i = 0; i < a.m_limbs.size(); ++i) {
        std::uint64_t carry = 0;
        for (std::size_t k = 0; k < b.m_limbs.size(); ++k) {
            carry += std::uint64_t{a.m_limbs[i]} * b.m_limbs[k] + product.m_limbs[i + k];
            product.m_limbs[i + k] = low(carry);
            carry >>= kLimbBits;
        }
        product.m_limbs[i + b.m_limbs.size()] = low(carry);
    }
    product.trim();
    return product;
}

Natural Natural::shifted_left(std::size_t bits) const {
    Natural shifted;
    shifted.m_limbs.resize(bits / kLimbBits);
    const unsigned rest = static_cast<unsigned>(bits % kLimbBits);
    std::uint64_t carry = 0;
    for (const std::uint32_t limb : m_limbs) {
        carry |= std::uint64_t{limb} << rest;
        shifted.m_limbs.push_back(low(carry));
        carry >>= kLimbBits;
    }
    shifted.m_limbs.push_back(low(carry));
    shifted.trim();
    return shifted;
}

// Knuth, The Art of Computer Programming 4.3.1, algorithm D; u, v, q as there.
std::pair<Natural, Natural> divided(const Natural& a, const Natural& b) {
    if (a < b) return {Natural(), a};
    if (b.m_limbs.size() == 1) {
        Natural quotient = a;
        const std::uint32_t remainder = quotient.divide_by_limb(b.m_limbs[0]);
        return {std::move(quotient), Natural(remainder)};
    }
    // D1: the divisor's highest bit is set, so that a guessed digit is at most two too large.
    const auto shift = static_cast<std::size_t>(std::countl_zero(b.m_limbs.back()));
    const std::vector<std::uint32_t> v = b.shifted_left(shift).m_limbs;
    std::vector<std::uint32_t> u = a.shifted_left(shift).m_limbs;
    const std::size_t n = v.size();
    u.resize(std::max(u.size(), a.m_limbs.size()) + 1);
    const std::size_t m = u.size() - n - 1;
    Natural quotient;
    quotient.m_limbs.resize(m + 1);
    for (std::size_t j = m + 1; j-- > 0;) {
        // D3: guess the digit from the two highest limbs, correct it with the third.
        const std::uint64_t top = std::uint64_t{u[j + n]} << kLimbBits | u[j + n - 1];
        std::uint64_t digit = top / v[n - 1];
        std::uint64_t rest = top % v[n - 1];
        while (digit >> kLimbBits != 0 || digit * v[n - 2] > (rest << kLimbBits | u[j + n - 2])) {
            --digit;
            rest += v[n - 1];
            if (rest >> kLimbBits != 0) break;
        }
        // D4: subtract digit times divisor.
        std::uint64_t carry = 0;
        std::uint64_t borrow = 0;
        for (std::size_t i = 0; i < n; ++i) {
            carry += digit * v[i];
            const std::uint64_t taken = low(carry) + borrow;
            borrow = u[i + j] < taken ? 1 : 0;
            u[i + j] = low(u[i + j] - taken);
            carry >>= kLimbBits;
        }
        const std::uint64_t taken = carry + borrow;
        borrow = u[j + n] < taken ? 1 : 0;
        u[j + n] = low(u[j + n] - taken);
        // D6: the guess was one too large: add the divisor back.
        if (borrow != 0) {
            --digit;
            carry = 0;
            for (std::size_t i = 0; i < n; ++i) {
                carry += std::uint64_t{u[i + j]} + v[i];
                u[i + j] = low(carry);
                carry >>= kLimbBits;
            }
            u[j + n] = low(u[j + n] + carry);
        }
        quotient.m_limbs[j] = low(digit);
    }
    quotient.trim();
    Natural remainder;  // D8: shift back
    std::uint64_t carry = 0;
    remainder.m_limbs.resize(n);
    for (std::size_t i = n; i-- > 0;) {
        carry = carry << kLimbBits | u[i];
        remainder.m_limbs[i] = low(carry >> shift);
        carry &= (std::uint64_t{1} << shift) - 1;
    }
    remainder.trim();
    return {std::move(quotient), std::move(remainder)};
}

Natural power_of_ten(unsigned n) {
    Natural power(1);
    for (; n >= 9; n -= 9) power = power * Natural(1'000'000'000);
    for (; n > 0; --n) power = power * Natural(10);
    return power;
}

Natural square_root(const Natural& n) {
    if (n.is_zero()) return {};
    // Newton from above: the first guess is at least the root, and each step comes down to it.
    Natural guess = Natural(1).shifted_left(n.bit_length() / 2 + 1);
    while (true) {
        Natural next = divided(guess + divided(n, guess).first, Natural(2)).first;
        if (next >= guess) return guess;
        guess = std::move(next);
    }
}

Natural greatest_common_divisor(Natural a, Natural b) {
    while (!b.is_zero()) {
        Natural rest = divided(a, b).second;
        a = std::move(b);
        b = std::move(rest);
    }
    return a;
}

}  // namespace lares
