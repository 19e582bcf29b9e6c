#pragma once

#include "kernels/activations.h"
#include "kernels/launch.h"

namespace lares::kernels {

/// Root mean square layer normalisation (Zhang & Sennrich 2019, arXiv:1910.07467, eq. 4), over each
/// of n_group equal parts of a row on its own, with an optional residual before and quantisation
/// after:
///   x += add;   y = x / sqrt(mean x² + eps) * gain;   q = 8 bits of y in blocks of 32
/// Shapes  x, add, y [n_row, n]   gain [n]   q of row i at q + i * n, meta at i * n / 32
/// Dtypes  f32; q as in activations.h
/// Memory  borrowed device pointers; x is written only with `add`. x and y may be the same.
///         add, y and q may be null; q needs n / n_group to be a multiple of 32.
/// Threads a block for each group of each row, a warp for 32 values at a time. Bound by latency:
///         a row is 12.5 KB for the 4B.
struct RmsNormParams {
    float* x = nullptr;
    const float* add = nullptr;
    const float* gain = nullptr;
    float* y = nullptr;
    Q8Vector q;
    std::int32_t n = 0;
    std::int32_t n_group = 1;
    float eps = 0.0F;
};

/// Kernel `rms_norm`. A launch without a kernel where the shapes are not as above.
[[nodiscard]] Launch rms_norm_launch(const RmsNormParams& params, int n_row);

}  // namespace lares::kernels
