// The K types and IQ4_XS: blocks of 256 values, whose sub-blocks have scales of a few bits.

#include "engine/tensor/quantize_search.h"

#include <cstring>
#include <utility>

namespace lares::quantizing {
namespace {

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

/// The pair of whole scale and minimum next to these, of at most `most`, that comes nearest to x:
/// each was rounded without regard to the other.
template <int Top>
void settle_scale(
    Values x, const Importance& importance, float d, float m, int most, int& scale, int& min) {
    const int scale_before = scale;
    const int min_before = min;
    double least = -1;
    for (int s = std::max(scale_before - 1, 0); s <= std::min(scale_before + 1, most); ++s) {
        for (int k = std::max(min_before - 1, 0); k <= std::min(min_before + 1, most); ++k) {
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
                          whole_mins.d, 63, whole.multiples[i], whole_mins.multiples[i]);
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

/// Two bits of each of 256 codes, from `shift` on: a byte has those of four sub-blocks.
void pack_pairs(const std::array<int, 256>& codes, int shift, Byte* to) {
    for (std::size_t c = 0; c < 256; c += 128, to += 32) {
        for (std::size_t l = 0; l < 32; ++l) {
            int four = 0;
            for (std::size_t k = 0; k < 4; ++k)
                four |= (codes[c + 32 * k + l] >> shift & 3) << (2 * k);
            to[l] = static_cast<Byte>(four);
        }
    }
}

/// Sixteen times 16 codes from -Half to Half - 1, with scales that are multiples of one f16, from
/// -Edge to Edge - 1.
struct SymmetricBlock {
    float d = 0;
    std::array<int, 16> multiples{};
    std::array<int, 256> codes{};  ///< with Half added
};
template <int Half, int Edge>
SymmetricBlock symmetric_block(Values x, Values used) {
    const auto importances = importances_of<16>(x, used);
    const auto round = [](float v) { return static_cast<float>(nearest(v, -Half, Half - 1)); };
    std::array<float, 16> scales{};
    for (std::size_t i = 0; i < 16; ++i)
        scales[i] = best_scale(x.subspan(i * 16, 16), importances[i], -Half, round);
    auto whole = whole_scales(scales, -Edge, -Edge, Edge - 1);
    for (std::size_t i = 0; i < 16; ++i)
        settle_multiple(x.subspan(i * 16, 16), importances[i], whole.d, -Edge, Edge - 1, round,
                        whole.multiples[i]);
    SymmetricBlock block{whole.d, whole.multiples};
    for (std::size_t i = 0; i < 256; ++i) {
        const float d = whole.d * static_cast<float>(whole.multiples[i / 16]);
        block.codes[i] = code_of(x[i], d, 0, -Half, Half - 1) + Half;
    }
    return block;
}

}  // namespace

void encode_q4_k(Values x, Values used, Byte* block) {
    encode_k<15>(x, used, block);
}

void encode_q5_k(Values x, Values used, Byte* block) {
    encode_k<31>(x, used, block);
}

/// Sixteen times 16 codes from 0 to 3.
void encode_q2_k(Values x, Values used, Byte* block) {
    constexpr int kMost = 15;  // of a scale and of a minimum
    const auto importances = importances_of<16>(x, used);
    std::array<float, 16> scales{};
    std::array<float, 16> mins{};
    for (std::size_t i = 0; i < 16; ++i) {
        const Affine best =
            best_affine(x.subspan(i * 16, 16), importances[i], 3, /*is_below_zero=*/true);
        scales[i] = std::max(best.d, 0.0F);
        mins[i] = -best.m;
    }
    auto whole = whole_scales(scales, kMost, 0, kMost);
    auto whole_mins = whole_scales(mins, kMost, 0, kMost);
    std::array<int, 256> codes{};
    for (std::size_t i = 0; i < 16; ++i) {
        settle_scale<3>(x.subspan(i * 16, 16), importances[i], whole.d, whole_mins.d, kMost,
                        whole.multiples[i], whole_mins.multiples[i]);
        const float d = whole.d * static_cast<float>(whole.multiples[i]);
        const float m = -whole_mins.d * static_cast<float>(whole_mins.multiples[i]);
        for (std::size_t l = 16 * i; l < 16 * i + 16; ++l) codes[l] = code_of(x[l], d, m, 0, 3);
        block[i] = static_cast<Byte>(whole.multiples[i] | whole_mins.multiples[i] << 4);
    }
    pack_pairs(codes, 0, block + 16);
    store_half(block + 80, whole.d);
    store_half(block + 82, whole_mins.d);
}

/// Sixteen times 16 codes from -4 to 3; the third bits of all come first.
void encode_q3_k(Values x, Values used, Byte* block) {
    const SymmetricBlock best = symmetric_block<4, 32>(x, used);
    std::fill_n(block, 32, Byte{0});
    for (std::size_t i = 0; i < 256; ++i) {
        Byte& bits = block[i % 32];
        bits = static_cast<Byte>(bits | (best.codes[i] >> 2) << (i / 32));
    }
    pack_pairs(best.codes, 0, block + 32);
    Byte* const scales = block + 96;
    std::fill_n(scales, 12, Byte{0});
    for (std::size_t i = 0; i < 16; ++i) {
        const int stored = best.multiples[i] + 32;
        Byte& low = scales[i % 8];
        Byte& high = scales[8 + i % 4];
        low = static_cast<Byte>(low | (stored & 15) << (4 * (i / 8)));
        high = static_cast<Byte>(high | (stored >> 4) << (2 * (i / 4)));
    }
    store_half(block + 108, best.d);
}

/// Sixteen times 16 codes from -32 to 31.
void encode_q6_k(Values x, Values used, Byte* block) {
    const SymmetricBlock best = symmetric_block<32, 128>(x, used);
    Byte* ql = block;
    for (std::size_t c = 0; c < 256; c += 128, ql += 64) {
        for (std::size_t l = 0; l < 64; ++l)
            ql[l] =
                static_cast<Byte>((best.codes[c + l] & 15) | (best.codes[c + l + 64] & 15) << 4);
    }
    pack_pairs(best.codes, 4, block + 128);
    for (std::size_t i = 0; i < 16; ++i)
        block[192 + i] = static_cast<Byte>(static_cast<std::int8_t>(best.multiples[i]));
    store_half(block + 208, best.d);
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

}  // namespace lares::quantizing
