#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

/// What the encoders of the block types (quantize.cpp, quantize_k.cpp) share: the search for the
/// scales that come nearest to the values. Pure functions.
namespace lares::quantizing {

using Byte = std::uint8_t;
using Values = std::span<const float>;

inline constexpr int kSubBlock = 32;
// Far below the smallest f16 scale: such a block is all zero.
inline constexpr float kLeast = 1e-30F;
inline constexpr std::array<float, 16> kIq4{-127, -104, -83, -65, -49, -35, -22, -10,
                                            1,    13,   25,  38,  53,  69,  89,  113};

/// As f16, to nearest.
void store_half(Byte* to, float value);
/// What is stored of a scale, which is what the values are then divided by.
[[nodiscard]] float as_half(float value);

/// The whole number nearest to a value, ties to even. Precondition: bounds within 2^21.
[[nodiscard]] inline int nearest(float value, int low, int high) {
    // From 1.5 * 2^23 on floats are 1 apart, so the sum is rounded and its last bits are the
    // number.
    constexpr float kWhole = 12582912.0F;
    const float inside =
        std::min(std::max(value, static_cast<float>(low)), static_cast<float>(high));
    return std::bit_cast<std::int32_t>(inside + kWhole) - std::bit_cast<std::int32_t>(kWhole);
}

/// How much the error of each value of a sub-block counts. `used`: how strongly the values' columns
/// are used; empty, or all zero, where that is not known.
class Importance {
public:
    Importance(Values x, Values used);
    [[nodiscard]] double operator[](std::size_t j) const { return m_weights[j]; }

private:
    std::array<double, kSubBlock> m_weights{};
};

/// The value with the largest magnitude.
[[nodiscard]] float largest(Values x);

/// The scale d with which d * code comes nearest to x; `code_of` gives the code of v / d. `edge`:
/// the code that the largest value has at first; scales around that are tried.
template <class CodeOf>
[[nodiscard]] float best_scale(Values x,
                               const Importance& importance,
                               float edge,
                               const CodeOf& code_of) {
    const float most = largest(x);
    if (std::fabs(most) < kLeast) return 0.0F;
    float best = 0;
    double best_gain = -1;
    for (int step = -9; step <= 9; ++step) {
        const float inverse = (edge * (1.0F + 0.015F * static_cast<float>(step))) / most;
        double products = 0;
        double squares = 0;
        for (std::size_t j = 0; j < x.size(); ++j) {
            const double code = code_of(x[j] * inverse);
            const double weight = importance[j];
            products += weight * x[j] * code;
            squares += weight * code * code;
        }
        // With the best d for these codes the error is Σ w x² - products² / squares.
        if (squares > 0 && products * products > best_gain * squares) {
            best_gain = products * products / squares;
            best = static_cast<float>(products / squares);
        }
    }
    return best;
}

/// A scale and a minimum: value = d * code + m, code from 0 to `n_step`.
struct Affine {
    float d = 0;
    float m = 0;
};

/// The pair that comes nearest to x. `is_below_zero`: m is at most 0, as the K types have it.
[[nodiscard]] Affine best_affine(Values x,
                                 const Importance& importance,
                                 int n_step,
                                 bool is_below_zero);

/// The code of v where d * code + m stands for it; 0 where there is no scale.
[[nodiscard]] int code_of(float v, float d, float m, int low, int high);

/// Two codes a byte: j and j + 16.
void pack_nibbles(const std::array<int, kSubBlock>& codes, Byte* qs);

// Codes of the IQ4 types are places in a table.
[[nodiscard]] float round_iq4(float v);
[[nodiscard]] float best_iq4_scale(Values x, const Importance& importance);
void pack_iq4(Values x, float d, Byte* qs);

// Encoders of blocks of 256 values.
void encode_q2_k(Values x, Values used, Byte* block);
void encode_q3_k(Values x, Values used, Byte* block);
void encode_q4_k(Values x, Values used, Byte* block);
void encode_q5_k(Values x, Values used, Byte* block);
void encode_q6_k(Values x, Values used, Byte* block);
void encode_iq4_xs(Values x, Values used, Byte* block);

}  // namespace lares::quantizing
