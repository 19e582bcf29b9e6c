#pragma once

#include "kernels/activations.h"
#include "kernels/launch.h"

namespace lares::kernels {

/// One token of a Mamba-2 layer between its projections, in one kernel (Dao & Gu 2024,
/// arXiv:2405.21060, eq. 2 and §7.1):
///   c  = silu(conv_bias + Σ_k conv_weight[k] * xBC_{t-3+k});   x, B, C = parts of c
///   dt = softplus(dt + dt_bias)
///   h  = exp(dt A) h + dt x ⊗ B;   v = (h C + D x) * silu(z);   y = v * gain
/// The grouped norm is left to whoever reads y: y still has to be divided by the root mean square
/// of its group's v, whose squares are summed here (PendingNorm, activations.h). Knowing the sum of
/// a group would mean to wait for all of its blocks: 3 of 8 µs on an H200.
/// Shapes  u [d_inner z | d_inner x | n_group d_state B | the same C | n_head dt], the in_proj's
///         result; d_inner = n_head * head_dim, n_channel = d_inner + 2 n_group d_state
///         conv_weight [n_channel, 4], last tap newest   conv_bias [n_channel]
///         conv_state [4, n_channel], a ring: row t % 4 holds xBC_t; zero at the start
///         dt_bias, A (negative), D [n_head]   gain, y [d_inner]
///         squares [n_group, ceil(d_inner / n_group / 32)]
///         state [n_head, head_dim, d_state], updated in place
/// Dtypes  f32; q_out as in activations.h, of y. Sums in f32.
/// Memory  borrowed device pointers, 16-byte aligned. `position` is t. y, q_out and squares may be
///         null; gain too, which is then 1.
/// Threads 256; a block has 32 channels of one group, a warp 4 of them with 4 states a lane.
/// Bound by reading and writing the state once: 7.9 MB a layer for the 4B.
struct Mamba2DecodeParams {
    const float* u = nullptr;
    const float* conv_weight = nullptr;
    const float* conv_bias = nullptr;
    float* conv_state = nullptr;
    const float* dt_bias = nullptr;
    const float* A = nullptr;
    const float* D = nullptr;
    const float* gain = nullptr;
    float* state = nullptr;
    float* y = nullptr;
    float* squares = nullptr;
    Q8Vector q_out;
    const std::int32_t* position = nullptr;
    std::int32_t n_head = 0;
    std::int32_t head_dim = 0;
    std::int32_t d_state = 0;
    std::int32_t n_group = 0;
};

/// Kernel `mamba2_decode`. A launch without a kernel where d_state is above 128 or no multiple of
/// 4, heads are not divided evenly, or q_out is wanted and a group is not whole blocks of 32.
[[nodiscard]] Launch mamba2_decode_launch(const Mamba2DecodeParams& params);

}  // namespace lares::kernels
