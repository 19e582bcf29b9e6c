#include "kernels/dense_terms.h"
#include "kernels/device/memory.cuh"
#include "kernels/device/reduce.cuh"
#include "kernels/device/split.cuh"

namespace lares::kernels {

/// Columns c to c + 3 of a row; zeros from `cols` on.
LARES_DEVICE float4 load_columns(const float* row, int c, int cols) {
    if (cols % 4 == 0 && c < cols) return as_float4(load16(row + c));
    return make_float4(c < cols ? __ldg(row + c) : 0.0F, c + 1 < cols ? __ldg(row + c + 1) : 0.0F,
                       c + 2 < cols ? __ldg(row + c + 2) : 0.0F,
                       c + 3 < cols ? __ldg(row + c + 3) : 0.0F);
}

LARES_KERNEL(split_rows_f16, 256, SplitRowsParams) {
    LARES_SHARED(float, warp_largest, 8);
    const int thread = static_cast<int>(threadIdx.x);
    const auto token = static_cast<std::int64_t>(blockIdx.x);
    const float* row = p.x + token * p.cols;
    float largest = 0.0F;
    for (int c = 4 * thread; c < p.padded; c += 1024) {
        const float4 v = load_columns(row, c, p.cols);
        largest =
            fmaxf(largest, fmaxf(fmaxf(fabsf(v.x), fabsf(v.y)), fmaxf(fabsf(v.z), fabsf(v.w))));
    }
    largest = warp_max(largest);
    if (thread % 32 == 0) warp_largest[thread / 32] = largest;
    __syncthreads();
    const Power power = power_below_2_15(warp_max<8>(warp_largest[thread % 8]));
    if (thread == 0) p.scale[token] = power.down;
    const std::int64_t term = static_cast<std::int64_t>(p.term_rows) * p.padded;
    for (int c = 4 * thread; c < p.padded; c += 1024) {
        const float4 v = load_columns(row, c, p.cols);
        uint2 high;
        uint2 low;
        split(v.x * power.up, v.y * power.up, high.x, low.x);
        split(v.z * power.up, v.w * power.up, high.y, low.y);
        std::uint16_t* to = p.terms + token * p.padded + c;
        store8(to, high);
        store8(to + term, low);
    }
}

LARES_KERNEL(split_rows_bf16, 256, SplitRowsParams) {
    const auto token = static_cast<std::int64_t>(blockIdx.x);
    const float* row = p.x + token * p.cols;
    const std::int64_t term = static_cast<std::int64_t>(p.term_rows) * p.padded;
    for (int c = 4 * static_cast<int>(threadIdx.x); c < p.padded; c += 1024) {
        float4 v = load_columns(row, c, p.cols);
        std::uint16_t* to = p.terms + token * p.padded + c;
        LARES_UNROLL
        for (int i = 0; i < kDenseTerms; ++i) {
            const unsigned x = float_to_bfloat16(v.x);
            const unsigned y = float_to_bfloat16(v.y);
            const unsigned z = float_to_bfloat16(v.z);
            const unsigned w = float_to_bfloat16(v.w);
            store8(to + i * term, make_uint2(x | y << 16, z | w << 16));
            // What a term leaves has no more bits than an f32: the differences are exact.
            v = make_float4(v.x - __uint_as_float(x << 16), v.y - __uint_as_float(y << 16),
                            v.z - __uint_as_float(z << 16), v.w - __uint_as_float(w << 16));
        }
    }
}

/// Two words of two f16 each, of the four FP8 of a word in their order.
LARES_DEVICE uint2 widen_word(unsigned word) {
    const unsigned even = halves_of_fp8(word << 8);
    const unsigned odd = halves_of_fp8(word);
    return make_uint2((even & 0xFFFFU) | odd << 16, even >> 16 | (odd & 0xFFFF0000U));
}

LARES_KERNEL(widen_fp8, 256, WidenFp8Params) {
    const std::int64_t chunk = static_cast<std::int64_t>(blockIdx.x) * 256 + threadIdx.x;
    if (chunk >= p.n_chunk) return;
    const uint4 v = load_stream16(p.from + 16 * chunk);
    const uint2 a = widen_word(v.x);
    const uint2 b = widen_word(v.y);
    const uint2 c = widen_word(v.z);
    const uint2 d = widen_word(v.w);
    store16(p.to + 16 * chunk, make_uint4(a.x, a.y, b.x, b.y));
    store16(p.to + 16 * chunk + 8, make_uint4(c.x, c.y, d.x, d.y));
}

LARES_KERNEL(join_terms, 256, JoinTermsParams) {
    const int row = static_cast<int>(blockIdx.x * 256 + threadIdx.x);
    if (row >= p.rows) return;
    const auto token = static_cast<std::int64_t>(blockIdx.y);
    const std::int64_t term = static_cast<std::int64_t>(p.term_rows) * p.rows;
    const float* parts = p.parts + token * p.rows + row;
    float v = (__ldg(parts) + __ldg(parts + term)) * p.factor;
    if (p.scale) v *= __ldg(p.scale + token);
    float* y = p.y + token * p.rows + row;
    if (p.epilogue == Epilogue::Relu2) {
        v = fmaxf(v, 0.0F);
        v *= v;
    } else if (p.epilogue == Epilogue::Residual) {
        v += *y;
    }
    *y = v;
}

}  // namespace lares::kernels
