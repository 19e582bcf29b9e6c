#include "engine/tensor/quantize_search.h"

#include "engine/tensor/dequantize.h"

#include <cassert>
#include <cstring>

namespace lares::quantizing {

void store_half(Byte* to, float value) {
    const std::uint16_t bits = float_to_half(value);
    std::memcpy(to, &bits, sizeof bits);
}

float as_half(float value) {
    constexpr float kMost = 65504.0F;  // beyond it a half is infinite
    return half_to_float(float_to_half(std::clamp(value, -kMost, kMost)));
}

Importance::Importance(Values x, Values used) {
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

float largest(Values x) {
    float most = 0;
    for (const float v : x)
        if (std::fabs(v) > std::fabs(most)) most = v;
    return most;
}

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

int code_of(float v, float d, float m, int low, int high) {
    return d == 0.0F ? std::clamp(0, low, high) : nearest((v - m) / d, low, high);
}

void pack_nibbles(const std::array<int, kSubBlock>& codes, Byte* qs) {
    for (std::size_t j = 0; j < 16; ++j)
        qs[j] = static_cast<Byte>((codes[j] & 15) | ((codes[j + 16] & 15) << 4));
}

static int nearest_iq4(float value) {
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

}  // namespace lares::quantizing
