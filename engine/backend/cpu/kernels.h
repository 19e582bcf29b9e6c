#pragma once

#include "engine/backend/cpu/kernels_attention.h"
#include "engine/backend/cpu/packed_matrix.h"
#include "engine/tensor/dtype.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

/// The inner loops of the CPU backend. One source (kernels_impl.h) is compiled for several
/// instruction sets; `kernels()` picks the best that this processor has. All functions are pure
/// loops over borrowed memory: no allocation, no threads, no errors.
namespace lares::cpu {

enum class Isa {
    Scalar,
    Avx2,         ///< with FMA and F16C
    Avx512,       ///< F, BW, VL, DQ and VNNI
    Neon,         ///< what every AArch64 processor has
    NeonDotprod,  ///< with the dot products of bytes (FEAT_DotProd, Armv8.2)
};
inline constexpr Isa kIsas[] = {Isa::Scalar, Isa::Avx2, Isa::Avx512, Isa::Neon, Isa::NeonDotprod};
[[nodiscard]] std::string_view to_string(Isa isa);

/// Activations in 8 bits, blocks of 32 with one scale: x = scale * q, |q| <= 127. Rows are padded
/// with zeros to a multiple of 64 columns (`ld`).
struct QuantizedRows {
    std::int8_t* q = nullptr;  ///< [n, ld]
    float* scale = nullptr;    ///< [n, ld / 32]
    float* sum32 = nullptr;    ///< [n, ld / 32], scale times the sum of q over 32: what a weight's
                               ///< minimum is multiplied by
    float* sum16 = nullptr;    ///< [n, ld / 16], the same over 16
    std::int64_t ld = 0;
};

/// Some chunks of a packed group of 16 rows, unpacked to bytes for products with many tokens.
/// 64-byte aligned.
struct UnpackedGroup {
    std::uint8_t* q = nullptr;  ///< [chunks, 8, 16, 4]: row r, column 4g + i at [c][g][r][i]
    float* scale = nullptr;     ///< [chunks, scales a chunk (1; Q2_K, Q3_K, Q6_K 2), 16]
    float* min = nullptr;       ///< the same shape; value = scale * q - min
};

/// Products of one quantised type.
struct PackedKernels {
    /// y[t * ldy + r] = w_r · x_t for n tokens, a few, and the rows of the groups [begin, end).
    /// Each token's products are those that it has alone, to the bit.
    void (*matvec)(const PackedMatrix& w,
                   std::int64_t begin,
                   std::int64_t end,
                   const QuantizedRows& x,
                   int n,
                   float* y,
                   std::int64_t ldy);
    /// Chunks [first_chunk, first_chunk + n_chunks) of one group.
    void (*unpack)(const PackedMatrix& w,
                   std::int64_t group,
                   std::int64_t first_chunk,
                   std::int64_t n_chunks,
                   const UnpackedGroup& out);
    /// y[t * ldy + r] (+)= w_r · x_t over those chunks, for the group's first `n_rows` <= 16 rows
    /// and tokens [first, first + n).
    void (*dot)(const UnpackedGroup& w,
                std::int64_t first_chunk,
                std::int64_t n_chunks,
                const QuantizedRows& x,
                int first,
                int n,
                float* y,
                std::int64_t ldy,
                int n_rows,
                bool accumulate);
};

inline constexpr int kTileRows = 4;  ///< weight rows that dot_tile_f32 handles together
inline constexpr std::int64_t kColumnPadding = 64;
[[nodiscard]] constexpr std::int64_t padded(std::int64_t n) {
    return (n + kColumnPadding - 1) / kColumnPadding * kColumnPadding;
}

struct Kernels {
    Isa isa;

    /// x [n, cols] (rows `ldx` apart) to 8 bits. Precondition: cols is a multiple of 32.
    void (*quantize_rows)(
        const float* x, std::int64_t ldx, int n, std::int64_t cols, const QuantizedRows& out);

    /// The products of one type; nullptr for a type that is not packed.
    const PackedKernels* (*packed)(DType dtype);

    /// y[i * ldy + r] = w_r · x_i for n rows x_i and n_rows <= kTileRows weight rows, all f32.
    void (*dot_tile_f32)(const float* w,
                         std::int64_t ldw,
                         int n_rows,
                         const float* x,
                         std::int64_t ldx,
                         int n,
                         std::int64_t cols,
                         float* y,
                         std::int64_t ldy);

    /// F32, F16 or BF16 row to f32.
    void (*to_float)(DType dtype, const std::byte* row, float* out, std::int64_t n);

    /// out[i] = w[i] * x[i] / sqrt(mean(x²) + eps)  (Zhang & Sennrich 2019, arXiv:1910.07467). out
    /// may be x.
    void (*rms_norm)(const float* x, const float* w, float* out, std::int64_t n, float eps);

    /// y = max(x, 0)²  (So et al. 2021, arXiv:2109.08668), in place.
    void (*relu2)(float* x, std::int64_t n);

    /// x += y
    void (*add)(float* x, const float* y, std::int64_t n);

    /// y = y * silu(z)
    void (*gate_silu)(float* y, const float* z, std::int64_t n);

    /// Depthwise causal convolution and SiLU for one token and `n` channels: out[c] = silu(bias[c]
    /// + Σ_k weight[k][c] * input_k[c]), input_k = inputs[k], the last one newest. `weight` is
    /// [d_conv, stride] (taps outermost).
    void (*conv_silu)(const float* const* inputs,
                      int d_conv,
                      const float* weight,
                      std::int64_t stride,
                      const float* bias,
                      float* out,
                      std::int64_t n);

    /// One token of the Mamba-2 recurrence for one head (Dao & Gu 2024, arXiv:2405.21060, eq. 1
    /// with scalar A):
    ///   h = exp(dt*A) h + dt B ⊗ x;  y = Cᵀ h + D x.    h [d_state, head_dim], updated in place.
    void (*ssm_step)(float* h,
                     const float* x,
                     const float* B,
                     const float* C,
                     float dt,
                     float A,
                     float D,
                     float* y,
                     int d_state,
                     int head_dim);

    /// c [m, n] (+)= a [m, k] · b [k, n], row-major with the given strides; accumulates when
    /// `accumulate`.
    void (*gemm)(int m,
                 int n,
                 int k,
                 const float* a,
                 std::int64_t lda,
                 const float* b,
                 std::int64_t ldb,
                 float* c,
                 std::int64_t ldc,
                 bool accumulate);

    /// The decay-weighted score matrix of one chunk and head (arXiv:2405.21060 §6, with dt):
    ///   m[i][j] = cb[i][j] * exp(cum[i] - cum[j]) * dt[j] for j <= i, else 0.   All [len, len],
    ///   rows `ld` apart.
    void (*ssd_mask)(const float* cb, const float* cum, const float* dt, float* m, int len, int ld);

    /// y = scale * y
    void (*scale)(float* y, float factor, std::int64_t n);
    /// e[i] = exp(x[i])
    void (*exp)(const float* x, float* e, std::int64_t n);

    AttentionKernels attention;
};

/// The table for the best instruction set of this processor. LARES_CPU_ISA=scalar|avx2|avx512, on
/// AArch64 scalar|neon|neon-dotprod, lowers the choice, for tests and for narrowing down a fault;
/// it never raises it, and a name that this architecture does not have means scalar.
[[nodiscard]] const Kernels& kernels();
/// The table of one instruction set, nullptr where the processor or the build lacks it.
[[nodiscard]] const Kernels* kernels_or_null(Isa isa);

}  // namespace lares::cpu
