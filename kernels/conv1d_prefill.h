#pragma once

#include "kernels/launch.h"

namespace lares::kernels {

/// The short convolution of a Mamba-2 layer over many tokens, with SiLU, and softplus of dt (Dao &
/// Gu 2024, arXiv:2405.21060, §7.1):
///   xBC_out_t = silu(bias + Σ_k weight[k] * xBC_{t-3+k});   dt_out = softplus(dt + dt_bias)
/// Shapes  u [n, d_inner z | n_channel xBC | n_head dt], the in_proj's result
///         weight [n_channel, 4], last tap newest   bias [n_channel]   dt_bias [n_head]
///         state [4, n_channel], the ring of mamba2_decode.h: row t % 4 holds xBC_t
///         xBC [n, n_channel]   dt [n, n_head]
/// Dtypes  f32
/// Memory  borrowed device pointers, 16-byte aligned. `position` is that of the first token.
/// Threads 256 a block, a thread a channel or a head; grid.y is the token. Bound by memory: four
///         rows are read where one would do, three of them out of L2.
/// Two launches: the ring is written by the second, when nobody reads it any more.
struct Conv1dPrefillParams {
    const float* u = nullptr;
    const float* weight = nullptr;
    const float* bias = nullptr;
    const float* dt_bias = nullptr;
    float* state = nullptr;
    float* xBC = nullptr;
    float* dt = nullptr;
    const std::int32_t* position = nullptr;
    std::int32_t n = 0;
    std::int32_t d_inner = 0;
    std::int32_t n_channel = 0;
    std::int32_t n_head = 0;
};

/// A launch without a kernel where a size is below 1.
[[nodiscard]] Launch conv1d_prefill_launch(const Conv1dPrefillParams& params);
[[nodiscard]] Launch conv1d_store_launch(const Conv1dPrefillParams& params);

}  // namespace lares::kernels
