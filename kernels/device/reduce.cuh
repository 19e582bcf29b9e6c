#pragma once

#include "kernels/device/cuda.cuh"

namespace lares::kernels {

constexpr unsigned kAllLanes = 0xFFFFFFFFU;

/// Over `kWidth` neighbouring lanes (a power of two); every one of them gets the result. All lanes
/// of the warp must call.
template <int kWidth = 32>
LARES_DEVICE float warp_sum(float v) {
    LARES_UNROLL
    for (int step = kWidth / 2; step > 0; step /= 2) v += __shfl_xor_sync(kAllLanes, v, step);
    return v;
}
template <int kWidth = 32>
LARES_DEVICE float warp_max(float v) {
    LARES_UNROLL
    for (int step = kWidth / 2; step > 0; step /= 2)
        v = fmaxf(v, __shfl_xor_sync(kAllLanes, v, step));
    return v;
}

/// Sums four values over kWidth neighbouring lanes (a power of two from 4 on); lane l of them gets
/// the sum of value 4 l / kWidth. Each step halves what a lane still carries: 6 shuffles over a
/// warp instead of 20. All lanes of the warp must call.
template <int kWidth = 32>
LARES_DEVICE float sum_one_of_four(const float (&v)[4]) {
    const unsigned lane = threadIdx.x % 32;
    const bool upper = (lane & (kWidth / 2)) != 0;
    const bool second = (lane & (kWidth / 4)) != 0;
    float two[2];
    LARES_UNROLL
    for (int i = 0; i < 2; ++i) {
        const float keep = upper ? v[2 + i] : v[i];
        two[i] = keep + __shfl_xor_sync(kAllLanes, upper ? v[i] : v[2 + i], kWidth / 2);
    }
    const float one = (second ? two[1] : two[0]) +
                      __shfl_xor_sync(kAllLanes, second ? two[0] : two[1], kWidth / 4);
    return warp_sum<kWidth / 4>(one);
}

/// Over all threads of a block of whole warps (at most 1024); every thread gets the result, and it
/// is the same for all. Two barriers. `scratch` [32] is shared and free again afterwards.
template <class Scratch>
LARES_DEVICE float block_sum(float v, Scratch& scratch) {
    const int lane = static_cast<int>(threadIdx.x % 32);
    const int warp = static_cast<int>(threadIdx.x / 32);
    const int n_warp = static_cast<int>(blockDim.x / 32);
    v = warp_sum(v);
    if (lane == 0) scratch[warp] = v;
    __syncthreads();
    v = warp_sum(lane < n_warp ? scratch[lane] : 0.0F);
    __syncthreads();
    return v;
}

}  // namespace lares::kernels
