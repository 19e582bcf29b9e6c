#include "kernels/device/async_copy.cuh"
#include "kernels/device/mma.cuh"
#include "kernels/device/q8.cuh"
#include "kernels/device/weights.cuh"
#include "kernels/matmul.h"

namespace lares::kernels {

constexpr int kMatmulThreads = 128;
constexpr int kMatmulTokens = 64;
constexpr int kMatmulColumns = 4;  // block columns staged at a time
// Pieces of 16 bytes of a staged token. One more, so that eight tokens' same piece, what ldmatrix
// reads at once, are in eight different banks.
constexpr int kMatmulRow = kMatmulColumns * 2 + 1;

/// Two words of a row, values 4t..4t+3 and 16+4t..16+4t+3 of a block, as signed bytes.
template <WeightType kType>
LARES_DEVICE void two_words(const PlanesView& w,
                            std::int64_t row,
                            int b,
                            int nb,
                            int t,
                            unsigned& first,
                            unsigned& second) {
    if constexpr (kType == WeightType::Q8_0) {
        const auto* at = reinterpret_cast<const unsigned*>(w.low + (row * 2 * nb + b) * 16) + t;
        first = __ldg(at);
        second = __ldg(at + nb * 4);
    } else {
        const unsigned v =
            __ldg(reinterpret_cast<const unsigned*>(w.low + (row * nb + b) * 16) + t);
        if constexpr (kIsIq4<kType>) {
            first = static_cast<unsigned>(lookup_iq4(v & 0xFFFFU));
            second = static_cast<unsigned>(lookup_iq4(v >> 16));
        } else {
            first = v & 0x0F0F0F0FU;
            second = v >> 4 & 0x0F0F0F0FU;
        }
        if constexpr (kHasFifthBit<kType>) {
            const unsigned h = __ldg(
                reinterpret_cast<const unsigned*>(w.high + (row / 4 * nb + b) * 16) + row % 4);
            first |= h << (4 - t) & 0x10101010U;
            second |= h >> t & 0x10101010U;
        }
        if constexpr (kType == WeightType::Q6_K) {
            const auto* h =
                reinterpret_cast<const unsigned*>(w.high + (row / 2 * nb + b) * 16) + row % 2 * 2;
            first |= (__ldg(h) >> (2 * t) & 0x03030303U) << 4;
            second |= (__ldg(h + 1) >> (2 * t) & 0x03030303U) << 4;
        }
    }
}

/// w = d (q - offset) + m of a block of one row; Q6_K: q times d in its first half, m in its
/// second.
template <WeightType kType>
LARES_DEVICE float2 scales_of(const PlanesView& w, std::int64_t row, int b, int nb) {
    const std::int64_t group = row / kGroupRows;
    const int r = static_cast<int>(row % kGroupRows);
    const auto half_at = [](const std::uint8_t* at, int i) {
        return half_to_float(__ldg(reinterpret_cast<const std::uint16_t*>(at) + i));
    };
    if constexpr (kHasMinimum<kType>) {
        const std::uint8_t* s = w.scale + (group * 2 * nb + b) * 16;
        return make_float2(half_at(s, r), half_at(s + nb * 16, r));
    } else if constexpr (kIsKQuant<kType>) {
        const uint4 fields = load16(w.scale + (group * nb + b) * 16);
        int scale = 0;
        int min = 0;
        LARES_UNROLL
        for (int i = 0; i < kGroupRows; ++i) {
            scale = i == r ? field6(fields, i) : scale;
            min = i == r ? field6(fields, 8 + i) : min;
        }
        const std::uint8_t* d = w.scale + (group * nb + (b & ~7) + r) * 16 + 12;
        return make_float2(half_at(d, 0) * static_cast<float>(scale),
                           -half_at(d, 1) * static_cast<float>(min));
    } else if constexpr (kType == WeightType::IQ4_XS) {
        const uint2 fields = load8(w.scale + (group * nb + b) * 8);
        const std::uint64_t all = (std::uint64_t{fields.y} << 32) | fields.x;
        const int scale = static_cast<int>(all >> (6 * r) & 63U) - 32;
        const std::uint8_t* d = w.scale + (group * nb + (b & ~7) + r) * 8 + 6;
        return make_float2(half_at(d, 0) * static_cast<float>(scale), 0.0F);
    } else if constexpr (kType == WeightType::Q6_K) {
        const std::uint8_t* s = w.scale + (group * nb + b) * 16 + 2 * r;
        const float d = half_at(w.super + (group * (nb / 8) + b / 8) * 16, r);
        return make_float2(d * static_cast<float>(static_cast<std::int8_t>(__ldg(s))),
                           d * static_cast<float>(static_cast<std::int8_t>(__ldg(s + 1))));
    } else {
        const float d = half_at(w.scale + (group * nb + b) * 16, r);
        return make_float2(d, 0.0F);
    }
}

/// What a lane gives to the tensor core of one block column, for rows g and g + 8.
template <WeightType kType>
struct MatmulWeights {
    unsigned a[4] = {};
    float2 scale[2] = {make_float2(0.0F, 0.0F), make_float2(0.0F, 0.0F)};

    LARES_DEVICE void load(const PlanesView& w, std::int64_t row, int b, int nb, int t) {
        const int rows = (w.rows + kGroupRows - 1) / kGroupRows * kGroupRows;  // with the padding
        LARES_UNROLL
        for (int i = 0; i < 2; ++i) {
            if (row + 8 * i >= rows) continue;
            two_words<kType>(w, row + 8 * i, b, nb, t, a[i], a[2 + i]);
            scale[i] = scales_of<kType>(w, row + 8 * i, b, nb);
        }
    }
};

/// Adds the products of one block column with eight tokens; m is of tokens 2t and 2t + 1.
template <WeightType kType>
LARES_DEVICE void add_column(const MatmulWeights<kType>& w,
                             const unsigned (&x)[2],
                             const Q8Meta (&m)[2],
                             float (&sums)[4]) {
    if constexpr (kType == WeightType::Q6_K) {
        int low[4] = {};
        int high[4] = {};
        mma_m16n8k16_s8(low, w.a[0], w.a[1], x[0]);
        mma_m16n8k16_s8(high, w.a[2], w.a[3], x[1]);
        LARES_UNROLL
        for (int i = 0; i < 4; ++i) {
            const float2 s = w.scale[i / 2];
            sums[i] +=
                m[i % 2].scale * (s.x * static_cast<float>(low[i] - 32 * m[i % 2].sum_low) +
                                  s.y * static_cast<float>(high[i] - 32 * m[i % 2].sum_high));
        }
    } else {
        int c[4] = {};
        mma_m16n8k32_s8(c, w.a, x);
        LARES_UNROLL
        for (int i = 0; i < 4; ++i) {
            const float2 s = w.scale[i / 2];
            const int sum = m[i % 2].sum_low + m[i % 2].sum_high;
            float v = s.x * static_cast<float>(c[i] - kOffset<kType> * sum);
            if constexpr (kHasMinimum<kType> || kIsKQuant<kType>)
                v += s.y * static_cast<float>(sum);
            sums[i] += m[i % 2].scale * v;
        }
    }
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
        async_copy8(&meta[stage * kMatmulTokens * kMatmulColumns + i], p.x.meta + at, is_inside);
    }
    close_copies();
}

template <WeightType kType>
LARES_DEVICE void matmul(const MatmulParams& p) {
    LARES_SHARED(uint4, staged, 2 * kMatmulTokens * kMatmulRow);  // [stage][token][piece]
    LARES_SHARED(Q8Meta, meta, 2 * kMatmulTokens * kMatmulColumns);
    const int lane = static_cast<int>(threadIdx.x) % 32;
    const int g = lane / 4;
    const int t = lane % 4;
    const int nb = p.w.cols / kBlock;
    const int first_token = static_cast<int>(blockIdx.x) * kMatmulTokens;
    const std::int64_t row =
        static_cast<std::int64_t>(blockIdx.y) * 64 + static_cast<int>(threadIdx.x) / 32 * 16 + g;

    stage_tokens(p, first_token, 0, nb, 0, staged, meta);
    MatmulWeights<kType> next;
    next.load(p.w, row, 0, nb, t);
    float sums[8][4] = {};  // [eight tokens][as mma's c]
    int stage = 0;
    for (int begin = 0; begin < nb; begin += kMatmulColumns) {
        wait_for_copies<0>();
        __syncthreads();  // the other stage is free too: it was read before this
        if (begin + kMatmulColumns < nb)
            stage_tokens(p, first_token, begin + kMatmulColumns, nb, 1 - stage, staged, meta);

        for (int column = 0; column < kMatmulColumns && begin + column < nb; ++column) {
            const MatmulWeights<kType> w = next;
            if (begin + column + 1 < nb) next.load(p.w, row, begin + column + 1, nb, t);
            LARES_UNROLL
            for (int j = 0; j < 8; j += 2) {
                if (first_token + 8 * j >= p.n) break;
                const int token = stage * kMatmulTokens + 8 * j;
                unsigned x[4];
                load_matrices(x, &staged[(token + lane / 16 * 8 + lane % 8) * kMatmulRow +
                                         2 * column + lane / 8 % 2]);
                LARES_UNROLL
                for (int i = 0; i < 2; ++i) {
                    const int at = (token + 8 * i + 2 * t) * kMatmulColumns + column;
                    const Q8Meta m[2] = {meta[at], meta[at + kMatmulColumns]};
                    const unsigned pair[2] = {x[2 * i], x[2 * i + 1]};
                    add_column<kType>(w, pair, m, sums[j + i]);
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
LARES_KERNEL(matmul_q4_0, kMatmulThreads, MatmulParams) {
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
LARES_KERNEL(matmul_iq4_nl, kMatmulThreads, MatmulParams) {
    matmul<WeightType::IQ4_NL>(p);
}
LARES_KERNEL(matmul_iq4_xs, kMatmulThreads, MatmulParams) {
    matmul<WeightType::IQ4_XS>(p);
}

}  // namespace lares::kernels
