#include "kernels/device/async_copy.cuh"
#include "kernels/device/mma.cuh"
#include "kernels/device/q8.cuh"
#include "kernels/device/weights.cuh"
#include "kernels/matmul.h"

namespace lares::kernels {

constexpr int kMatmulThreads = 128;
constexpr int kMatmulTokens = 64;
constexpr int kMatmulColumns = 4;   // block columns staged at a time
constexpr int kMatmulTogether = 4;  // times eight tokens
// Pieces of 16 bytes of a staged token. One more, so that eight tokens' same piece, what ldmatrix
// reads at once, are in eight different banks.
constexpr int kMatmulRow = kMatmulColumns * 2 + 1;

/// Four stored values less kBelow, as signed bytes: of 0x80 + v none borrows from its neighbour.
template <unsigned kBelow>
LARES_DEVICE unsigned as_signed(unsigned v) {
    return ((v | 0x80808080U) - kBelow * 0x01010101U) ^ 0x80808080U;
}

/// Where the blocks of one row begin in each plane, for the lane that takes values 4t..4t+3 and
/// 16+4t..16+4t+3 of each.
struct RowPlanes {
    const std::uint8_t* low;
    const std::uint8_t* high;
    const std::uint8_t* scale;
    const std::uint8_t* super;

    template <WeightType kType>
    LARES_DEVICE static RowPlanes of(const PlanesView& w, std::int64_t row, int nb, int t) {
        const std::int64_t group = row / kGroupRows;
        const int r = static_cast<int>(row % kGroupRows);
        RowPlanes at{};
        at.low = has_low_pairs(kType)
                     ? w.low + row / 2 * nb * 16 + row % 2 * 8
                     : w.low + row * (kType == WeightType::Q8_0 ? 2 : 1) * nb * 16 + 4 * t;
        if constexpr (kHasBitPlane<kType>) at.high = w.high + row / 4 * nb * 16 + row % 4 * 4;
        if constexpr (kType == WeightType::Q6_K) at.high = w.high + row / 2 * nb * 16 + row % 2 * 8;
        if constexpr (has_half_scales(kType)) {
            constexpr int kParts = kType == WeightType::Q2_K ? 2 : 1;
            at.scale = w.scale + group * nb * 16 + 2 * r;
            at.super = w.super + group * kParts * (nb / 8) * 16 + 2 * r;
        } else if constexpr (kIsKQuant<kType>) {
            at.scale = w.scale + group * nb * 16;
            at.super = at.scale + r * 16 + 12;
        } else if constexpr (kType == WeightType::IQ4_XS) {
            at.scale = w.scale + group * nb * 8;
            at.super = at.scale + r * 8 + 6;
        } else {
            at.scale = w.scale + group * (kHasMinimum<kType> ? 2 : 1) * nb * 16 + 2 * r;
        }
        return at;
    }
};

LARES_DEVICE unsigned load_half(const std::uint8_t* at) {
    return __ldg(reinterpret_cast<const std::uint16_t*>(at));
}
LARES_DEVICE unsigned load_word(const std::uint8_t* at) {
    return __ldg(reinterpret_cast<const unsigned*>(at));
}

/// A block of one row as it lies in memory: loaded one column ahead, and not looked at before, for
/// looking would wait.
template <WeightType kType>
struct StoredBlock {
    unsigned low = 0;
    unsigned low2 = 0;
    uint2 high = make_uint2(0, 0);
    uint4 fields = make_uint4(0, 0, 0, 0);
    unsigned d = 0;
    unsigned m = 0;

    LARES_DEVICE void load(const RowPlanes& at, int b, int nb) {
        if constexpr (has_low_pairs(kType)) {
            const uint2 pairs = load8(at.low + b * 16);
            low = pairs.x;
            low2 = pairs.y;
        } else {
            low = load_word(at.low + b * 16);
        }
        if constexpr (kType == WeightType::Q8_0) low2 = load_word(at.low + (nb + b) * 16);
        if constexpr (kHasBitPlane<kType>) high.x = load_word(at.high + b * 16);
        if constexpr (kType == WeightType::Q6_K) high = load8(at.high + b * 16);
        if constexpr (has_half_scales(kType)) {
            m = load_half(at.scale + b * 16);
            d = load_half(at.super + b / 8 * 16);
            if constexpr (kType == WeightType::Q2_K)
                d |= load_half(at.super + (nb / 8 + b / 8) * 16) << 16;
        } else if constexpr (kIsKQuant<kType>) {
            fields = load16(at.scale + b * 16);
            d = load_word(at.super + (b & ~7) * 16);
        } else if constexpr (kType == WeightType::IQ4_XS) {
            const uint2 v = load8(at.scale + b * 8);
            fields.x = v.x;
            fields.y = v.y;
            d = load_half(at.super + (b & ~7) * 8);
        } else {
            d = load_half(at.scale + b * 16);
            if constexpr (kHasMinimum<kType>) m = load_half(at.scale + (nb + b) * 16);
        }
    }

    /// The lane's values as signed bytes.
    LARES_DEVICE void unpack(int t, unsigned& first, unsigned& second) const {
        if constexpr (kType == WeightType::Q8_0) {
            first = low;
            second = low2;
        } else if constexpr (has_low_pairs(kType)) {
            first = low >> (2 * t) & 0x03030303U;
            second = low2 >> (2 * t) & 0x03030303U;
        } else if constexpr (kIsIq4<kType>) {
            first = static_cast<unsigned>(lookup_iq4(low & 0xFFFFU));
            second = static_cast<unsigned>(lookup_iq4(low >> 16));
        } else {
            first = low & 0x0F0F0F0FU;
            second = low >> 4 & 0x0F0F0F0FU;
        }
        if constexpr (kHasFifthBit<kType>) {
            first |= high.x << (4 - t) & 0x10101010U;
            second |= high.x >> t & 0x10101010U;
        }
        if constexpr (kType == WeightType::Q3_K) {
            first |= (high.x >> t & 0x01010101U) << 2;
            second |= (high.x >> (4 + t) & 0x01010101U) << 2;
        }
        if constexpr (kType == WeightType::Q6_K) {
            first |= (high.x >> (2 * t) & 0x03030303U) << 4;
            second |= (high.y >> (2 * t) & 0x03030303U) << 4;
        }
        constexpr unsigned kBelow = kOffset<kType>;
        if constexpr (kBelow != 0) {
            first = as_signed<kBelow>(first);
            second = as_signed<kBelow>(second);
        }
    }

    /// w = x q + y of the row r of a group, q as unpack has it; has_half_scales: x q in the first
    /// half of the block, y q in its second.
    LARES_DEVICE float2 scales(int r) const {
        const auto half = [](unsigned v) {
            return half_to_float(static_cast<std::uint16_t>(v & 0xFFFFU));
        };
        if constexpr (kHasMinimum<kType>) return make_float2(half(d), half(m));
        if constexpr (kIsKQuant<kType>) {
            const unsigned s = (r < 5 ? fields.x : fields.y) >> (6 * (r % 5)) & 63U;
            const unsigned below = (r < 2 ? fields.y : fields.z) >> (6 * ((8 + r) % 5)) & 63U;
            const unsigned last = fields.x >> 30 | fields.y >> 30 << 2 | fields.z >> 30 << 4;
            return make_float2(half(d) * static_cast<float>(s),
                               -half(d >> 16) * static_cast<float>(r == 7 ? last : below));
        }
        if constexpr (kType == WeightType::IQ4_XS) {
            const std::uint64_t all = (std::uint64_t{fields.y} << 32) | fields.x;
            const int s = static_cast<int>(all >> (6 * r) & 63U) - 32;
            return make_float2(half(d) * static_cast<float>(s), 0.0F);
        }
        if constexpr (has_half_scales(kType))
            return make_float2(half(d) * static_cast<float>(half_scale<kType>(m)),
                               half(d) * static_cast<float>(half_scale<kType>(m >> 8)));
        return make_float2(half(d), 0.0F);
    }
    /// Q2_K: what is added to every value of each half.
    LARES_DEVICE float2 minimums() const {
        const float d_min = half_to_float(static_cast<std::uint16_t>(d >> 16));
        return make_float2(-d_min * static_cast<float>(half_minimum(m)),
                           -d_min * static_cast<float>(half_minimum(m >> 8)));
    }
};

/// What a lane gives to the tensor core of one block column, for rows g and g + 8.
struct MatmulWeights {
    unsigned a[4];
    float2 scale[2];
    float2 minimum[2];  ///< Q2_K

    template <WeightType kType>
    LARES_DEVICE void unpack(const StoredBlock<kType> (&stored)[2], int r, int t) {
        LARES_UNROLL
        for (int i = 0; i < 2; ++i) {
            stored[i].unpack(t, a[i], a[2 + i]);
            scale[i] = stored[i].scales(r);
            if constexpr (kType == WeightType::Q2_K) minimum[i] = stored[i].minimums();
        }
    }
};

/// The products of one block column with eight tokens, before their scales: as mma's c.
template <WeightType kType>
struct ColumnSums {
    int c[4] = {kFloatSum, kFloatSum, kFloatSum, kFloatSum};
    int high[4] = {kFloatSum, kFloatSum, kFloatSum, kFloatSum};  ///< second half: has_half_scales

    LARES_DEVICE void multiply(const MatmulWeights& w, const unsigned (&x)[2]) {
        if constexpr (has_half_scales(kType)) {
            mma_m16n8k16_s8(c, w.a[0], w.a[1], x[0]);
            mma_m16n8k16_s8(high, w.a[2], w.a[3], x[1]);
        } else {
            mma_m16n8k32_s8(c, w.a, x);
        }
    }

    /// m is of tokens 2t and 2t + 1. It is what the card spends its time on: a block has a scale of
    /// its own, so each sum of 32 products is a number to scale and to add.
    LARES_DEVICE void add_to(float (&sums)[4], const MatmulWeights& w, const Q8Meta (&m)[2]) const {
        LARES_UNROLL
        for (int i = 0; i < 4; ++i) {
            const float2 s = w.scale[i / 2];
            float v = s.x * float_of_sum(c[i]);
            if constexpr (has_half_scales(kType)) v += s.y * float_of_sum(high[i]);
            if constexpr (kType == WeightType::Q2_K) {
                const float2 min = w.minimum[i / 2];
                v += min.x * float_of_sum(kFloatSum + m[i % 2].sum_low) +
                     min.y * float_of_sum(kFloatSum + m[i % 2].sum_high);
            }
            if constexpr (kHasMinimum<kType> || kIsKQuant<kType>)
                v += s.y * float_of_sum(kFloatSum + m[i % 2].sum_low + m[i % 2].sum_high);
            sums[i] += m[i % 2].scale * v;
        }
    }
};

/// The scales and sums of two neighbouring tokens.
LARES_DEVICE void unpack_pair(uint4 pair, Q8Meta (&m)[2]) {
    const auto sums = [](unsigned v, Q8Meta& to) {
        to.sum_low = static_cast<std::int16_t>(v & 0xFFFFU);
        to.sum_high = static_cast<std::int16_t>(v >> 16);
    };
    m[0].scale = __uint_as_float(pair.x);
    m[1].scale = __uint_as_float(pair.z);
    sums(pair.y, m[0]);
    sums(pair.w, m[1]);
}

/// kMatmulColumns block columns of the block's tokens from `begin` on are on their way to one of
/// the two stages.
template <class Staged, class Meta>
LARES_DEVICE void stage_tokens(const MatmulParams& p,
                               int first_token,
                               int begin,
                               int nb,
                               int stage,
                               Staged& staged,
                               Meta& meta) {
    for (int i = static_cast<int>(threadIdx.x); i < kMatmulTokens * kMatmulColumns;
         i += kMatmulThreads) {
        const int token = i / kMatmulColumns;
        const int column = i % kMatmulColumns;
        const bool is_inside = first_token + token < p.n && begin + column < nb;
        const std::int64_t at =
            is_inside ? static_cast<std::int64_t>(first_token + token) * nb + begin + column : 0;
        const int to = (stage * kMatmulTokens + token) * kMatmulRow + 2 * column;
        async_copy16(&staged[to], p.x.q + at * 32, is_inside);
        async_copy16(&staged[to + 1], p.x.q + at * 32 + 16, is_inside);
        const int entry = (stage * kMatmulColumns + column) * kMatmulTokens + token;
        async_copy8(reinterpret_cast<Q8Meta*>(&meta[entry / 2]) + entry % 2, p.x.meta + at,
                    is_inside);
    }
    close_copies();
}

template <WeightType kType>
LARES_DEVICE void matmul(const MatmulParams& p) {
    LARES_SHARED(uint4, staged, 2 * kMatmulTokens * kMatmulRow);  // [stage][token][piece]
    // Q8Meta [stage][column][token], two tokens an element.
    LARES_SHARED(uint4, meta, kMatmulTokens * kMatmulColumns);
    const int lane = static_cast<int>(threadIdx.x) % 32;
    const int g = lane / 4;
    const int t = lane % 4;
    const int nb = p.w.cols / kBlock;
    const int first_token = static_cast<int>(blockIdx.x) * kMatmulTokens;
    const std::int64_t row =
        static_cast<std::int64_t>(blockIdx.y) * 64 + static_cast<int>(threadIdx.x) / 32 * 16 + g;

    stage_tokens(p, first_token, 0, nb, 0, staged, meta);
    // Rows past the padding compute the last one's, and keep nothing.
    const std::int64_t last = (p.w.rows + kGroupRows - 1) / kGroupRows * kGroupRows - 1;
    const auto inside = [&](std::int64_t r) { return r < last ? r : last; };
    const RowPlanes planes[2] = {RowPlanes::of<kType>(p.w, inside(row), nb, t),
                                 RowPlanes::of<kType>(p.w, inside(row + 8), nb, t)};
    StoredBlock<kType> stored[2];
    stored[0].load(planes[0], 0, nb);
    stored[1].load(planes[1], 0, nb);
    float sums[8][4] = {};  // [eight tokens][as mma's c]
    int stage = 0;
    for (int begin = 0; begin < nb; begin += kMatmulColumns) {
        wait_for_copies<0>();
        __syncthreads();  // the other stage is free too: it was read before this
        if (begin + kMatmulColumns < nb)
            stage_tokens(p, first_token, begin + kMatmulColumns, nb, 1 - stage, staged, meta);

        for (int column = 0; column < kMatmulColumns && begin + column < nb; ++column) {
            MatmulWeights w;
            w.unpack(stored, g, t);
            const int next = begin + column + 1 < nb ? begin + column + 1 : begin + column;
            stored[0].load(planes[0], next, nb);
            stored[1].load(planes[1], next, nb);
            LARES_UNROLL
            for (int j = 0; j < 8; j += kMatmulTogether) {
                if (first_token + 8 * j >= p.n) break;
                const int token = stage * kMatmulTokens + 8 * j;
                // All products before the first of them is looked at, which waits for it.
                ColumnSums<kType> products[kMatmulTogether];
                LARES_UNROLL
                for (int i = 0; i < kMatmulTogether; i += 2) {
                    unsigned x[4];
                    load_matrices(x,
                                  &staged[(token + 8 * i + lane / 16 * 8 + lane % 8) * kMatmulRow +
                                          2 * column + lane / 8 % 2]);
                    products[i].multiply(w, {x[0], x[1]});
                    products[i + 1].multiply(w, {x[2], x[3]});
                }
                LARES_UNROLL
                for (int i = 0; i < kMatmulTogether; ++i) {
                    Q8Meta m[2];
                    unpack_pair(meta[(stage * kMatmulColumns + column) * kMatmulTokens / 2 +
                                     4 * (j + i) + t],
                                m);
                    products[i].add_to(sums[j + i], w, m);
                }
            }
        }
        stage = 1 - stage;
    }

    LARES_UNROLL
    for (int j = 0; j < 8; ++j) {
        LARES_UNROLL
        for (int i = 0; i < 4; ++i) {
            const int token = first_token + 8 * j + 2 * t + i % 2;
            const std::int64_t out = row + 8 * (i / 2);
            if (token >= p.n || out >= p.w.rows) continue;
            float* y = p.y + static_cast<std::int64_t>(token) * p.w.rows + out;
            float v = sums[j][i];
            if (p.epilogue == Epilogue::Relu2) {
                v = fmaxf(v, 0.0F);
                v *= v;
            } else if (p.epilogue == Epilogue::Residual) {
                v += *y;
            }
            *y = v;
        }
    }
}

LARES_KERNEL(quantize_rows, 256, QuantizeParams) {
    const std::int64_t block = static_cast<std::int64_t>(blockIdx.x) * 8 + threadIdx.x / 32;
    if (block >= p.n_block) return;
    const Q8Vector out{p.q.q + block * 32, p.q.meta + block};
    quantize_block(p.x[block * 32 + threadIdx.x % 32], out, 0);
}

LARES_KERNEL(matmul_q5_0, kMatmulThreads, MatmulParams) {
    matmul<WeightType::Q5_0>(p);
}
LARES_KERNEL(matmul_q4_k, kMatmulThreads, MatmulParams) {
    matmul<WeightType::Q4_K>(p);
}
LARES_KERNEL(matmul_q8_0, kMatmulThreads, MatmulParams) {
    matmul<WeightType::Q8_0>(p);
}
LARES_KERNEL(matmul_q6_k, kMatmulThreads, MatmulParams) {
    matmul<WeightType::Q6_K>(p);
}
// The next and IQ4_NL: four blocks, so that the compiler does not spill to fit six (sm_80, sm_87).
LARES_KERNEL_RESIDENT(matmul_q4_0, kMatmulThreads, 4, MatmulParams) {
    matmul<WeightType::Q4_0>(p);
}
LARES_KERNEL(matmul_q4_1, kMatmulThreads, MatmulParams) {
    matmul<WeightType::Q4_1>(p);
}
LARES_KERNEL(matmul_q5_1, kMatmulThreads, MatmulParams) {
    matmul<WeightType::Q5_1>(p);
}
LARES_KERNEL(matmul_q5_k, kMatmulThreads, MatmulParams) {
    matmul<WeightType::Q5_K>(p);
}
LARES_KERNEL_RESIDENT(matmul_iq4_nl, kMatmulThreads, 4, MatmulParams) {
    matmul<WeightType::IQ4_NL>(p);
}
LARES_KERNEL(matmul_iq4_xs, kMatmulThreads, MatmulParams) {
    matmul<WeightType::IQ4_XS>(p);
}
LARES_KERNEL(matmul_q2_k, kMatmulThreads, MatmulParams) {
    matmul<WeightType::Q2_K>(p);
}
LARES_KERNEL(matmul_q3_k, kMatmulThreads, MatmulParams) {
    matmul<WeightType::Q3_K>(p);
}

}  // namespace lares::kernels
