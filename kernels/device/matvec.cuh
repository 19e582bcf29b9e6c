#pragma once

#include "kernels/device/q8.cuh"
#include "kernels/device/weights.cuh"
#include "kernels/matvec.h"

namespace lares::kernels {

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
        } else {
            out[i] = fp8_to_float(static_cast<std::uint8_t>(word_of(v, i / 4) >> (8 * (i % 4))));
        }
    }
}

/// x of one chunk; zeros past the end, where the weights are zero too.
template <int kN>
LARES_DEVICE void load_x(const float* x, int first, int n, float (&out)[kN]) {
    if (first + kN <= n) {
        LARES_UNROLL
        for (int i = 0; i < kN; i += 4) {
            const float4 v = as_float4(load16(x + first + i));
            out[i] = v.x;
            out[i + 1] = v.y;
            out[i + 2] = v.z;
            out[i + 3] = v.w;
        }
    } else {
        LARES_UNROLL
        for (int i = 0; i < kN; ++i) out[i] = first + i < n ? __ldg(x + first + i) : 0.0F;
    }
}

/// The sums of one thread over its part of the columns.
template <WeightType kType>
LARES_DEVICE void sum_columns(const MatvecParams& p,
                              int group,
                              int lane,
                              float (&sums)[kGroupRows]) {
    const std::int64_t row = static_cast<std::int64_t>(group) * kGroupRows;
    if constexpr (is_plain(kType)) {
        constexpr int kN = chunk_values(kType);
        const int n_chunk = (p.w.cols + kN - 1) / kN;
        for (int c = lane; c < n_chunk; c += p.lanes_per_group) {
            uint4 w[kGroupRows];
            LARES_UNROLL
            for (int r = 0; r < kGroupRows; ++r)
                w[r] = load_stream16(p.w.low + ((row + r) * n_chunk + c) * 16);
            float x[kN];
            load_x(p.x, c * kN, p.w.cols, x);
            LARES_UNROLL
            for (int r = 0; r < kGroupRows; ++r) {
                float values[kN];
                widen<kType>(w[r], values);
                LARES_UNROLL
                for (int i = 0; i < kN; ++i) sums[r] += values[i] * x[i];
            }
        }
    } else {
        const int n_block = p.w.cols / kBlock;
        for (int b = lane; b < n_block; b += p.lanes_per_group) {
            Column<kType> column;
            column.load(p.w, {row, b, n_block});
            const Q8Block x = load_q8_block(p.x_q8, b);
            column.multiply(x, sums);
        }
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

/// The body of every matvec kernel.
template <WeightType kType>
LARES_DEVICE void matvec(const MatvecParams& p) {
    constexpr int kWarps = kMatvecThreads / 32;
    LARES_SHARED(float, partial, kWarps* kGroupRows);  // [warp][row]
    const int thread = static_cast<int>(threadIdx.x);
    const int groups_per_block = kMatvecThreads / p.lanes_per_group;
    const int n_group = (p.w.rows + kGroupRows - 1) / kGroupRows;
    const int group = static_cast<int>(blockIdx.x) * groups_per_block + thread / p.lanes_per_group;

    float sums[kGroupRows] = {};
    if (group < n_group) sum_columns<kType>(p, group, thread % p.lanes_per_group, sums);
    __syncwarp();
    const float sum = warp_sum_rows(sums);
    if (thread % 4 == 0) partial[thread / 4] = sum;
    __syncthreads();

    // One thread a row: at most 64, whole warps where the result is quantised.
    if (thread >= groups_per_block * kGroupRows) return;
    const int warps_per_group = kWarps / groups_per_block;
    float v = 0.0F;
    for (int w = 0; w < warps_per_group; ++w)
        v +=
            partial[(thread / kGroupRows * warps_per_group + w) * kGroupRows + thread % kGroupRows];
    v *= p.w.tensor_scale;

    const int row = static_cast<int>(blockIdx.x) * groups_per_block * kGroupRows + thread;
    const bool is_inside = row < p.w.rows;
    if (p.epilogue == Epilogue::Relu2) {
        v = fmaxf(v, 0.0F);
        v *= v;
    } else if (p.epilogue == Epilogue::Residual && is_inside) {
        v += p.y[row];
    }
    if (p.y && is_inside) p.y[row] = v;
    // Rows come in whole blocks of 32, so a warp is inside or outside as a whole.
    if (p.q_out.q && is_inside) quantize_block(v, p.q_out, row / 32);
}

}  // namespace lares::kernels
