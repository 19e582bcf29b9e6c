// The loops behind kernels.h. Included by kernels_scalar.cpp, kernels_avx2.cpp, kernels_avx512.cpp,
// kernels_neon.cpp and kernels_neon_dotprod.cpp, each compiled with its own flags and with
// LARES_ISA naming its namespace.
//
// Nothing here may call an inline function or template of another header (std::min, std::vector …):
// the linker keeps one copy of such a function, and it could be the one compiled for a processor
// that the machine does not have.

#include <cmath>
#include <cstddef>
#include <cstdint>

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#elif defined(LARES_NEON)
#include <arm_neon.h>
#endif

#include "engine/backend/cpu/kernels.h"
#include "engine/tensor/dequantize.h"

namespace lares::cpu::LARES_ISA {
namespace {

// Each builds on the one before.
#include "engine/backend/cpu/simd.h"
//
#include "engine/backend/cpu/half.h"
//
#include "engine/backend/cpu/packed_read.h"
//
#include "engine/backend/cpu/packed_kernels.h"

// ---- quantised products -------------------------------------------------------------------------

void quantize_row(const float* x,
                  std::int64_t cols,
                  std::int64_t ld,
                  std::int8_t* q,
                  float* scale,
                  float* sum32,
                  float* sum16) {
    const std::int64_t n_blocks = cols / 32;
    for (std::int64_t b = 0; b < n_blocks; ++b) {
        const float* v = x + 32 * b;
        VecF largest{};
        for (int i = 0; i < 32; i += kLanes) {
            VecF a = load(v + i);
            a = a < VecF{} ? -a : a;
            largest = a > largest ? a : largest;
        }
        const float d = horizontal_max(largest) / 127.0F;
        const float inverse = d > 0.0F ? 1.0F / d : 0.0F;
        int sums[2] = {0, 0};
        for (int half = 0; half < 2; ++half) {
            int sum = 0;
            for (int i = 16 * half; i < 16 * half + 16; ++i) {
                // Round to nearest even without a library call: add and remove 1.5 * 2^23.
                const float rounded = (v[i] * inverse + 12582912.0F) - 12582912.0F;
                const int r = static_cast<int>(rounded);
                q[32 * b + i] = static_cast<std::int8_t>(r);
                sum += r;
            }
            sums[half] = sum;
        }
        scale[b] = d;
        sum16[2 * b] = d * static_cast<float>(sums[0]);
        sum16[2 * b + 1] = d * static_cast<float>(sums[1]);
        sum32[b] = d * static_cast<float>(sums[0] + sums[1]);
    }
    for (std::int64_t i = cols; i < ld; ++i) q[i] = 0;
    for (std::int64_t b = n_blocks; b < ld / 32; ++b)
        scale[b] = sum32[b] = sum16[2 * b] = sum16[2 * b + 1] = 0.0F;
}

void quantize_rows(
    const float* x, std::int64_t ldx, int n, std::int64_t cols, const QuantizedRows& out) {
    for (int i = 0; i < n; ++i)
        quantize_row(x + i * ldx, cols, out.ld, out.q + i * out.ld, out.scale + i * (out.ld / 32),
                     out.sum32 + i * (out.ld / 32), out.sum16 + i * (out.ld / 16));
}

/// Dot product of f32 rows, n a multiple of nothing in particular.
float dot_f32(const float* a, const float* b, std::int64_t n) {
    VecF s0{}, s1{}, s2{}, s3{};
    std::int64_t i = 0;
    for (; i + 4 * kLanes <= n; i += 4 * kLanes) {
        s0 += load(a + i) * load(b + i);
        s1 += load(a + i + kLanes) * load(b + i + kLanes);
        s2 += load(a + i + 2 * kLanes) * load(b + i + 2 * kLanes);
        s3 += load(a + i + 3 * kLanes) * load(b + i + 3 * kLanes);
    }
    for (; i + kLanes <= n; i += kLanes) s0 += load(a + i) * load(b + i);
    float sum = horizontal_sum((s0 + s1) + (s2 + s3));
    for (; i < n; ++i) sum += a[i] * b[i];
    return sum;
}

// ---- f32 products -------------------------------------------------------------------------------

template <int Cols>
void dot_block_f32(const float* w,
                   std::int64_t ldw,
                   int n_rows,
                   const float* x,
                   std::int64_t ldx,
                   std::int64_t cols,
                   float* y,
                   std::int64_t ldy) {
    VecF acc[kTileRows][Cols] = {};
    std::int64_t k = 0;
    for (; k + kLanes <= cols; k += kLanes) {
        VecF xv[Cols];
        for (int c = 0; c < Cols; ++c) xv[c] = load(x + c * ldx + k);
        for (int r = 0; r < kTileRows; ++r) {
            const VecF wv = load(w + r * ldw + k);
            for (int c = 0; c < Cols; ++c) acc[r][c] += wv * xv[c];
        }
    }
    for (int r = 0; r < n_rows; ++r)
        for (int c = 0; c < Cols; ++c) {
            float value = horizontal_sum(acc[r][c]);
            for (std::int64_t i = k; i < cols; ++i) value += w[r * ldw + i] * x[c * ldx + i];
            y[c * ldy + r] = value;
        }
}

void dot_tile_f32(const float* w,
                  std::int64_t ldw,
                  int n_rows,
                  const float* x,
                  std::int64_t ldx,
                  int n,
                  std::int64_t cols,
                  float* y,
                  std::int64_t ldy) {
    constexpr int kCols = kHas32Registers ? 4 : 2;
    int i = 0;
    for (; i + kCols <= n; i += kCols)
        dot_block_f32<kCols>(w, ldw, n_rows, x + i * ldx, ldx, cols, y + i * ldy, ldy);
    for (; i < n; ++i) dot_block_f32<1>(w, ldw, n_rows, x + i * ldx, ldx, cols, y + i * ldy, ldy);
}

void to_float(DType dtype, const std::byte* row, float* out, std::int64_t n) {
    const std::uint8_t* p = reinterpret_cast<const std::uint8_t*>(row);
    if (dtype == DType::F32) {
        __builtin_memcpy(out, p, static_cast<std::size_t>(n) * sizeof(float));
    } else if (dtype == DType::BF16) {
        for (std::int64_t i = 0; i < n; ++i) {
            const std::uint32_t bits = static_cast<std::uint32_t>(read_u16(p + 2 * i)) << 16;
            __builtin_memcpy(out + i, &bits, sizeof(bits));
        }
    } else if (dtype == DType::F16) {
        std::int64_t i = 0;
#if defined(__F16C__)
        for (; i + 8 <= n; i += 8)
            _mm256_storeu_ps(
                out + i,
                _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 2 * i))));
#elif defined(LARES_NEON)
        for (; i + kLanes <= n; i += kLanes) store(out + i, load_halves(p + 2 * i));
#endif
        for (; i < n; ++i) out[i] = read_half(p + 2 * i);
    }
}

/// c [m, n] (+)= a · b for up to 4 rows and one block of Width vectors.
template <int Rows, int Width>
void gemm_block(int k,
                const float* a,
                std::int64_t lda,
                const float* b,
                std::int64_t ldb,
                float* c,
                std::int64_t ldc,
                bool accumulate) {
    VecF acc[Rows][Width] = {};
    for (int l = 0; l < k; ++l) {
        VecF bv[Width];
        for (int j = 0; j < Width; ++j) bv[j] = load(b + l * ldb + j * kLanes);
        for (int i = 0; i < Rows; ++i) {
            const float s = a[i * lda + l];
            for (int j = 0; j < Width; ++j) acc[i][j] += s * bv[j];
        }
    }
    for (int i = 0; i < Rows; ++i)
        for (int j = 0; j < Width; ++j) {
            float* to = c + i * ldc + j * kLanes;
            store(to, accumulate ? load(to) + acc[i][j] : acc[i][j]);
        }
}

template <int Rows>
void gemm_rows(int n,
               int k,
               const float* a,
               std::int64_t lda,
               const float* b,
               std::int64_t ldb,
               float* c,
               std::int64_t ldc,
               bool accumulate) {
    constexpr int kWidth = kHas32Registers ? 5 : 2;
    int j = 0;
    for (; j + kWidth * kLanes <= n; j += kWidth * kLanes)
        gemm_block<Rows, kWidth>(k, a, lda, b + j, ldb, c + j, ldc, accumulate);
    for (; j + kLanes <= n; j += kLanes)
        gemm_block<Rows, 1>(k, a, lda, b + j, ldb, c + j, ldc, accumulate);
    for (; j < n; ++j)
        for (int i = 0; i < Rows; ++i) {
            float sum = accumulate ? c[i * ldc + j] : 0.0F;
            for (int l = 0; l < k; ++l) sum += a[i * lda + l] * b[l * ldb + j];
            c[i * ldc + j] = sum;
        }
}

void gemm(int m,
          int n,
          int k,
          const float* a,
          std::int64_t lda,
          const float* b,
          std::int64_t ldb,
          float* c,
          std::int64_t ldc,
          bool accumulate) {
    int i = 0;
    for (; i + 4 <= m; i += 4)
        gemm_rows<4>(n, k, a + i * lda, lda, b, ldb, c + i * ldc, ldc, accumulate);
    for (; i < m; ++i) gemm_rows<1>(n, k, a + i * lda, lda, b, ldb, c + i * ldc, ldc, accumulate);
}

// ---- elementwise --------------------------------------------------------------------------------

void rms_norm(const float* x, const float* w, float* out, std::int64_t n, float eps) {
    const float factor = 1.0F / std::sqrt(dot_f32(x, x, n) / static_cast<float>(n) + eps);
    for (std::int64_t i = 0; i < n; ++i) out[i] = w[i] * (x[i] * factor);
}

void relu2(float* x, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) {
        const float v = x[i] > 0.0F ? x[i] : 0.0F;
        x[i] = v * v;
    }
}

void add(float* x, const float* y, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) x[i] += y[i];
}

void scale_values(float* y, float factor, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) y[i] *= factor;
}

/// Runs `body(vector) -> vector` over n floats, the tail through a padded copy.
template <class Body>
void map(const float* in, float* out, std::int64_t n, const Body& body) {
    std::int64_t i = 0;
    for (; i + kLanes <= n; i += kLanes) store(out + i, body(load(in + i), i));
    if (i == n) return;
    float tail[kLanes] = {};
    for (std::int64_t j = i; j < n; ++j) tail[j - i] = in[j];
    store(tail, body(load(tail), i));
    for (std::int64_t j = i; j < n; ++j) out[j] = tail[j - i];
}

void exp_values(const float* x, float* e, std::int64_t n) {
    map(x, e, n, [](VecF v, std::int64_t) { return vec_exp(v); });
}

void gate_silu(float* y, const float* z, std::int64_t n) {
    std::int64_t i = 0;
    for (; i + kLanes <= n; i += kLanes) store(y + i, load(y + i) * vec_silu(load(z + i)));
    for (; i < n; ++i) y[i] *= z[i] / (1.0F + std::exp(-z[i]));
}

void conv_silu(const float* const* inputs,
               int d_conv,
               const float* weight,
               std::int64_t stride,
               const float* bias,
               float* out,
               std::int64_t n) {
    std::int64_t i = 0;
    for (; i + kLanes <= n; i += kLanes) {
        VecF sum = load(bias + i);
        for (int k = 0; k < d_conv; ++k) sum += load(weight + k * stride + i) * load(inputs[k] + i);
        store(out + i, vec_silu(sum));
    }
    for (; i < n; ++i) {
        float sum = bias[i];
        for (int k = 0; k < d_conv; ++k) sum += weight[k * stride + i] * inputs[k][i];
        out[i] = sum / (1.0F + std::exp(-sum));
    }
}

// ---- Mamba-2 ------------------------------------------------------------------------------------

/// Width vectors of channels at once: y stays in registers while h streams by.
template <int Width>
void ssm_step_block(float* h,
                    const float* x,
                    const float* B,
                    const float* C,
                    float dt,
                    float decay,
                    float D,
                    float* y,
                    int d_state,
                    std::int64_t head_dim) {
    VecF xv[Width], sum[Width] = {};
    for (int j = 0; j < Width; ++j) xv[j] = load(x + j * kLanes);
    for (int n = 0; n < d_state; ++n) {
        const float b = dt * B[n];
        const float c = C[n];
        float* row = h + n * head_dim;
        for (int j = 0; j < Width; ++j) {
            const VecF state = load(row + j * kLanes) * decay + xv[j] * b;
            store(row + j * kLanes, state);
            sum[j] += state * c;
        }
    }
    for (int j = 0; j < Width; ++j) store(y + j * kLanes, sum[j] + xv[j] * D);
}

void ssm_step(float* h,
              const float* x,
              const float* B,
              const float* C,
              float dt,
              float A,
              float D,
              float* y,
              int d_state,
              int head_dim) {
    const float decay = std::exp(dt * A);
    constexpr int kWidth = kHas32Registers ? 5 : 2;
    int p = 0;
    for (; p + kWidth * kLanes <= head_dim; p += kWidth * kLanes)
        ssm_step_block<kWidth>(h + p, x + p, B, C, dt, decay, D, y + p, d_state, head_dim);
    for (; p + kLanes <= head_dim; p += kLanes)
        ssm_step_block<1>(h + p, x + p, B, C, dt, decay, D, y + p, d_state, head_dim);
    for (; p < head_dim; ++p) {
        float sum = 0.0F;
        for (int n = 0; n < d_state; ++n) {
            float& state = h[static_cast<std::int64_t>(n) * head_dim + p];
            state = state * decay + dt * B[n] * x[p];
            sum += state * C[n];
        }
        y[p] = sum + D * x[p];
    }
}

void ssd_mask(const float* cb, const float* cum, const float* dt, float* m, int len, int ld) {
    for (int i = 0; i < len; ++i) {
        const float* from = cb + static_cast<std::int64_t>(i) * ld;
        float* to = m + static_cast<std::int64_t>(i) * ld;
        const float cum_i = cum[i];
        int j = 0;
        for (; j + kLanes <= i + 1; j += kLanes)
            store(to + j, load(from + j) * vec_exp(cum_i - load(cum + j)) * load(dt + j));
        for (; j <= i; ++j) to[j] = from[j] * std::exp(cum_i - cum[j]) * dt[j];
        for (; j < len; ++j) to[j] = 0.0F;
    }
}

#include "engine/backend/cpu/kernels_attention_impl.h"

}  // namespace

const Kernels kTable{
    LARES_ISA_ENUM, quantize_rows, packed_kernels, dot_tile_f32,
    to_float,       rms_norm,      relu2,          add,
    gate_silu,      conv_silu,     ssm_step,       gemm,
    ssd_mask,       scale_values,  exp_values,     {attend, store_key_value, expand_block},
};

}  // namespace lares::cpu::LARES_ISA
