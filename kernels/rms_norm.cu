#include "kernels/device/cuda.cuh"
#include "kernels/device/q8.cuh"
#include "kernels/rms_norm.h"

namespace lares::kernels {

constexpr int kHeld = 4;  // values of a thread: 4,096 of a row

// One block is all there is in decoding: told so, the compiler does not save registers by spilling.
LARES_KERNEL_RESIDENT(rms_norm, 1024, 1, RmsNormParams) {
    LARES_SHARED(float, scratch, 32);
    const int lane = static_cast<int>(threadIdx.x % 32);
    const int warp = static_cast<int>(threadIdx.x / 32);
    const int n_warp = static_cast<int>(blockDim.x / 32);
    const int size = p.n / p.n_group;
    const int first = static_cast<int>(blockIdx.x) * size;
    float* x = p.x + static_cast<std::int64_t>(blockIdx.y) * p.n + first;

    const float* gain = p.gain + first;
    const std::int64_t row = static_cast<std::int64_t>(blockIdx.y) * p.n + first;
    const float* add = p.add ? p.add + row : nullptr;

    // What a thread holds in registers, all of it on its way at once; of the rest, if there is any,
    // it reads again what it has read or written itself: from L1, and without a barrier.
    float v[kHeld];
    float gains[kHeld];
    LARES_UNROLL
    for (int k = 0; k < kHeld; ++k) {
        const int i = (warp + k * n_warp) * 32 + lane;
        gains[k] = i < size ? gain[i] : 0.0F;
    }
    wait_for_grid_before();
    LARES_UNROLL
    for (int k = 0; k < kHeld; ++k) {
        const int i = (warp + k * n_warp) * 32 + lane;
        v[k] = i < size ? x[i] : 0.0F;
        if (add && i < size) v[k] += add[i];
    }
    float squares = 0.0F;
    LARES_UNROLL
    for (int k = 0; k < kHeld; ++k) squares += v[k] * v[k];
    const int rest = kHeld * n_warp;  // the first block of 32 that is not held
    for (int i = (warp + rest) * 32 + lane; i < size; i += n_warp * 32) {
        float more = x[i];
        if (add) {
            more += add[i];
            x[i] = more;
        }
        squares += more * more;
    }
    const float mean = block_sum(squares, scratch) / static_cast<float>(size);
    const float factor = 1.0F / sqrtf(mean + p.eps);

    // A group is whole blocks of 32 wherever q is wanted.
    Q8Vector q = p.q;
    if (q.q) q = {q.q + row, q.meta + row / 32};
    LARES_UNROLL
    for (int k = 0; k < kHeld; ++k) {
        const int i = (warp + k * n_warp) * 32 + lane;
        if (add && i < size) x[i] = v[k];
        v[k] = v[k] * factor * gains[k];
        if (p.y && i < size) p.y[row + i] = v[k];
    }
    if (q.q) quantize_blocks(v, q, warp, n_warp, (size + 31) / 32);
    for (int block = warp + rest; block * 32 < size; block += n_warp) {
        const int i = block * 32 + lane;
        const float result = i < size ? x[i] * factor * gain[i] : 0.0F;
        if (p.y && i < size) p.y[row + i] = result;
        if (q.q) quantize_block(result, q, block);
    }
}

}  // namespace lares::kernels
