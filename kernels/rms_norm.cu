#include "kernels/device/cuda.cuh"
#include "kernels/device/q8.cuh"
#include "kernels/rms_norm.h"

namespace lares::kernels {

LARES_KERNEL(rms_norm, 1024, RmsNormParams) {
    LARES_SHARED(float, scratch, 32);
    const int lane = static_cast<int>(threadIdx.x % 32);
    const int warp = static_cast<int>(threadIdx.x / 32);
    const int n_warp = static_cast<int>(blockDim.x / 32);
    const int size = p.n / p.n_group;
    const int first = static_cast<int>(blockIdx.x) * size;
    float* x = p.x + static_cast<std::int64_t>(blockIdx.y) * p.n + first;

    float squares = 0.0F;
    for (int i = warp * 32 + lane; i < size; i += n_warp * 32) {
        float v = x[i];
        if (p.add) {
            v += p.add[static_cast<std::int64_t>(blockIdx.y) * p.n + first + i];
            x[i] = v;
        }
        squares += v * v;
    }
    const float mean = block_sum(squares, scratch) / static_cast<float>(size);
    const float factor = 1.0F / sqrtf(mean + p.eps);

    // Each thread reads again what it has read or written itself: from L1, and without a barrier.
    const std::int64_t row = static_cast<std::int64_t>(blockIdx.y) * p.n + first;
    for (int block = warp; block * 32 < size; block += n_warp) {
        const int i = block * 32 + lane;
        const float v = i < size ? x[i] * factor * p.gain[first + i] : 0.0F;
        if (p.y && i < size) p.y[row + i] = v;
        if (p.q.q) quantize_block(v, {p.q.q + row, p.q.meta + row / 32}, block);
    }
}

}  // namespace lares::kernels
