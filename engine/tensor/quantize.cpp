#include "engine/tensor/quantize.h"

#include "engine/tensor/dequantize.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <span>
#include <utility>

namespace lares {
namespace {

static_assert(std::endian::native == std::endian::little);

using Byte = std::uint8_t;
using Values = std::span<const float>;

constexpr int kSubBlock = 32;
// Far below the smallest f16 scale: such a block is all zero.
constexpr float kLeast = 1e-30F;
constexpr std::array<float, 16> kIq4{-127, -104, -83, -65, -49, -35, -22, -10,
                                     1,    13,   25,  38,  53,  69,  89,  113};

void store_half(Byte* to, float value) {
    const std::uint16_t bits = float_to_half(value);
    std::memcpy(to, &bits, sizeof bits);
}

/// What is stored of a scale, which is what the values are then divided by.
float as_half(float value) {
    constexpr float kMost = 65504.0F;  // beyond it a half is infinite
    return half_to_float(float_to_half(std::clamp(value, -kMost, kMost)));
}

/// The whole number nearest to a value, ties to even. Precondition: bounds within 2^21.
int nearest(float value, int low, int high) {
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
    Importance(Values x, Values used) {
        assert(x.size() <= kSubBlock);
        double squares = 0;
        for (const float v : x) squares += static_cast<double>(v) * v;
        const double rms = std::sqrt(squares / static_cast<double>(x.size()));
        // Larger values count more: it is their products that are felt.
        for (std::size_t j = 0; j < x.size(); ++j) m_weights[j] = rms + std::fabs(x[j]);
        if (std::none_of(used.begin(), used.end(), [](float u) { return u > 0; })) return;
        // The error of a product is the sum of w's errors times what each is multiplied with; with
        // columns that know nothing of each other, its mean square is this weighted sum.
        std::copy(used.begin(), used.end(), m_weights.begin());
    }
    [[nodiscard]] double operator[](std::size_t j) const { return m_weights[j]; }

private:
    std::array<double, kSubBlock> m_weights{};
};

float largest(Values x) {
    float most = 0;
    for (const float v : x)
        if (std::fabs(v) > std::fabs(most)) most = v;
    return most;
}

/// The scale d with which d * code comes nearest to x; `code_of` gives the code of v / d. `edge`:
/// the code that the largest value has at first; scales around that are tried.
template <class CodeOf>
float best_scale(Values x, const Importance& importance, float edge, const CodeOf& code_of) {
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
Affine best_affine(Values x, const Importance& importance, int n_step, bool is_below_zero) {
    const auto [low_at, high_at] = std::minmax_element(x.begin(), x.end());
    const float low = is_below_zero ? std::min(*low_at, 0.0F) : *low_at;
    const float high = *high_at;
    if (high - low < kLeast) return {0, low};
    Affine best;
    double best_error = -1;
    for (int step = -10; step <= 10; ++step) {
        const float inverse =
            (static_cast<float>(n_step) + 0.1F * static_cast<float>(step)) / (high - low);
        double w = 0, wc = 0, wcc = 0, wx = 0, wcx = 0, wxx = 0;
        for (std::size_t j = 0; j < x.size(); ++j) {
            const float v = x[j];
            const double code = nearest((v - low) * inverse, 0, n_step);
            const double weight = importance[j];
            w += weight;
            wc += weight * code;
            wcc += weight * code * code;
            wx += weight * v;
            wcx += weight * code * v;
            wxx += weight * v * v;
        }
        const double determinant = w * wcc - wc * wc;
        if (wcc == 0) continue;
        double d = wcx / wcc;
        double m = 0;
        if (determinant > 0) {  // not one code for all
            const double free_m = (wcc * wx - wc * wcx) / determinant;
            if (!is_below_zero || free_m < 0) {
                m = free_m;
                d = (w * wcx - wc * wx) / determinant;
            }
        }
        const double error =
            wxx - 2 * d * wcx - 2 * m * wx + d * d * wcc + 2 * d * m * wc + m * m * w;
        if (best_error < 0 || error < best_error) {
            best_error = error;
            best = {static_cast<float>(d), static_cast<float>(m)};
        }
    }
    return best;
}

/// The code of v where d * code + m stands for it; 0 where there is no scale.
int code_of(float v, float d, float m, int low, int high) {
    return d == 0.0F ? std::clamp(0, low, high) : nearest((v - m) / d, low, high);
}

// --- Types of 32 values
// ---------------------------------------------------------------------------

/// Two codes a byte: j and j + 16.
void pack_nibbles(const std::array<int, kSubBlock>& codes, Byte* qs) {
    for (std::size_t j = 0; j < 16; ++j)
        qs[j] = static_cast<Byte>((codes[j] & 15) | ((codes[j + 16] & 15) << 4));
}

void store_fifth_bits(const std::array<int, kSubBlock>& codes, Byte* to) {
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < kSubBlock; ++j)
        bits |= static_cast<std::uint32_t>((codes[j] >> 4) & 1) << j;
    std::memcpy(to, &bits, sizeof bits);
}

/// Q4_0 and Q5_0: codes from 0 to 2 * Half - 1, of which Half is zero.
template <int Half>
void encode_symmetric(Values x, Values used, Byte* block) {
    const float d = as_half(best_scale(x, Importance(x, used), -Half,
                                       [](float v) { return nearest(v, -Half, Half - 1); }));
    std::array<int, kSubBlock> codes{};
    for (std::size_t j = 0; j < kSubBlock; ++j)
        codes[j] = code_of(x[j], d, 0, -Half, Half - 1) + Half;
    store_half(block, d);
    if (Half == 16) store_fifth_bits(codes, block + 2);
    pack_nibbles(codes, block + (Half == 16 ? 6 : 2));
}

/// Q4_1 and Q5_1: codes from 0 to Top.
template <int Top>
void encode_affine(Values x, Values used, Byte* block) {
    const Affine best = best_affine(x, Importance(x, used), Top, /*is_below_zero=*/false);
    const float d = as_half(best.d);
    const float m = as_half(best.m);
    std::array<int, kSubBlock> codes{};
    for (std::size_t j = 0; j < kSubBlock; ++j) codes[j] = code_of(x[j], d, m, 0, Top);
    store_half(block, d);
    store_half(block + 2, m);
    if (Top == 31) store_fifth_bits(codes, block + 4);
    pack_nibbles(codes, block + (Top == 31 ? 8 : 4));
}

void encode_q8_0(Values x, Values /*used*/, Byte* block) {
    const float d = as_half(std::fabs(largest(x)) / 127.0F);
    store_half(block, d);
    for (std::size_t j = 0; j < kSubBlock; ++j)
        block[2 + j] = static_cast<Byte>(static_cast<std::int8_t>(code_of(x[j], d, 0, -127, 127)));
}

int nearest_iq4(float value) {
    const auto above = std::lower_bound(kIq4.begin(), kIq4.end(), value);
    if (above == kIq4.begin()) return 0;
    if (above == kIq4.end()) return 15;
    const auto i = static_cast<int>(above - kIq4.begin());
    const float below = *(above - 1);
    return value - below < *above - value ? i - 1 : i;
}

float round_iq4(float v) {
    return kIq4[static_cast<std::size_t>(nearest_iq4(v))];
}

float best_iq4_scale(Values x, const Importance& importance) {
    return best_scale(x, importance, kIq4.front(), round_iq4);
}

void pack_iq4(Values x, float d, Byte* qs) {
    std::array<int, kSubBlock> codes{};
    for (std::size_t j = 0; j < kSubBlock; ++j) codes[j] = nearest_iq4(d == 0.0F ? 0 : x[j] / d);
    pack_nibbles(codes, qs);
}

void encode_iq4_nl(Values x, Values used, Byte* block) {
    const float d = as_half(best_iq4_scale(x, Importance(x, used)));
    store_half(block, d);
    pack_iq4(x, d, block + 2);
}

// --- Types of 256 values
// --------------------------------------------------------------------------

/// Whole multiples of one f16 that come nearest to a block's scales, from `low` to `high`, the
/// largest scale at `edge`.
template <std::size_t N>
struct WholeScales {
    float d = 0;
    std::array<int, N> multiples{};
};
template <std::size_t N>
WholeScales<N> whole_scales(const std::array<float, N>& scales, int edge, int low, int high) {
    WholeScales<N> whole;
    const float most = largest(scales);
    whole.d = as_half(most / static_cast<float>(edge));
    if (whole.d == 0.0F) return whole;
    for (std::size_t i = 0; i < N; ++i)
        whole.multiples[i] = nearest(scales[i] / whole.d, low, high);
    return whole;
}

/// Eight six-bit scales and minimums in twelve bytes; the reverse is k_scale in dequantize.cpp.
void pack_k_scales(const std::array<int, 8>& scales, const std::array<int, 8>& mins, Byte* s) {
    for (std::size_t i = 0; i < 4; ++i) {
        s[i] = static_cast<Byte>(scales[i] | ((scales[i + 4] >> 4) << 6));
        s[i + 4] = static_cast<Byte>(mins[i] | ((mins[i + 4] >> 4) << 6));
        s[i + 8] = static_cast<Byte>((scales[i + 4] & 15) | ((mins[i + 4] & 15) << 4));
    }
}

/// The pair of whole scale and minimum next to these that comes nearest to x: each was rounded
/// without regard to the other.
template <int Top>
void settle_scale(Values x, const Importance& importance, float d, float m, int& scale, int& min) {
    const int scale_before = scale;
    const int min_before = min;
    double least = -1;
    for (int s = std::max(scale_before - 1, 0); s <= std::min(scale_before + 1, 63); ++s) {
        for (int k = std::max(min_before - 1, 0); k <= std::min(min_before + 1, 63); ++k) {
            const float step = d * static_cast<float>(s);
            const float low = -m * static_cast<float>(k);
            const float inverse = step == 0.0F ? 0.0F : 1.0F / step;
            double error = 0;
            for (std::size_t j = 0; j < x.size(); ++j) {
                const auto code = static_cast<float>(nearest((x[j] - low) * inverse, 0, Top));
                const float off = x[j] - (step * code + low);
                error += importance[j] * off * off;
            }
            if (least >= 0 && error >= least) continue;
            least = error;
            scale = s;
            min = k;
        }
    }
}

/// The multiple of d next to this one with which d * multiple * code comes nearest to x: it was
/// rounded without regard to the codes.
template <class Round>
void settle_multiple(Values x,
                     const Importance& importance,
                     float d,
                     int low,
                     int high,
                     const Round& round,
                     int& multiple) {
    if (d == 0.0F) return;
    const int before = multiple;
    double least = -1;
    for (int k = std::max(before - 1, low); k <= std::min(before + 1, high); ++k) {
        const float step = d * static_cast<float>(k);
        const float inverse = step == 0.0F ? 0.0F : 1.0F / step;
        double error = 0;
        for (std::size_t j = 0; j < x.size(); ++j) {
            const float off = x[j] - step * round(x[j] * inverse);
            error += importance[j] * off * off;
        }
        if (least >= 0 && error >= least) continue;
        least = error;
        multiple = k;
    }
}

/// One for each sub-block of 256 values.
template <std::size_t Size>
std::array<Importance, 256 / Size> importances_of(Values x, Values used) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return std::array<Importance, 256 / Size>{Importance(
            x.subspan(I * Size, Size), used.empty() ? used : used.subspan(I * Size, Size))...};
    }
    (std::make_index_sequence<256 / Size>());
}

/// Q4_K and Q5_K: eight times 32 codes from 0 to Top.
template <int Top>
void encode_k(Values x, Values used, Byte* block) {
    const auto importances = importances_of<kSubBlock>(x, used);
    std::array<float, 8> scales{};
    std::array<float, 8> mins{};
    for (std::size_t i = 0; i < 8; ++i) {
        const Affine best = best_affine(x.subspan(i * kSubBlock, kSubBlock), importances[i], Top,
                                        /*is_below_zero=*/true);
        scales[i] = std::max(best.d, 0.0F);
        mins[i] = -best.m;
    }
    auto whole = whole_scales(scales, 63, 0, 63);
    auto whole_mins = whole_scales(mins, 63, 0, 63);
    for (std::size_t i = 0; i < 8; ++i)
        settle_scale<Top>(x.subspan(i * kSubBlock, kSubBlock), importances[i], whole.d,
                          whole_mins.d, whole.multiples[i], whole_mins.multiples[i]);
    store_half(block, whole.d);
    store_half(block + 2, whole_mins.d);
    pack_k_scales(whole.multiples, whole_mins.multiples, block + 4);
    Byte* qh = block + 16;
    Byte* qs = block + (Top == 31 ? 48 : 16);
    if (Top == 31) std::fill_n(qh, 32, Byte{0});
    for (std::size_t i = 0; i < 8; ++i) {
        const float d = whole.d * static_cast<float>(whole.multiples[i]);
        const float m = -whole_mins.d * static_cast<float>(whole_mins.multiples[i]);
        Byte* const pair = qs + i / 2 * 32;  // two sub-blocks share 32 bytes
        for (std::size_t l = 0; l < 32; ++l) {
            const int code = code_of(x[i * kSubBlock + l], d, m, 0, Top);
            const int nibble = code & 15;
            pair[l] = static_cast<Byte>(i % 2 == 0 ? nibble : pair[l] | (nibble << 4));
            if (Top == 31) qh[l] = static_cast<Byte>(qh[l] | ((code >> 4) << i));
        }
    }
}

/// Sixteen times 16 codes from -32 to 31.
void encode_q6_k(Values x, Values used, Byte* block) {
    const auto importances = importances_of<16>(x, used);
    const auto round = [](float v) { return static_cast<float>(nearest(v, -32, 31)); };
    std::array<float, 16> scales{};
    for (std::size_t i = 0; i < 16; ++i)
        scales[i] = best_scale(x.subspan(i * 16, 16), importances[i], -32, round);
    auto whole = whole_scales(scales, -128, -128, 127);
    for (std::size_t i = 0; i < 16; ++i)
        settle_multiple(x.subspan(i * 16, 16), importances[i], whole.d, -128, 127, round,
                        whole.multiples[i]);
    std::array<int, 256> codes{};
    for (std::size_t i = 0; i < 256; ++i) {
        const float d = whole.d * static_cast<float>(whole.multiples[i / 16]);
        codes[i] = code_of(x[i], d, 0, -32, 31) + 32;
    }
    Byte* ql = block;
    Byte* qh = block + 128;
    for (std::size_t c = 0; c < 256; c += 128, ql += 64, qh += 32) {
        for (std::size_t l = 0; l < 32; ++l) {
            const std::array<int, 4> q = {codes[c + l], codes[c + l + 32], codes[c + l + 64],
                                          codes[c + l + 96]};
            ql[l] = static_cast<Byte>((q[0] & 15) | ((q[2] & 15) << 4));
            ql[l + 32] = static_cast<Byte>((q[1] & 15) | ((q[3] & 15) << 4));
            qh[l] = static_cast<Byte>((q[0] >> 4) | ((q[1] >> 4) << 2) | ((q[2] >> 4) << 4) |
                                      ((q[3] >> 4) << 6));
        }
    }
    for (std::size_t i = 0; i < 16; ++i)
        block[192 + i] = static_cast<Byte>(static_cast<std::int8_t>(whole.multiples[i]));
    store_half(block + 208, whole.d);
}

void encode_iq4_xs(Values x, Values used, Byte* block) {
    const auto importances = importances_of<kSubBlock>(x, used);
    std::array<float, 8> scales{};
    for (std::size_t i = 0; i < 8; ++i)
        scales[i] = best_iq4_scale(x.subspan(i * kSubBlock, kSubBlock), importances[i]);
    auto whole = whole_scales(scales, -32, -32, 31);
    for (std::size_t i = 0; i < 8; ++i)
        settle_multiple(x.subspan(i * kSubBlock, kSubBlock), importances[i], whole.d, -32, 31,
                        round_iq4, whole.multiples[i]);
    store_half(block, whole.d);
    std::uint16_t high = 0;
    std::fill_n(block + 4, 4, Byte{0});
    for (std::size_t i = 0; i < 8; ++i) {
        const int stored = whole.multiples[i] + 32;
        high = static_cast<std::uint16_t>(high | ((stored >> 4) << (2 * i)));
        block[4 + i / 2] = static_cast<Byte>(block[4 + i / 2] | ((stored & 15) << (4 * (i % 2))));
        pack_iq4(x.subspan(i * kSubBlock, kSubBlock),
                 whole.d * static_cast<float>(whole.multiples[i]), block + 8 + 16 * i);
    }
    std::memcpy(block + 2, &high, sizeof high);
}

template <auto Encode>
void encode_blocks(Values values, Values used, Byte* out, const DTypeTraits& type) {
    const auto size = static_cast<std::size_t>(type.block_elements);
    for (std::size_t i = 0; i < values.size(); i += size, out += type.block_bytes)
        Encode(values.subspan(i, size), used.empty() ? used : used.subspan(i, size), out);
}

/// Round to nearest, ties to even. Precondition: finite.
std::uint16_t float_to_bfloat16(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16);
}

template <auto Round>
void round_all(const float* values, Byte* out, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i, out += 2) {
        const std::uint16_t bits = Round(values[i]);
        std::memcpy(out, &bits, sizeof bits);
    }
}

}  // namespace

void quantize_row(
    DType dtype, const float* values, std::byte* out, std::int64_t n, const float* importance) {
    const DTypeTraits& type = traits(dtype);
    assert(n % type.block_elements == 0);
    auto* bytes = reinterpret_cast<Byte*>(out);
    const Values all(values, static_cast<std::size_t>(n));
    const Values used = importance ? Values(importance, all.size()) : Values();
    switch (dtype) {
        case DType::F32:
            std::memcpy(bytes, values, static_cast<std::size_t>(n) * sizeof *values);
            return;
        case DType::F16:
            return round_all<float_to_half>(values, bytes, n);
        case DType::BF16:
            return round_all<float_to_bfloat16>(values, bytes, n);
        case DType::Q4_0:
            return encode_blocks<encode_symmetric<8>>(all, used, bytes, type);
        case DType::Q4_1:
            return encode_blocks<encode_affine<15>>(all, used, bytes, type);
        case DType::Q5_0:
            return encode_blocks<encode_symmetric<16>>(all, used, bytes, type);
        case DType::Q5_1:
            return encode_blocks<encode_affine<31>>(all, used, bytes, type);
        case DType::Q8_0:
            return encode_blocks<encode_q8_0>(all, used, bytes, type);
        case DType::Q4_K:
            return encode_blocks<encode_k<15>>(all, used, bytes, type);
        case DType::Q5_K:
            return encode_blocks<encode_k<31>>(all, used, bytes, type);
        case DType::Q6_K:
            return encode_blocks<encode_q6_k>(all, used, bytes, type);
        case DType::IQ4_NL:
            return encode_blocks<encode_iq4_nl>(all, used, bytes, type);
        case DType::IQ4_XS:
            return encode_blocks<encode_iq4_xs>(all, used, bytes, type);
        case DType::F8_E4M3:
            assert(false);
            return;
    }
}

}  // namespace lares
