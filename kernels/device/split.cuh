#pragma once

#include "kernels/device/numeric.cuh"

// f32 and FP8 for tensor cores that multiply f16.

namespace lares::kernels {

/// Bytes 1 and 3 of a word, e4m3, as two f16 of a 256th of their value: the exponent's bias is 7
/// here and 15 there. The last term makes a NaN of the code for it.
LARES_DEVICE unsigned halves_of_fp8(unsigned word) {
    const unsigned magnitude = word & 0x7F007F00U;
    return (word & 0x80008000U) | magnitude >> 1 | ((magnitude + 0x01000100U) >> 1 & 0x40004000U);
}

/// The power of two that brings `largest` below 2^15, and its inverse. Both are normal numbers: the
/// first 15 powers, where a scale would be infinite, share one.
struct Power {
    float up;
    float down;
};
LARES_DEVICE Power power_below_2_15(float largest) {
    const unsigned bits = __float_as_uint(largest) >> 23;
    const unsigned exponent = bits < 15 ? 15 : bits;
    return {__uint_as_float((268 - exponent) << 23), __uint_as_float((exponent - 14) << 23)};
}

/// Two numbers as two pairs of f16 whose sums they are, but for the last bits.
LARES_DEVICE void split(float a, float b, unsigned& high, unsigned& low) {
    high = pack_halves(a, b);
    const float2 v = unpack_halves(high);
    low = pack_halves(a - v.x, b - v.y);
}

}  // namespace lares::kernels
