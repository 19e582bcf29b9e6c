#include "kernels/device/cuda.cuh"
#include "kernels/device/q8.cuh"
#include "kernels/rms_norm.h"

namespace lares::kernels {

constexpr int kHeld = 2;  // quads of a thread: 8,192 values of a row

LARES_DEVICE float4 scaled(float4 v, float factor, float4 gain) {
    return make_float4(v.x * factor * gain.x, v.y * factor * gain.y, v.z * factor * gain.z,
                       v.w * factor * gain.w);
}
LARES_DEVICE float square_sum(float4 v) {
    return v.x * v.x + v.y * v.y + v.z * v.z + v.w * v.w;
}
LARES_DEVICE float4 sum_of(float4 a, float4 b) {
    return make_float4(a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w);
}

// One block is all there is in decoding: told so, the compiler does not save registers by spilling.
LARES_KERNEL_RESIDENT(rms_norm, 1024, 1, RmsNormParams) {
    LARES_SHARED(float, scratch, 32);
    const int size = p.n / p.n_group;
    const bool is_aligned = size % 4 == 0;
    const int first = static_cast<int>(blockIdx.x) * size;
    const std::int64_t row = static_cast<std::int64_t>(blockIdx.y) * p.n + first;
    float* x = p.x + row;
    const float* gain = p.gain + first;
    const float* add = p.add ? p.add + row : nullptr;
    float* y = p.y ? p.y + row : nullptr;
    const Q8Vector q = p.q.q ? Q8Vector{p.q.q + row, p.q.meta + row / 32} : Q8Vector{};
    const int own = 4 * static_cast<int>(threadIdx.x);
    const int stride = 4 * static_cast<int>(blockDim.x);

    // What a thread holds in registers, all of it on its way at once; of the rest, if there is any,
    // it reads again what it has read or written itself: from L1, and without a barrier.
    float4 v[kHeld];
    float4 gains[kHeld];
    LARES_UNROLL
    for (int k = 0; k < kHeld; ++k) gains[k] = load_quad(gain, own + k * stride, size, is_aligned);
    wait_for_grid_before();
    LARES_UNROLL
    for (int k = 0; k < kHeld; ++k) v[k] = load_quad(x, own + k * stride, size, is_aligned);
    if (add) {
        LARES_UNROLL
        for (int k = 0; k < kHeld; ++k)
            v[k] = sum_of(v[k], load_quad(add, own + k * stride, size, is_aligned));
    }
    float squares = 0.0F;
    LARES_UNROLL
    for (int k = 0; k < kHeld; ++k) squares += square_sum(v[k]);
    for (int i = own + kHeld * stride; i < size; i += stride) {
        float4 more = load_quad(x, i, size, is_aligned);
        if (add) {
            more = sum_of(more, load_quad(add, i, size, is_aligned));
            store_quad(x, i, size, is_aligned, more);
        }
        squares += square_sum(more);
    }
    const float mean = block_sum(squares, scratch) / static_cast<float>(size);
    const float factor = 1.0F / sqrtf(mean + p.eps);

    LARES_UNROLL
    for (int k = 0; k < kHeld; ++k) {
        const int i = own + k * stride;
        if (add) store_quad(x, i, size, is_aligned, v[k]);
        v[k] = scaled(v[k], factor, gains[k]);
        if (y) store_quad(y, i, size, is_aligned, v[k]);
        // A group is whole blocks of 32 wherever q is wanted; warps run as a whole.
        if (q.q) quantize_quads(v[k], q, i / 128 * 4, size / 32);
    }
    const int lane_offset = own % 128;
    for (int i = own + kHeld * stride; i - lane_offset < size; i += stride) {
        const float4 result =
            scaled(load_quad(x, i, size, is_aligned), factor, load_quad(gain, i, size, is_aligned));
        if (y) store_quad(y, i, size, is_aligned, result);
        if (q.q) quantize_quads(result, q, i / 128 * 4, size / 32);
    }
}

}  // namespace lares::kernels
