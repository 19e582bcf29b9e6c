#pragma once

#include "kernels/activations.h"
#include "kernels/device/reduce.cuh"

namespace lares::kernels {

/// Quantises 32 values, one a lane, to block `block` of `out`. All lanes of the warp must call.
LARES_DEVICE void quantize_block(float v, const Q8Vector& out, int block) {
    const int lane = static_cast<int>(threadIdx.x % 32);
    const float largest = warp_max(fabsf(v));
    const float inverse = largest > 0.0F ? 127.0F / largest : 0.0F;
    const int q = __float2int_rn(v * inverse);
    const int sum = warp_sum<16>(q);  // of the lane's half
    const int other = __shfl_xor_sync(kAllLanes, sum, 16);
    out.q[block * 32 + lane] = static_cast<std::int8_t>(q);
    if (lane == 0)
        out.meta[block] = {largest / 127.0F, static_cast<std::int16_t>(sum),
                           static_cast<std::int16_t>(other)};
}

}  // namespace lares::kernels
