#pragma once

#include "kernels/dequantize.h"
#include "kernels/launch.h"
#include "kernels/matvec.h"

/// What stands around a matrix product of a library (cuBLAS), which multiplies 16-bit numbers:
/// activations become a sum of 16-bit terms before it, its results one number after it.
///
/// x = term 0 + term 1 + …, the largest first. The terms of all tokens stand below each other as
/// one matrix of n_term * term_rows rows, so one product reads the weights once for all of them.
///   F16   2 terms (as device/split.cuh), for F16 and FP8 weights, which are exact in f16. A token
///         is first scaled by a power of two so that its largest value is below 2^15: good to
///         2^-22 of a value, or 2^-39 of the token's largest, which is more than f32 sums keep.
///   BF16  3 terms, for BF16 weights as they lie: 3 times 8 bits are all of an f32, unless a term
///         is below 2^-126. One product more than in f16, but weights need no copy: rewriting them
///         as scaled f16 (matmul_plain.h) would move 6 bytes a weight and step, which costs more
///         than the third product until a step has many hundred tokens. Two terms would leave
///         2^-17 of a value, tens of times what the CPU backend leaves.
namespace lares::kernels {

[[nodiscard]] constexpr int dense_term_count(DenseType type) {
    return type == DenseType::F16 ? 2 : 3;
}

/// Activations as terms.
/// Shapes  x [n, cols]   terms [n_term, term_rows, padded] with zeros from column `cols` on; rows
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

/// Products of the terms as one: y = factor * scale * (… + parts[1] + parts[0]), with the epilogues
/// of matvec; the smallest first.
/// Shapes  parts [n_term, term_rows, rows]   scale [n] or null   y [n, rows]
/// Threads 256, a value each; grid.y is the token. Kernel `join_terms`. Bound by memory.
struct JoinTermsParams {
    const float* parts = nullptr;
    const float* scale = nullptr;
    float* y = nullptr;
    std::int32_t n = 0;
    std::int32_t rows = 0;
    std::int32_t term_rows = 0;
    std::int32_t n_term = 0;
    float factor = 1.0F;
    Epilogue epilogue = Epilogue::Store;
};

/// Launches without a kernel where a size or a pointer is missing, or n is above 65535.
[[nodiscard]] Launch split_rows_launch(DenseType type, const SplitRowsParams& params);
[[nodiscard]] Launch widen_fp8_launch(const WidenFp8Params& params);
[[nodiscard]] Launch join_terms_launch(const JoinTermsParams& params);

}  // namespace lares::kernels
