#pragma once

#include "kernels/activations.h"
#include "kernels/device/memory.cuh"
#include "kernels/device/reduce.cuh"

namespace lares::kernels {

/// Four neighbouring values of a row; zeros at and after `size`. `is_aligned`: 16-byte loads may be
/// used, which rows of a multiple of four values allow.
LARES_DEVICE float4 load_quad(const float* row, int first, int size, bool is_aligned) {
    if (is_aligned)
        return first < size ? as_float4(load_coherent16(row + first))
                            : make_float4(0.0F, 0.0F, 0.0F, 0.0F);
    return make_float4(first < size ? row[first] : 0.0F, first + 1 < size ? row[first + 1] : 0.0F,
                       first + 2 < size ? row[first + 2] : 0.0F,
                       first + 3 < size ? row[first + 3] : 0.0F);
}
LARES_DEVICE void store_quad(float* row, int first, int size, bool is_aligned, float4 v) {
    if (is_aligned) {
        if (first < size) store16(row + first, as_uint4(v));
        return;
    }
    if (first < size) row[first] = v.x;
    if (first + 1 < size) row[first + 1] = v.y;
    if (first + 2 < size) row[first + 2] = v.z;
    if (first + 3 < size) row[first + 3] = v.w;
}

/// Quantises the 128 values of a warp, four neighbouring ones a lane, to blocks first_block to
/// first_block + 3 of `out`, of those that are below `n_block`. All lanes of the warp must call.
/// Six shuffles for four blocks: a multiprocessor shuffles one warp at a time, and in a norm of one
/// row all of its warps do.
LARES_DEVICE void quantize_quads(float4 v, const Q8Vector& out, int first_block, int n_block) {
    const int lane = static_cast<int>(threadIdx.x % 32);
    const float largest =
        warp_max<8>(fmaxf(fmaxf(fabsf(v.x), fabsf(v.y)), fmaxf(fabsf(v.z), fabsf(v.w))));
    const float inverse = largest > 0.0F ? 127.0F / largest : 0.0F;
    const int q[4] = {__float2int_rn(v.x * inverse), __float2int_rn(v.y * inverse),
                      __float2int_rn(v.z * inverse), __float2int_rn(v.w * inverse)};
    int sum = q[0] + q[1] + q[2] + q[3];  // of the lane's half of a block: four lanes
    sum += __shfl_xor_sync(kAllLanes, sum, 1);
    sum += __shfl_xor_sync(kAllLanes, sum, 2);
    const int other = __shfl_xor_sync(kAllLanes, sum, 4);
    const int block = first_block + lane / 8;
    if (block >= n_block) return;
    const auto byte = [&](int i) { return static_cast<unsigned>(q[i]) & 0xFFU; };
    store4(out.q + block * 32 + 4 * (lane % 8),
           byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24);
    if (lane % 8 == 0)
        out.meta[block] = {largest / 127.0F, static_cast<std::int16_t>(sum),
                           static_cast<std::int16_t>(other)};
}

/// Quantises 32 values, one a lane, to block `block` of `out`. All lanes of the warp must call.
LARES_DEVICE void quantize_block(float v, const Q8Vector& out, int block) {
    const int lane = static_cast<int>(threadIdx.x % 32);
    const float largest = warp_max(fabsf(v));
    const float inverse = largest > 0.0F ? 127.0F / largest : 0.0F;
    const int q = __float2int_rn(v * inverse);
    int sum = q;  // of the lane's half
    LARES_UNROLL
    for (int step = 8; step > 0; step /= 2) sum += __shfl_xor_sync(kAllLanes, sum, step);
    const int other = __shfl_xor_sync(kAllLanes, sum, 16);
    out.q[block * 32 + lane] = static_cast<std::int8_t>(q);
    if (lane == 0)
        out.meta[block] = {largest / 127.0F, static_cast<std::int16_t>(sum),
                           static_cast<std::int16_t>(other)};
}

}  // namespace lares::kernels
