#pragma once

#include "kernels/device/memory.cuh"
#include "kernels/device/numeric.cuh"
#include "kernels/device/q8.cuh"
#include "kernels/mamba2_decode.h"

// What a step of the Mamba-2 recurrence is made of, for the kernels of one token (mamba2_decode.cu)
// and of a trial (mamba2_trial.cu), which have to agree to the bit: so it stands here once, and
// says of every sum how it is rounded.

namespace lares::kernels {

constexpr int kMambaThreads = 256;
constexpr int kMambaTile = 32;  // channels of a block
constexpr int kMambaRows = 4;   // channels of a warp, each the work of eight lanes

/// What the convolution of a channel needs besides the newest input: nothing of it is from the
/// kernel before.
struct Taps {
    float4 weight;
    float bias;
    float before[3];  ///< oldest first
};
LARES_DEVICE Taps load_taps(const Mamba2DecodeParams& p, int channel, int n_channel, int t) {
    const float* ring = p.conv_state + channel;
    return {as_float4(load16(p.conv_weight + 4 * channel)),
            p.conv_bias[channel],
            {ring[((t + 1) & 3) * n_channel], ring[((t + 2) & 3) * n_channel],
             ring[((t + 3) & 3) * n_channel]}};
}
/// Convolution and SiLU.
LARES_DEVICE float convolve(const Taps& taps, float newest) {
    float sum = multiply_add(taps.weight.w, newest, taps.bias);
    sum = multiply_add(taps.weight.x, taps.before[0], sum);
    sum = multiply_add(taps.weight.y, taps.before[1], sum);
    sum = multiply_add(taps.weight.z, taps.before[2], sum);
    return silu(sum);
}

/// How much of the state a time step leaves.
LARES_DEVICE float decay_of(float dt, float a) {
    return expf(__fmul_rn(dt, a));
}

LARES_DEVICE float4 load_state(const float* state, int channel, int d_state, int lane) {
    return as_float4(
        load_coherent16(state + static_cast<std::int64_t>(channel) * d_state + 4 * lane));
}
LARES_DEVICE void store_state(float* state, int channel, int d_state, int lane, float4 h) {
    store16(state + static_cast<std::int64_t>(channel) * d_state + 4 * lane, as_uint4(h));
}

/// Four states of a channel, one time step on.
LARES_DEVICE void advance(float4& h, float decay, float dt_x, float4 b) {
    h.x = multiply_add(decay, h.x, __fmul_rn(dt_x, b.x));
    h.y = multiply_add(decay, h.y, __fmul_rn(dt_x, b.y));
    h.z = multiply_add(decay, h.z, __fmul_rn(dt_x, b.z));
    h.w = multiply_add(decay, h.w, __fmul_rn(dt_x, b.w));
}
/// What they give to the output.
LARES_DEVICE float output_of(float4 h, float4 c) {
    float sum = __fmul_rn(h.x, c.x);
    sum = multiply_add(h.y, c.y, sum);
    sum = multiply_add(h.z, c.z, sum);
    return multiply_add(h.w, c.w, sum);
}

/// Four neighbouring values of B or C in shared memory.
template <class Values>
LARES_DEVICE float4 four_of(const Values& values, int at) {
    return make_float4(values[at], values[at + 1], values[at + 2], values[at + 3]);
}

/// A tile's channels of the row `token`, one a lane of a warp: their squares, and themselves times
/// the gain.
LARES_DEVICE void store_tile(
    const Mamba2DecodeParams& p, int token, float v, float gain, int channel, bool is_inside) {
    const int row = token * p.n_head * p.head_dim;
    if (p.squares) {
        const float squares = warp_sum(__fmul_rn(v, v));
        if (threadIdx.x % 32 == 0)
            p.squares[(token * static_cast<int>(gridDim.y) + static_cast<int>(blockIdx.y)) *
                          static_cast<int>(gridDim.x) +
                      static_cast<int>(blockIdx.x)] = squares;
    }
    v *= gain;
    if (p.y && is_inside) p.y[row + channel] = v;
    if (p.q_out.q) quantize_block(v, p.q_out, (row + channel) / 32);
}

}  // namespace lares::kernels
