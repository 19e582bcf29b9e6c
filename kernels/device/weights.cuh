#pragma once

#include "kernels/activations.h"
#include "kernels/device/memory.cuh"
#include "kernels/device/numeric.cuh"
#include "kernels/planes.h"

// One block column (32 values) of 8 rows of each quantised type, as integer products with 8-bit
// activations: sums[v][r] += w_r · x_v, each in the same order whatever the number of vectors x.
// Layout: planes.h.

namespace lares::kernels {

/// One block of activations in registers.
struct Q8Block {
    int q[8];
    float scale;
    int sum_low;
    int sum_high;
};

LARES_DEVICE Q8Block load_q8_block(const Q8Vector& x, int block) {
    const uint4 a = load_coherent16(x.q + block * 32);
    const uint4 b = load_coherent16(x.q + block * 32 + 16);
    const uint2 meta = load_coherent8(x.meta + block);
    return {{static_cast<int>(a.x), static_cast<int>(a.y), static_cast<int>(a.z),
             static_cast<int>(a.w), static_cast<int>(b.x), static_cast<int>(b.y),
             static_cast<int>(b.z), static_cast<int>(b.w)},
            __uint_as_float(meta.x),
            static_cast<std::int16_t>(meta.y & 0xFFFFU),
            static_cast<std::int16_t>(meta.y >> 16)};
}

/// Word i (a constant once the loop around it is unrolled) of a vector in registers.
LARES_DEVICE unsigned word_of(uint4 v, int i) {
    return i == 0 ? v.x : i == 1 ? v.y : i == 2 ? v.z : v.w;
}
/// f16 number i of the eight in 16 bytes.
LARES_DEVICE float half_of(uint4 v, int i) {
    const unsigned word = word_of(v, i / 2);
    return half_to_float(static_cast<std::uint16_t>(i % 2 == 0 ? word & 0xFFFFU : word >> 16));
}

/// Where a block column of a group of rows begins. The offsets are 64-bit: a head has 2^17 rows.
struct Place {
    std::int64_t row;  ///< first of the group
    int block;
    int n_block;
};

LARES_DEVICE const std::uint8_t* low_at(const PlanesView& w, const Place& at, int r) {
    return w.low + ((at.row + r) * at.n_block + at.block) * 16;
}

// ---- values -------------------------------------------------------------------------------------

/// Products with values 0..15 and with 16..31, where those have scales of their own
/// (has_half_scales).
struct HalfDots {
    int low = 0;
    int high = 0;
};

LARES_DEVICE int dot4(uint4 low, const Q8Block& x) {
    int d = 0;
    LARES_UNROLL
    for (int i = 0; i < 4; ++i) {
        const unsigned v = word_of(low, i);
        d = __dp4a(static_cast<int>(v & 0x0F0F0F0FU), x.q[i], d);
        d = __dp4a(static_cast<int>(v >> 4 & 0x0F0F0F0FU), x.q[4 + i], d);
    }
    return d;
}

LARES_DEVICE int dot5(uint4 low, unsigned high, const Q8Block& x) {
    int d = 0;
    LARES_UNROLL
    for (int i = 0; i < 4; ++i) {
        const unsigned v = word_of(low, i);
        const unsigned first = (v & 0x0F0F0F0FU) | (high << (4 - i) & 0x10101010U);
        const unsigned second = (v >> 4 & 0x0F0F0F0FU) | (high >> i & 0x10101010U);
        d = __dp4a(static_cast<int>(first), x.q[i], d);
        d = __dp4a(static_cast<int>(second), x.q[4 + i], d);
    }
    return d;
}

LARES_DEVICE HalfDots dot6(uint4 low, uint2 high, const Q8Block& x) {
    HalfDots d;
    LARES_UNROLL
    for (int i = 0; i < 4; ++i) {
        const unsigned v = word_of(low, i);
        const unsigned first = (v & 0x0F0F0F0FU) | (high.x >> (2 * i) & 0x03030303U) << 4;
        const unsigned second = (v >> 4 & 0x0F0F0F0FU) | (high.y >> (2 * i) & 0x03030303U) << 4;
        d.low = __dp4a(static_cast<int>(first), x.q[i], d.low);
        d.high = __dp4a(static_cast<int>(second), x.q[4 + i], d.high);
    }
    return d;
}

/// Pairs, and with them a third bit.
template <bool kThirdBit>
LARES_DEVICE HalfDots dot_pairs(uint2 pairs, unsigned high, const Q8Block& x) {
    HalfDots d;
    LARES_UNROLL
    for (int i = 0; i < 4; ++i) {
        unsigned first = pairs.x >> (2 * i) & 0x03030303U;
        unsigned second = pairs.y >> (2 * i) & 0x03030303U;
        if constexpr (kThirdBit) {
            first |= (i < 2 ? high << (2 - i) : high >> (i - 2)) & 0x04040404U;
            second |= high >> (2 + i) & 0x04040404U;
        }
        d.low = __dp4a(static_cast<int>(first), x.q[i], d.low);
        d.high = __dp4a(static_cast<int>(second), x.q[4 + i], d.high);
    }
    return d;
}

/// Four nibbles to the four bytes they stand for in the IQ4 table, by byte permutes: each looks up
/// eight entries by three bits, the third picks by the fourth bit.
LARES_DEVICE int lookup_iq4(unsigned nibbles) {
    constexpr unsigned k0 = 0xBFAD9881U;  // -127 -104 -83 -65, lowest byte first
    constexpr unsigned k1 = 0xF6EADDCFU;  // -49 -35 -22 -10
    constexpr unsigned k2 = 0x26190D01U;  // 1 13 25 38
    constexpr unsigned k3 = 0x71594535U;  // 53 69 89 113
    const unsigned three = nibbles & 0x7777U;
    const unsigned below = __byte_perm(k0, k1, three);
    const unsigned above = __byte_perm(k2, k3, three);
    const unsigned pick = 0x3210U | (nibbles >> 1 & 0x4444U);
    return static_cast<int>(__byte_perm(below, above, pick));
}

LARES_DEVICE int dot_iq4(uint4 low, const Q8Block& x) {
    int d = 0;
    LARES_UNROLL
    for (int i = 0; i < 4; ++i) {
        const unsigned v = word_of(low, i);
        d = __dp4a(lookup_iq4(v & 0xFFFFU), x.q[i], d);
        d = __dp4a(lookup_iq4(v >> 16), x.q[4 + i], d);
    }
    return d;
}

LARES_DEVICE int dot8(uint4 first, uint4 second, const Q8Block& x) {
    int d = 0;
    LARES_UNROLL
    for (int i = 0; i < 4; ++i) {
        d = __dp4a(static_cast<int>(word_of(first, i)), x.q[i], d);
        d = __dp4a(static_cast<int>(word_of(second, i)), x.q[4 + i], d);
    }
    return d;
}

/// Field i of sixteen 6-bit ones in three words (planes.h).
LARES_DEVICE int field6(uint4 v, int i) {
    if (i == 15) return static_cast<int>(v.x >> 30 | v.y >> 30 << 2 | v.z >> 30 << 4);
    return static_cast<int>(word_of(v, i / 5) >> (6 * (i % 5)) & 63U);
}

// ---- the types ----------------------------------------------------------------------------------

template <WeightType kType>
constexpr bool kHasFifthBit =
    kType == WeightType::Q5_0 || kType == WeightType::Q5_1 || kType == WeightType::Q5_K;
/// A plane of one bit a value: the fifth, Q3_K's third.
template <WeightType kType>
constexpr bool kHasBitPlane = kHasFifthBit<kType> || kType == WeightType::Q3_K;
template <WeightType kType>
constexpr bool kIsIq4 = kType == WeightType::IQ4_NL || kType == WeightType::IQ4_XS;
template <WeightType kType>
constexpr bool kHasMinimum = kType == WeightType::Q4_1 || kType == WeightType::Q5_1;
template <WeightType kType>
constexpr bool kIsKQuant = kType == WeightType::Q4_K || kType == WeightType::Q5_K;

/// What is subtracted from the stored value.
template <WeightType kType>
constexpr int kOffset = kType == WeightType::Q3_K   ? 4
                        : kType == WeightType::Q4_0 ? 8
                        : kType == WeightType::Q5_0 ? 16
                        : kType == WeightType::Q6_K ? 32
                                                    : 0;

/// The scale of a half, in the lowest byte.
template <WeightType kType>
LARES_DEVICE int half_scale(unsigned s) {
    if constexpr (kType == WeightType::Q2_K) return static_cast<int>(s & 15U);
    if constexpr (kType == WeightType::Q3_K) return static_cast<int>(s & 0xFFU) - 32;
    return static_cast<std::int8_t>(s & 0xFFU);
}
/// Q2_K: its minimum.
LARES_DEVICE int half_minimum(unsigned s) {
    return static_cast<int>(s >> 4 & 15U);
}

/// A block column of 8 rows in registers: all loads first, so that they are in flight together.
template <WeightType kType>
struct Column {
    uint4 low[has_low_pairs(kType) ? kGroupRows / 2 : kGroupRows];
    uint4 low2[kType == WeightType::Q8_0 ? kGroupRows : 1];
    uint4 high[kType == WeightType::Q6_K ? 4 : kHasBitPlane<kType> ? 2 : 1];
    uint4 scale;
    uint4 extra;   ///< Q4_1, Q5_1: m; Q2_K, Q3_K, Q6_K: d
    uint4 extra2;  ///< Q2_K: dmin

    LARES_DEVICE void load(const PlanesView& w, const Place& at) {
        const std::int64_t group = at.row / kGroupRows;
        if constexpr (kHasMinimum<kType>) {
            const std::uint8_t* s = w.scale + (group * 2 * at.n_block + at.block) * 16;
            scale = load_stream16(s);
            extra = load_stream16(s + at.n_block * 16);
        } else if constexpr (kType == WeightType::IQ4_XS) {
            const uint2 s = load_stream8(w.scale + (group * at.n_block + at.block) * 8);
            scale = make_uint4(s.x, s.y, 0, 0);
        } else {
            scale = load_stream16(w.scale + (group * at.n_block + at.block) * 16);
        }
        if constexpr (has_half_scales(kType)) {
            constexpr int kParts = kType == WeightType::Q2_K ? 2 : 1;
            const std::uint8_t* s =
                w.super + (group * kParts * (at.n_block / 8) + at.block / 8) * 16;
            extra = load16(s);
            if constexpr (kParts == 2) extra2 = load16(s + at.n_block / 8 * 16);
        }
        if constexpr (kHasBitPlane<kType>) {
            LARES_UNROLL
            for (int i = 0; i < 2; ++i)
                high[i] = load_stream16(w.high + ((at.row / 4 + i) * at.n_block + at.block) * 16);
        }
        if constexpr (kType == WeightType::Q6_K) {
            LARES_UNROLL
            for (int i = 0; i < 4; ++i)
                high[i] = load_stream16(w.high + ((at.row / 2 + i) * at.n_block + at.block) * 16);
        }
        if constexpr (has_low_pairs(kType)) {
            LARES_UNROLL
            for (int i = 0; i < kGroupRows / 2; ++i)
                low[i] = load_stream16(w.low + ((at.row / 2 + i) * at.n_block + at.block) * 16);
        } else {
            LARES_UNROLL
            for (int r = 0; r < kGroupRows; ++r) {
                if constexpr (kType == WeightType::Q8_0) {
                    const std::uint8_t* q = w.low + ((at.row + r) * 2 * at.n_block + at.block) * 16;
                    low[r] = load_stream16(q);
                    low2[r] = load_stream16(q + at.n_block * 16);
                } else {
                    low[r] = load_stream16(low_at(w, at, r));
                }
            }
        }
    }

    /// Nothing of what was unpacked stays in registers.
    LARES_DEVICE void pack(unsigned zero) {
        LARES_UNROLL
        for (uint4& v : low) make_opaque(v, zero);
        if constexpr (kType == WeightType::Q8_0) {
            LARES_UNROLL
            for (uint4& v : low2) make_opaque(v, zero);
        }
        if constexpr (kHasBitPlane<kType> || kType == WeightType::Q6_K) {
            LARES_UNROLL
            for (uint4& v : high) make_opaque(v, zero);
        }
        if constexpr (kHasMinimum<kType> || has_half_scales(kType)) make_opaque(extra, zero);
        if constexpr (kType == WeightType::Q2_K) make_opaque(extra2, zero);
        make_opaque(scale, zero);
    }

    LARES_DEVICE static int sum_of(const Q8Block& x) { return x.sum_low + x.sum_high; }

    /// Integer products of row r.
    LARES_DEVICE int dot(int r, const Q8Block& x) const {
        if constexpr (kType == WeightType::Q8_0) {
            return dot8(low[r], low2[r], x);
        } else if constexpr (kIsIq4<kType>) {
            return dot_iq4(low[r], x);
        } else if constexpr (kHasFifthBit<kType>) {
            return dot5(low[r], word_of(high[r / 4], r % 4), x);
        } else {
            return dot4(low[r], x);
        }
    }

    /// Those of its two halves.
    LARES_DEVICE HalfDots half_dots(int r, const Q8Block& x) const {
        const auto pairs_of = [r](const uint4(&rows)[kGroupRows / 2]) {
            const uint4 two = rows[r / 2];
            return r % 2 == 0 ? make_uint2(two.x, two.y) : make_uint2(two.z, two.w);
        };
        if constexpr (kType == WeightType::Q6_K) {
            return dot6(low[r], pairs_of(high), x);
        } else if constexpr (kType == WeightType::Q3_K) {
            return dot_pairs<true>(pairs_of(low), word_of(high[r / 4], r % 4), x);
        } else {
            return dot_pairs<false>(pairs_of(low), 0, x);
        }
    }

    template <int kVectors>
    LARES_DEVICE void multiply(const Q8Block (&x)[kVectors],
                               float (&sums)[kVectors][kGroupRows]) const {
        if constexpr (kIsKQuant<kType> || kType == WeightType::IQ4_XS) {
            // The eight threads of 256 values hold the d of one row each. They stand in one warp
            // and all have work, since a row is whole blocks of 256.
            const unsigned lane = threadIdx.x % 32;
            const unsigned first = lane & ~7U;
            const unsigned mask = 0xFFU << first;
            const unsigned own = kIsKQuant<kType> ? scale.w : scale.y >> 16;
            LARES_UNROLL
            for (int r = 0; r < kGroupRows; ++r) {
                // Block b holds row b % 8; a thread's block and lane agree in their last 3 bits.
                const unsigned d = __shfl_sync(mask, own, static_cast<int>(first) + r);
                LARES_UNROLL
                for (int v = 0; v < kVectors; ++v) {
                    float& to = sums[v][r];
                    const float d_x =
                        half_to_float(static_cast<std::uint16_t>(d & 0xFFFFU)) * x[v].scale;
                    if constexpr (kIsKQuant<kType>) {
                        const float m_x =
                            half_to_float(static_cast<std::uint16_t>(d >> 16)) * x[v].scale;
                        const int minimum = field6(scale, 8 + r) * sum_of(x[v]);
                        to = multiply_add(d_x, static_cast<float>(field6(scale, r) * dot(r, x[v])),
                                          to);
                        to = multiply_add(-m_x, static_cast<float>(minimum), to);
                    } else {
                        const std::uint64_t fields = (std::uint64_t{scale.y} << 32) | scale.x;
                        const int s = static_cast<int>(fields >> (6 * r) & 63U) - 32;
                        to = multiply_add(d_x, static_cast<float>(s * dot(r, x[v])), to);
                    }
                }
            }
        } else if constexpr (kType == WeightType::Q2_K) {
            LARES_UNROLL
            for (int r = 0; r < kGroupRows; ++r) {
                const unsigned s = word_of(scale, r / 2) >> (16 * (r % 2));
                LARES_UNROLL
                for (int v = 0; v < kVectors; ++v) {
                    const HalfDots d = half_dots(r, x[v]);
                    const int total =
                        half_scale<kType>(s) * d.low + half_scale<kType>(s >> 8) * d.high;
                    const int minimum =
                        half_minimum(s) * x[v].sum_low + half_minimum(s >> 8) * x[v].sum_high;
                    float& to = sums[v][r];
                    to =
                        multiply_add(half_of(extra, r) * x[v].scale, static_cast<float>(total), to);
                    to = multiply_add(-half_of(extra2, r) * x[v].scale, static_cast<float>(minimum),
                                      to);
                }
            }
        } else if constexpr (has_half_scales(kType)) {
            LARES_UNROLL
            for (int r = 0; r < kGroupRows; ++r) {
                const unsigned s = word_of(scale, r / 2) >> (16 * (r % 2));
                const int s_low = half_scale<kType>(s);
                const int s_high = half_scale<kType>(s >> 8);
                LARES_UNROLL
                for (int v = 0; v < kVectors; ++v) {
                    const HalfDots d = half_dots(r, x[v]);
                    const int total = s_low * (d.low - kOffset<kType> * x[v].sum_low) +
                                      s_high * (d.high - kOffset<kType> * x[v].sum_high);
                    sums[v][r] = multiply_add(half_of(extra, r) * x[v].scale,
                                              static_cast<float>(total), sums[v][r]);
                }
            }
        } else {
            LARES_UNROLL
            for (int r = 0; r < kGroupRows; ++r) {
                LARES_UNROLL
                for (int v = 0; v < kVectors; ++v) {
                    float& to = sums[v][r];
                    const int sum = sum_of(x[v]);
                    to = multiply_add(half_of(scale, r) * x[v].scale,
                                      static_cast<float>(dot(r, x[v]) - kOffset<kType> * sum), to);
                    if constexpr (kHasMinimum<kType>)
                        to = multiply_add(half_of(extra, r) * x[v].scale, static_cast<float>(sum),
                                          to);
                }
            }
        }
    }
};

}  // namespace lares::kernels
