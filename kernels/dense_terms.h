#pragma once

#include "kernels/dequantize.h"
#include "kernels/launch.h"
#include "kernels/matvec.h"

/// What stands around a matrix product of a library (cuBLAS), which multiplies 16-bit numbers:
/// activations become a sum of 16-bit terms before it, its results one number after it.
///
/// x = term 0 + term 1, the larger first, as device/split.cuh does it for our own products. The
/// terms of all tokens stand below each other as one matrix of 2 * term_rows rows, so one product
/// reads the weights once for both.
///   F16   for F16 and FP8 weights, which are exact in f16. A token is first scaled by a power of
///         two so that its largest value is below 2^15: good to 2^-22 of a value, or 2^-39 of the
///         token's largest, which is more than f32 sums keep.
///   BF16  for BF16 weights as they lie: good to 2^-17 of a value, 2.3e-6 of a product (measured in
///         simt). Tensor cores cut off long f32 sums at about that; attention on the card leaves
///         4e-5 and more, one bf16 alone, as is usual, 2^-9. A third term would be exact and cost a
///         half more; writing the weights as scaled f16 (matmul_plain.h) would move 6 bytes a
///         weight and step, which costs more than the products until a step has hundreds of tokens.
namespace lares::kernels {

inline constexpr int kDenseTerms = 2;

/// Activations as terms.
/// Shapes  x [n, cols]   terms [2, term_rows, padded] with zeros from column `cols` on; rows
///         from n on are left as they are   scale [n], F16 only: what a token's sums are to be
///         multiplied by; padded a multiple of 8
/// Memory  borrowed device pointers, 16-byte aligned.
/// Threads 256, a block a token. Kernels `split_rows_f16`, `split_rows_bf16`. Bound by memory.
struct SplitRowsParams {
    const float* x = nullptr;
    std::uint16_t* terms = nullptr;
    float* scale = nullptr;
    std::int32_t n = 0;
    std::int32_t cols = 0;
    std::int32_t padded = 0;
    std::int32_t term_rows = 0;
};

/// FP8 weights in planes (planes.h) as f16 of a 256th of their value without the tensor's scale,
/// which is exact. 16 values of a row, and of the next after it, are 16 bytes: a row keeps its
/// padding. Threads 256, 16 values each. Kernel `widen_fp8`. Bound by writing `to`.
struct WidenFp8Params {
    const std::uint8_t* from = nullptr;
    std::uint16_t* to = nullptr;
    std::int64_t n_chunk = 0;  ///< of 16 values
};

/// Products of the terms as one: y = factor * scale * (parts[0] + parts[1]), with the epilogues
/// of matvec.
/// Shapes  parts [2, term_rows, rows]   scale [n] or null   y [n, rows]
/// Threads 256, a value each; grid.y is the token. Kernel `join_terms`. Bound by memory.
struct JoinTermsParams {
    const float* parts = nullptr;
    const float* scale = nullptr;
    float* y = nullptr;
    std::int32_t n = 0;
    std::int32_t rows = 0;
    std::int32_t term_rows = 0;
    float factor = 1.0F;
    Epilogue epilogue = Epilogue::Store;
};

/// Launches without a kernel where a size or a pointer is missing, or n is above 65535.
[[nodiscard]] Launch split_rows_launch(DenseType type, const SplitRowsParams& params);
[[nodiscard]] Launch widen_fp8_launch(const WidenFp8Params& params);
[[nodiscard]] Launch join_terms_launch(const JoinTermsParams& params);

}  // namespace lares::kernels
