#pragma once

#include "kernels/activations.h"
#include "kernels/device/reduce.cuh"

namespace lares::kernels {

/// Quantises kN blocks of 32 values, v[k] one a lane, to the blocks first + k * stride of `out`
/// that are below `n_block`. All lanes of the warp must call, with the same numbers. Side by side:
/// one after the other, the shuffles would wait for each other.
template <int kN>
LARES_DEVICE void quantize_blocks(
    const float (&v)[kN], const Q8Vector& out, int first, int stride, int n_block) {
    const int lane = static_cast<int>(threadIdx.x % 32);
    float largest[kN];
    int q[kN];
    int sum[kN];
    LARES_UNROLL
    for (int k = 0; k < kN; ++k) largest[k] = fabsf(v[k]);
    LARES_UNROLL
    for (int step = 16; step > 0; step /= 2) {
        LARES_UNROLL
        for (int k = 0; k < kN; ++k)
            largest[k] = fmaxf(largest[k], __shfl_xor_sync(kAllLanes, largest[k], step));
    }
    LARES_UNROLL
    for (int k = 0; k < kN; ++k) {
        const float inverse = largest[k] > 0.0F ? 127.0F / largest[k] : 0.0F;
        q[k] = __float2int_rn(v[k] * inverse);
        sum[k] = q[k];
    }
    LARES_UNROLL
    for (int step = 8; step > 0; step /= 2) {  // of the lane's half
        LARES_UNROLL
        for (int k = 0; k < kN; ++k) sum[k] += __shfl_xor_sync(kAllLanes, sum[k], step);
    }
    LARES_UNROLL
    for (int k = 0; k < kN; ++k) {
        const int other = __shfl_xor_sync(kAllLanes, sum[k], 16);
        const int block = first + k * stride;
        if (block >= n_block) continue;
        out.q[block * 32 + lane] = static_cast<std::int8_t>(q[k]);
        if (lane == 0)
            out.meta[block] = {largest[k] / 127.0F, static_cast<std::int16_t>(sum[k]),
                               static_cast<std::int16_t>(other)};
    }
}

/// Quantises 32 values, one a lane, to block `block` of `out`. All lanes of the warp must call.
LARES_DEVICE void quantize_block(float v, const Q8Vector& out, int block) {
    const float one[1] = {v};
    quantize_blocks(one, out, block, 1, block + 1);
}

}  // namespace lares::kernels
