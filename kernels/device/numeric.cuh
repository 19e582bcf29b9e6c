#pragma once

#include "kernels/device/cuda.cuh"

#if defined(__CUDACC__)
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#else
#include "kernels/numeric.h"

#include <cmath>
#endif

// Narrow floats as their bits, to and from f32. Rounding is to nearest, ties to even.

namespace lares::kernels {

#if defined(__CUDACC__)

LARES_DEVICE float half_to_float(std::uint16_t bits) {
    return __half2float(__ushort_as_half(bits));
}
LARES_DEVICE std::uint16_t float_to_half(float v) {
    return __half_as_ushort(__float2half_rn(v));
}
LARES_DEVICE float bfloat16_to_float(std::uint16_t bits) {
    return __uint_as_float(static_cast<unsigned>(bits) << 16);
}
LARES_DEVICE std::uint16_t float_to_bfloat16(float v) {
    return __bfloat16_as_ushort(__float2bfloat16_rn(v));
}
/// Within an ulp or so, and without the registers of a square root and a division.
LARES_DEVICE float inverse_sqrt(float v) {
    const float y = rsqrtf(v);
    return y * (1.5F - 0.5F * v * y * y);
}
/// Two numbers in a word, the first in its low half: one instruction.
LARES_DEVICE unsigned pack_halves(float first, float second) {
    const __half2 v = __floats2half2_rn(first, second);
    return static_cast<unsigned>(__half_as_ushort(__high2half(v))) << 16 |
           __half_as_ushort(__low2half(v));
}
/// e4m3 (OCP FP8: 4 exponent bits, bias 7, no infinity) by way of half, whose bias is 15.
LARES_DEVICE float fp8_to_float(std::uint8_t bits) {
    const unsigned half = (bits & 0x80U) << 8 | (bits & 0x7FU) << 7;
    const float v = 256.0F * half_to_float(static_cast<std::uint16_t>(half));
    return (bits & 0x7FU) == 0x7FU ? __uint_as_float(0x7FC00000U) : v;
}
/// Saturates at ±448; NaN stays NaN. By adding a number whose last bit is worth one step of the
/// result, the processor rounds.
LARES_DEVICE std::uint8_t float_to_fp8(float v) {
    const unsigned bits = __float_as_uint(v);
    const unsigned sign = bits >> 24 & 0x80U;
    const unsigned magnitude = bits & 0x7FFFFFFFU;
    if (magnitude > 0x7F800000U) return static_cast<std::uint8_t>(sign | 0x7FU);
    if (magnitude >= 0x43E00000U) return static_cast<std::uint8_t>(sign | 0x7EU);  // 448
    if (magnitude < 0x3C800000U)  // below 2^-6: steps of 2^-9, which 2^14 has as its last bit
        return static_cast<std::uint8_t>(
            sign | (__float_as_uint(__uint_as_float(magnitude) + 16384.0F) - 0x46800000U));
    const unsigned rounded = magnitude - 0x3C000000U + 0x7FFFFU + (magnitude >> 20 & 1U);
    return static_cast<std::uint8_t>(sign | rounded >> 20);
}

#else

inline float inverse_sqrt(float v) {
    return 1.0F / std::sqrt(v);
}
inline unsigned pack_halves(float first, float second) {
    return static_cast<unsigned>(float_to_half(second)) << 16 | float_to_half(first);
}

#endif

/// a * b + c in one instruction, whatever stands around it. A compiler may join a product and a sum
/// or not, and may choose between two products: sums that have to be equal to the bit in several
/// kernels say which. (simt rounds twice, in all of them.)
LARES_DEVICE float multiply_add(float a, float b, float c) {
#if defined(__CUDACC__)
    return __fmaf_rn(a, b, c);
#else
    return a * b + c;
#endif
}

/// The two numbers of a word.
LARES_DEVICE float2 unpack_halves(unsigned word) {
    return make_float2(half_to_float(static_cast<std::uint16_t>(word & 0xFFFFU)),
                       half_to_float(static_cast<std::uint16_t>(word >> 16)));
}
/// Two e4m3 numbers, the lower byte's first.
LARES_DEVICE float2 fp8x2_to_float(std::uint16_t bits) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 890
    unsigned halves = 0;  // an instruction since sm_89, exact: every e4m3 is an f16
    asm("cvt.rn.f16x2.e4m3x2 %0, %1;" : "=r"(halves) : "h"(bits));
    return unpack_halves(halves);
#else
    return make_float2(fp8_to_float(static_cast<std::uint8_t>(bits & 0xFFU)),
                       fp8_to_float(static_cast<std::uint8_t>(bits >> 8)));
#endif
}
LARES_DEVICE float2 unpack_bfloat16s(unsigned word) {
    return make_float2(__uint_as_float(word << 16), __uint_as_float(word & 0xFFFF0000U));
}

/// softplus(a) = log(1 + e^a); above 20 it is `a` to the last bit (spec of the family, §2.3).
LARES_DEVICE float softplus(float a) {
    return a > 20.0F ? a : log1pf(expf(a));
}
LARES_DEVICE float silu(float a) {
    return a / (1.0F + expf(-a));
}

}  // namespace lares::kernels
