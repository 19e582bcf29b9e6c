#pragma once

#include "kernels/device/q8.cuh"
#include "kernels/device/weights.cuh"
#include "kernels/matvec.h"

#include <type_traits>

namespace lares::kernels {

/// Columns that a row is read in: blocks of 32 values, or chunks of 16 bytes of plain types.
template <WeightType kType>
LARES_DEVICE int columns_of(int cols) {
    if constexpr (is_plain(kType)) return (cols + chunk_values(kType) - 1) / chunk_values(kType);
    return cols / kBlock;
}

/// One chunk of 16 bytes of a plain type as floats.
template <WeightType kType>
LARES_DEVICE void widen(uint4 v, float (&out)[chunk_values(kType)]) {
    LARES_UNROLL
    for (int i = 0; i < chunk_values(kType); ++i) {
        if constexpr (kType == WeightType::F32) {
            out[i] = __uint_as_float(word_of(v, i));
        } else if constexpr (kType == WeightType::F16) {
            out[i] = half_of(v, i);
        } else if constexpr (kType == WeightType::BF16) {
            const unsigned word = word_of(v, i / 2);
            out[i] = __uint_as_float(i % 2 == 0 ? word << 16 : word & 0xFFFF0000U);
        } else if (i % 2 == 0) {
            const float2 pair =
                fp8x2_to_float(static_cast<std::uint16_t>(word_of(v, i / 4) >> (8 * (i % 4))));
            out[i] = pair.x;
            out[i + 1] = pair.y;
        }
    }
}

/// x of one chunk; zeros past the end, where the weights are zero too. `is_aligned`: 16-byte loads
/// may be used.
template <int kN>
LARES_DEVICE void load_x(const float* x, int first, int n, bool is_aligned, float (&out)[kN]) {
    if (is_aligned && first + kN <= n) {
        LARES_UNROLL
        for (int i = 0; i < kN; i += 4) {
            const float4 v = as_float4(load_coherent16(x + first + i));
            out[i] = v.x;
            out[i + 1] = v.y;
            out[i + 2] = v.z;
            out[i + 3] = v.w;
        }
    } else {
        LARES_UNROLL
        for (int i = 0; i < kN; ++i) out[i] = first + i < n ? x[first + i] : 0.0F;
    }
}

/// One column of chunks of 8 rows of a plain type, in registers.
template <WeightType kType>
struct PlainColumn {
    static constexpr int kN = chunk_values(kType);
    uint4 low[kGroupRows];

    LARES_DEVICE void load(const PlanesView& w, const Place& at) {
        LARES_UNROLL
        for (int r = 0; r < kGroupRows; ++r) low[r] = load_stream16(low_at(w, at, r));
    }
    LARES_DEVICE void pack(unsigned zero) {
        for (uint4& v : low) make_opaque(v, zero);
    }
    template <int kVectors>
    LARES_DEVICE void multiply(const float (&x)[kVectors][kN],
                               float (&sums)[kVectors][kGroupRows]) const {
        LARES_UNROLL
        for (int r = 0; r < kGroupRows; ++r) {
            float values[kN];
            widen<kType>(low[r], values);
            LARES_UNROLL
            for (int v = 0; v < kVectors; ++v) {
                LARES_UNROLL
                for (int i = 0; i < kN; ++i)
                    sums[v][r] = multiply_add(values[i], x[v][i], sums[v][r]);
            }
        }
    }
};

/// What each group of each x is still to be multiplied by, to `factors` [n_vector, norm.n_group].
/// All threads of the block must call.
template <class Factors>
LARES_DEVICE void load_factors(const PendingNorm& norm, int n_vector, Factors& factors) {
    const int lane = static_cast<int>(threadIdx.x % 32);
    const int n_part = norm.group_size / 32;
    // The registers are full of weights: nothing is unrolled.
    LARES_NO_UNROLL
    for (int g = static_cast<int>(threadIdx.x / 32); g < n_vector * norm.n_group;
         g += kMatvecThreads / 32) {
        float squares = 0.0F;
        LARES_NO_UNROLL
        for (int i = lane; i < n_part; i += 32) squares += norm.squares[g * n_part + i];
        const float mean = warp_sum(squares) * norm.inverse_size;
        if (lane == 0) factors[g] = inverse_sqrt(mean + norm.eps);
    }
    __syncthreads();
}

/// Vectors that share what is unpacked of a weight; for more of them there are no registers. Since
/// compute capability 10.0 the compiler spills for two where two blocks are to fit.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 1000
constexpr bool kPairFitsTwoBlocks = false;
#else
constexpr bool kPairFitsTwoBlocks = true;
#endif
template <WeightType kType, int kVectors>
constexpr int kTogether = kVectors == 1 || kType == WeightType::FP8 ||
                                  (matvec_few_blocks(kType) > 1 && !kPairFitsTwoBlocks)
                              ? 1
                              : 2;
template <WeightType kType, int kVectors>
using MatvecSums =
    float[kVectors / kTogether<kType, kVectors>][kTogether<kType, kVectors>][kGroupRows];

/// The sums of one thread over its part of the columns, for each of the p.n_vector vectors x, at
/// most kVectors. The first column is on its way before the kernel before has ended: weights do not
/// depend on it.
template <WeightType kType, int kVectors>
LARES_DEVICE void sum_columns(
    const MatvecParams& p, int group, int lane, bool has_group, MatvecSums<kType, kVectors>& sums) {
    LARES_SHARED(float, factors, kVectors* kMaxPendingGroups);
    constexpr int kValues = is_plain(kType) ? chunk_values(kType) : kBlock;
    constexpr int kN = kTogether<kType, kVectors>;
    const int n_vector = kVectors == 1 ? 1 : p.n_vector;
    // Exact for every column there is: the quotient is off by less than half a column of a group.
    const auto factor_of = [&](int c, int v) {
        const float groups = static_cast<float>(c * kValues + kValues / 2) * p.x_norm.inverse_size;
        return factors[v * p.x_norm.n_group + static_cast<int>(groups)];
    };
    const std::int64_t row = static_cast<std::int64_t>(group) * kGroupRows;
    const int n_column = has_group ? columns_of<kType>(p.w.cols) : 0;
    std::conditional_t<is_plain(kType), PlainColumn<kType>, Column<kType>> column;
    const auto multiply_some = [&](int c, int first, float(&to)[kN][kGroupRows]) {
        std::conditional_t<is_plain(kType), float[kN][kValues], Q8Block[kN]> x;
        LARES_UNROLL
        for (int i = 0; i < kN; ++i) {
            // The last one again where there is no other: its sums are not looked at.
            const int v = first + i < n_vector ? first + i : n_vector - 1;
            if constexpr (is_plain(kType)) {
                const bool is_aligned = kVectors == 1 || p.w.cols % 4 == 0;
                load_x(p.x + v * p.w.cols, c * kValues, p.w.cols, is_aligned, x[i]);
                if (p.x_norm.squares) {
                    const float factor = factor_of(c, v);
                    LARES_UNROLL
                    for (float& value : x[i]) value *= factor;
                }
            } else {
                x[i] = load_q8_block(p.x_q8, v * (p.w.cols / kBlock) + c);
                if (p.x_norm.squares) x[i].scale *= factor_of(c, v);
            }
        }
        column.multiply(x, to);
    };
    const auto multiply = [&](int c) {
        LARES_UNROLL
        for (int i = 0; i < kVectors / kN; ++i) {
            if (i * kN >= n_vector) break;
            if (i > 0 && matvec_few_blocks(kType) > 1)
                column.pack(static_cast<unsigned>(n_vector >> 31));
            multiply_some(c, i * kN, sums[i]);
        }
    };
    if (lane < n_column) column.load(p.w, {row, lane, n_column});
    wait_for_grid_before();
    if (p.x_norm.squares) load_factors(p.x_norm, n_vector, factors);
    if (lane < n_column) multiply(lane);
    for (int c = lane + p.lanes_per_group; c < n_column; c += p.lanes_per_group) {
        column.load(p.w, {row, c, n_column});
        multiply(c);
    }
}

/// Sums 8 values over the 32 lanes; lane l gets that of row l / 4. Each step halves the values that
/// a lane still carries: 9 shuffles instead of 40.
LARES_DEVICE float warp_sum_rows(const float (&sums)[kGroupRows]) {
    const unsigned lane = threadIdx.x % 32;
    float four[4];
    LARES_UNROLL
    for (int i = 0; i < 4; ++i) {
        const bool upper = (lane & 16U) != 0;
        const float keep = upper ? sums[4 + i] : sums[i];
        four[i] = keep + __shfl_xor_sync(kAllLanes, upper ? sums[i] : sums[4 + i], 16);
    }
    float two[2];
    LARES_UNROLL
    for (int i = 0; i < 2; ++i) {
        const bool upper = (lane & 8U) != 0;
        const float keep = upper ? four[2 + i] : four[i];
        two[i] = keep + __shfl_xor_sync(kAllLanes, upper ? four[i] : four[2 + i], 8);
    }
    const bool upper = (lane & 4U) != 0;
    float v = (upper ? two[1] : two[0]) + __shfl_xor_sync(kAllLanes, upper ? two[0] : two[1], 4);
    v += __shfl_xor_sync(kAllLanes, v, 2);
    return v + __shfl_xor_sync(kAllLanes, v, 1);
}

/// The body of every matvec kernel: of one vector, or of two to kVectors.
template <WeightType kType, int kVectors = 1>
LARES_DEVICE void matvec(const MatvecParams& p) {
    constexpr int kWarps = kMatvecThreads / 32;
    constexpr int kPartial = kWarps * kGroupRows;
    constexpr int kN = kTogether<kType, kVectors>;
    LARES_SHARED(float, partial, kVectors* kPartial);  // [vector][warp][row]
    const int thread = static_cast<int>(threadIdx.x);
    const int groups_per_block = kMatvecThreads / p.lanes_per_group;
    const int n_group = (p.w.rows + kGroupRows - 1) / kGroupRows;
    const int group = static_cast<int>(blockIdx.x) * groups_per_block + thread / p.lanes_per_group;

    MatvecSums<kType, kVectors> sums = {};
    sum_columns<kType, kVectors>(p, group, thread % p.lanes_per_group, group < n_group, sums);
    __syncwarp();
    LARES_UNROLL
    for (int v = 0; v < kVectors; ++v) {
        const float sum = warp_sum_rows(sums[v / kN][v % kN]);
        if (thread % 4 == 0) partial[v * kPartial + thread / 4] = sum;
    }
    __syncthreads();

    // One thread a row: at most 64, whole warps where the result is quantised.
    if (thread >= groups_per_block * kGroupRows) return;
    const int warps_per_group = kWarps / groups_per_block;
    const int row = static_cast<int>(blockIdx.x) * groups_per_block * kGroupRows + thread;
    const bool is_inside = row < p.w.rows;
    const int n_vector = kVectors == 1 ? 1 : p.n_vector;
    LARES_NO_UNROLL
    for (int vector = 0; vector < n_vector; ++vector) {
        const int first = vector * kPartial + thread / kGroupRows * warps_per_group * kGroupRows +
                          thread % kGroupRows;
        float v = 0.0F;
        for (int w = 0; w < warps_per_group; ++w) v += partial[first + w * kGroupRows];
        v = __fmul_rn(v, p.w.tensor_scale);  // not joined with a sum that follows

        const int at = vector * p.w.rows + row;
        if (p.epilogue == Epilogue::Relu2) {
            v = fmaxf(v, 0.0F);
            v *= v;
        } else if (p.epilogue == Epilogue::Residual && is_inside) {
            v += p.y[at];
        }
        if (p.y && is_inside) p.y[at] = v;
        // Rows come in whole blocks of 32, so a warp is inside or outside as a whole.
        if (p.q_out.q && is_inside) quantize_block(v, p.q_out, at / 32);
    }
}

}  // namespace lares::kernels
