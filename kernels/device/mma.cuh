#pragma once

#include "kernels/device/cuda.cuh"

// Tensor core products of one warp (PTX ISA, "Matrix multiply-accumulate operation using mma
// instruction"). With g = lane / 4 and t = lane % 4 a lane holds, for m16n8:
//   A  row-major: a[0] row g, a[1] row g + 8, each four 8-bit values from column 4t;
//      a[2], a[3] the same from column 16 + 4t
//   B  b[0] column g, four values from row 4t; b[1] from row 16 + 4t
//   C  c[0], c[1] row g, columns 2t and 2t + 1; c[2], c[3] row g + 8
// All lanes of the warp must call.

namespace lares::kernels {

#if defined(__CUDACC__)

/// c += a b over 16 values of signed 8 bits: a[0..1] and b alone.
LARES_DEVICE void mma_m16n8k16_s8(int (&c)[4], unsigned a0, unsigned a1, unsigned b) {
#if __CUDA_ARCH__ >= 800
    asm("mma.sync.aligned.m16n8k16.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, {%4, %5}, {%6}, "
        "{%0, %1, %2, %3};"
        : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3])
        : "r"(a0), "r"(a1), "r"(b));
#else
    asm("mma.sync.aligned.m8n8k16.row.col.s32.s8.s8.s32 {%0, %1}, {%2}, {%3}, {%0, %1};"
        : "+r"(c[0]), "+r"(c[1])
        : "r"(a0), "r"(b));
    asm("mma.sync.aligned.m8n8k16.row.col.s32.s8.s8.s32 {%0, %1}, {%2}, {%3}, {%0, %1};"
        : "+r"(c[2]), "+r"(c[3])
        : "r"(a1), "r"(b));
#endif
}

/// c += a b over 32 values of signed 8 bits. sm_75 has only the half of it.
LARES_DEVICE void mma_m16n8k32_s8(int (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
#if __CUDA_ARCH__ >= 800
    asm("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
        "{%8, %9}, {%0, %1, %2, %3};"
        : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#else
    mma_m16n8k16_s8(c, a[0], a[1], b[0]);
    mma_m16n8k16_s8(c, a[2], a[3], b[1]);
#endif
}

#else

inline void mma_m16n8k16_s8(int (&c)[4],
                            unsigned a0,
                            unsigned a1,
                            unsigned b,
                            simt::Site site = {__builtin_FILE(), __builtin_LINE()}) {
    struct Fragment {
        unsigned a[2];
        unsigned b;
    };
    const simt::Block::Lanes& lanes = simt::exchange(~0U, Fragment{{a0, a1}, b}, site);
    const int g = simt::lane_id() / 4;
    const int t = simt::lane_id() % 4;
    for (int i = 0; i < 4; ++i)
        for (int k = 0; k < 4; ++k)
            c[i] = __dp4a(
                static_cast<int>(simt::of_lane<Fragment>(lanes, 4 * g + k).a[i / 2]),
                static_cast<int>(simt::of_lane<Fragment>(lanes, 4 * (2 * t + i % 2) + k).b), c[i]);
}
inline void mma_m16n8k32_s8(int (&c)[4],
                            const unsigned (&a)[4],
                            const unsigned (&b)[2],
                            simt::Site site = {__builtin_FILE(), __builtin_LINE()}) {
    mma_m16n8k16_s8(c, a[0], a[1], b[0], site);
    mma_m16n8k16_s8(c, a[2], a[3], b[1], site);
}

#endif

}  // namespace lares::kernels
