#pragma once

#include "kernels/launch.h"
#include "kernels/matvec.h"
#include "kernels/planes.h"

namespace lares::kernels {

/// Matrix product of plain weights with many tokens: y = x Wᵀ, with the epilogues of matvec.
/// Shapes  w [rows, cols] in planes (planes.h), of a plain type   x [n, cols]   y [n, rows]; any
///         n, rows and cols from 1
/// Dtypes  x, y f32. Tensor cores multiply 16-bit numbers, so x is split in a high and a low f16,
///         and both are multiplied (Ootomo & Yokota 2022, arXiv:2203.03341): good to 2^-22, as 64
///         values of a token are first scaled by a power of two, so that the largest is below
///         2^15 and none is too small. F16 and FP8 weights are exact in f16. BF16 weights are
///         scaled likewise, 64 of a row: exact down to 2^-31 of their largest, below that lost is
///         less than 2^-39 of it. Not bf16 x bf16, which would leave 2^-17 of x, and which sm_75
///         lacks. F32: multiply-adds, for tests.
///         Tensor cores cut off sums where a processor rounds (same paper), so they only sum 64
///         columns; the rest is added in f32.
/// Memory  borrowed device pointers, 16-byte aligned.
/// Threads 128; a block has 128 rows and 64 tokens, a warp 32 of the rows. The next weights and
///         tokens are on their way while the current ones are multiplied. grid.x is the token, so
///         that blocks which share weights run together and weights are read once into L2.
/// Bound by arithmetic above some hundred tokens, by reading w below. One kernel a type,
/// `matmul_<type>`.
struct MatmulPlainParams {
    PlanesView w;
    const float* x = nullptr;
    float* y = nullptr;
    std::int32_t n = 0;
    Epilogue epilogue = Epilogue::Store;
};

/// A launch without a kernel for a quantised type, or where x, y or a size is missing.
[[nodiscard]] Launch matmul_plain_launch(WeightType type, const MatmulPlainParams& params);

}  // namespace lares::kernels
