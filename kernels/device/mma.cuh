#pragma once

#include "kernels/device/numeric.cuh"

#include <cmath>

// Tensor core products of one warp (PTX ISA, "Matrix multiply-accumulate operation using mma
// instruction"). With g = lane / 4 and t = lane % 4 a lane holds, for m16n8, in words of four 8-bit
// or two 16-bit values (of 16 bits in brackets):
//   A  row-major: a[0] row g, a[1] row g + 8, each from column 4t (2t); a[2], a[3] the same from
//      column 16 + 4t (8 + 2t)
//   B  b[0] column g, from row 4t (2t); b[1] from row 16 + 4t (8 + 2t)
//   C  c[0], c[1] row g, columns 2t and 2t + 1; c[2], c[3] row g + 8
// All lanes of the warp must call.

namespace lares::kernels {

/// Integer sums that begin here, and stay below 2^22 on both sides of it, are floats as they are:
/// as a float's bits they say 3 * 2^22 plus the sum. The subtraction is cheaper than a conversion,
/// of which a multiprocessor does fewer at a time (CUDA C++ Programming Guide, arithmetic
/// instructions).
constexpr int kFloatSum = 0x4B400000;
LARES_DEVICE float float_of_sum(int bits) {
    return __uint_as_float(static_cast<unsigned>(bits)) - 12582912.0F;
}

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

/// c += a b over 16 values of f16.
LARES_DEVICE void mma_m16n8k16_f16(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
#if __CUDA_ARCH__ >= 800
    asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
        "{%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#else
    LARES_UNROLL
    for (int i = 0; i < 2; ++i)
        asm("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5}, {%6}, "
            "{%0, %1, %2, %3};"
            : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
            : "r"(a[2 * i]), "r"(a[2 * i + 1]), "r"(b[i]));
#endif
}

/// Four 8x8 matrices of 16-bit values from shared memory (PTX ISA, ldmatrix): lane l gives the
/// address of row l % 8 of matrix l / 8, 16 bytes. Word i of a lane is row g, columns 2t and 2t + 1
/// of matrix i; transposed: column g, rows 2t and 2t + 1.
LARES_DEVICE void load_matrices(unsigned (&v)[4], const void* row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(v[0]), "=r"(v[1]), "=r"(v[2]), "=r"(v[3])
                 : "r"(static_cast<unsigned>(__cvta_generic_to_shared(row)))
                 : "memory");
}
LARES_DEVICE void load_matrices_transposed(unsigned (&v)[4], const void* row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(v[0]), "=r"(v[1]), "=r"(v[2]), "=r"(v[3])
                 : "r"(static_cast<unsigned>(__cvta_generic_to_shared(row)))
                 : "memory");
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

/// Exact products and a sum that is cut off, not rounded, as tensor cores do (Ootomo & Yokota 2022,
/// arXiv:2203.03341).
inline void mma_m16n8k16_f16(float (&c)[4],
                             const unsigned (&a)[4],
                             const unsigned (&b)[2],
                             simt::Site site = {__builtin_FILE(), __builtin_LINE()}) {
    struct Fragment {
        unsigned a[4];
        unsigned b[2];
    };
    const simt::Block::Lanes& lanes =
        simt::exchange(~0U, Fragment{{a[0], a[1], a[2], a[3]}, {b[0], b[1]}}, site);
    const int g = simt::lane_id() / 4;
    const int t = simt::lane_id() % 4;
    double sums[4] = {c[0], c[1], c[2], c[3]};
    for (int k = 0; k < 8; ++k) {
        const auto row = simt::of_lane<Fragment>(lanes, 4 * g + k % 4);
        for (int column = 0; column < 2; ++column) {
            const auto other = simt::of_lane<Fragment>(lanes, 4 * (2 * t + column) + k % 4);
            const float2 y = unpack_halves(other.b[k / 4]);
            for (int i = 0; i < 2; ++i) {
                const float2 x = unpack_halves(row.a[k / 4 * 2 + i]);
                sums[2 * i + column] += double{x.x} * y.x + double{x.y} * y.y;
            }
        }
    }
    for (int i = 0; i < 4; ++i) {
        const auto nearest = static_cast<float>(sums[i]);
        c[i] =
            std::abs(double{nearest}) > std::abs(sums[i]) ? std::nextafter(nearest, 0.0F) : nearest;
    }
}

/// Value `column` of row `row` of matrix `matrix`, by the addresses of all lanes.
inline unsigned value_of_matrix(const simt::Block::Lanes& lanes, int matrix, int row, int column) {
    const auto* values = simt::of_lane<const std::uint16_t*>(lanes, 8 * matrix + row);
    return values[column];
}
inline void load_matrices(unsigned (&v)[4],
                          const void* row,
                          simt::Site site = {__builtin_FILE(), __builtin_LINE()}) {
    if (reinterpret_cast<std::uintptr_t>(row) % 16 != 0)
        simt::t_thread->block->fail("misaligned row of a matrix");
    const simt::Block::Lanes& lanes = simt::exchange(~0U, row, site);
    const int g = simt::lane_id() / 4;
    const int t = simt::lane_id() % 4;
    for (int i = 0; i < 4; ++i)
        v[i] = value_of_matrix(lanes, i, g, 2 * t) | value_of_matrix(lanes, i, g, 2 * t + 1) << 16;
}
inline void load_matrices_transposed(unsigned (&v)[4],
                                     const void* row,
                                     simt::Site site = {__builtin_FILE(), __builtin_LINE()}) {
    if (reinterpret_cast<std::uintptr_t>(row) % 16 != 0)
        simt::t_thread->block->fail("misaligned row of a matrix");
    const simt::Block::Lanes& lanes = simt::exchange(~0U, row, site);
    const int g = simt::lane_id() / 4;
    const int t = simt::lane_id() % 4;
    for (int i = 0; i < 4; ++i)
        v[i] = value_of_matrix(lanes, i, 2 * t, g) | value_of_matrix(lanes, i, 2 * t + 1, g) << 16;
}

#endif

}  // namespace lares::kernels
