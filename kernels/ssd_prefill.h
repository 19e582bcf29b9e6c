#pragma once

#include "kernels/launch.h"

namespace lares::kernels {

/// The state space layer of Mamba-2 over many tokens in its chunked form (Dao & Gu 2024,
/// arXiv:2405.21060, §6, with dt). For a head and a chunk of tokens, a_i = dt_i A, cum_i = Σ a_j to
/// i:
///   M_ij = (C_i · B_j) exp(cum_i - cum_j) dt_j  for j <= i
///   Y    = M x + exp(cum_i) (h C_i) + D x;   y = Y * silu(z)
///   h    = exp(cum_last) h + Σ_j exp(cum_last - cum_j) dt_j x_j ⊗ B_j
/// Shapes  xBC [n, d_inner x | n_group d_state B | the same C] after convolution   dt [n, n_head]
///         after softplus   z: row i at z + i * z_stride, d_inner values
///         A (negative), D [n_head]   state [n_head, head_dim, d_state], updated in place
///         y [n, d_inner], before the norm (rms_norm with n_group)
/// Dtypes  f32, sums in f32. Every exponent is at most 0. The products are on tensor cores, each
///         factor in two f16 with a power of two for a row (device/split.cuh), so three products
///         for one: one f16 a factor would be 3e-4 from f64 in every layer, this is 5e-7.
/// Memory  borrowed device pointers, 16-byte aligned.
/// Threads a warp for 16 channels, up to 128 channels of one head a block, which walks over chunks
///         of 32 tokens. The warps share M, C and B in shared memory, 36 KB; the state stays in
///         registers, 64 a thread.
/// Version 2, on tensor cores. Nothing overlaps with loading a chunk but the other blocks.
struct SsdPrefillParams {
    const float* xBC = nullptr;
    const float* dt = nullptr;
    const float* z = nullptr;
    const float* A = nullptr;
    const float* D = nullptr;
    float* state = nullptr;
    float* y = nullptr;
    std::int32_t n = 0;
    std::int32_t z_stride = 0;
    std::int32_t n_head = 0;
    std::int32_t head_dim = 0;
    std::int32_t d_state = 0;
    std::int32_t n_group = 0;
};

/// Kernel `ssd_prefill`. A launch without a kernel where d_state is above 128 or heads are not
/// divided evenly.
[[nodiscard]] Launch ssd_prefill_launch(const SsdPrefillParams& params);

}  // namespace lares::kernels
