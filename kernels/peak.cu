// Eight products of a warp are under way at once, each into sums of its own, which begin
// differently: the compiler may do equal products once. Operands are not zero, with which a card
// would draw less power and run faster than with any real ones.

#include "kernels/device/cuda.cuh"
#include "kernels/device/mma.cuh"
#include "kernels/peak.h"

namespace lares::kernels {

LARES_KERNEL(peak_int8, 256, PeakParams) {
    const unsigned seed = 0x01020304U * (1U + threadIdx.x % 8U);
    const unsigned a[4] = {seed, seed ^ 0x11U, seed ^ 0x22U, seed ^ 0x33U};
    const unsigned b[2] = {seed ^ 0x44U, seed ^ 0x55U};
    int sums[8][4] = {};
    LARES_UNROLL
    for (int i = 0; i < 8; ++i) sums[i][0] = i;
    for (int round = 0; round < p.n_round; ++round) {
        LARES_UNROLL
        for (int i = 0; i < 8; ++i) mma_m16n8k32_s8(sums[i], a, b);
    }
    int sum = 0;
    LARES_UNROLL
    for (int i = 0; i < 8; ++i)
        for (int j = 0; j < 4; ++j) sum ^= sums[i][j];
    p.out[blockIdx.x * blockDim.x + threadIdx.x] = static_cast<float>(sum);
}

LARES_KERNEL(peak_f16, 256, PeakParams) {
    // Pairs of halves between 1 and 2.
    const unsigned seed = 0x3C003C00U + 0x00100020U * (threadIdx.x % 8U);
    const unsigned a[4] = {seed, seed + 1U, seed + 2U, seed + 3U};
    const unsigned b[2] = {seed + 4U, seed + 5U};
    float sums[8][4] = {};
    LARES_UNROLL
    for (int i = 0; i < 8; ++i) sums[i][0] = static_cast<float>(i);
    for (int round = 0; round < p.n_round; ++round) {
        LARES_UNROLL
        for (int i = 0; i < 8; ++i) mma_m16n8k16_f16(sums[i], a, b);
    }
    float sum = 0.0F;
    LARES_UNROLL
    for (int i = 0; i < 8; ++i)
        for (int j = 0; j < 4; ++j) sum += sums[i][j];
    p.out[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

}  // namespace lares::kernels
