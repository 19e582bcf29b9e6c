#pragma once

#include <bit>
#include <cstdint>

/// Narrow floats as their bits, on the host: what kernels/device/numeric.cuh is on the device.
/// Conversions from f32 round to nearest, ties to even.
namespace lares::kernels {

[[nodiscard]] inline float half_to_float(std::uint16_t bits) {
    const std::uint32_t sign = (bits & 0x8000U) << 16;
    const std::uint32_t magnitude = bits & 0x7FFFU;
    if (magnitude < 0x0400U) {  // zero or subnormal: a multiple of 2^-24, exact in f32
        const float value = static_cast<float>(magnitude) * 0x1p-24F;
        return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(value));
    }
    const std::uint32_t bias = magnitude >= 0x7C00U ? 0x70000000U : 0x38000000U;
    return std::bit_cast<float>(sign | ((magnitude << 13) + bias));
}

[[nodiscard]] inline std::uint16_t float_to_half(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = bits >> 16 & 0x8000U;
    const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
    if (magnitude > 0x7F800000U) return static_cast<std::uint16_t>(sign | 0x7FFFU);
    if (magnitude >= 0x477FF000U) return static_cast<std::uint16_t>(sign | 0x7C00U);
    if (magnitude < 0x38800000U) {  // subnormal: 0.5 has steps of 2^-24, so the addition rounds
        const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
        return static_cast<std::uint16_t>(sign |
                                          (std::bit_cast<std::uint32_t>(shifted) - 0x3F000000U));
    }
    return static_cast<std::uint16_t>(
        sign | (magnitude - 0x38000000U + 0x0FFFU + (magnitude >> 13 & 1U)) >> 13);
}

[[nodiscard]] inline float bfloat16_to_float(std::uint16_t bits) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

[[nodiscard]] inline std::uint16_t float_to_bfloat16(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    if ((bits & 0x7FFFFFFFU) > 0x7F800000U) return 0x7FFFU;
    return static_cast<std::uint16_t>((bits + 0x7FFFU + (bits >> 16 & 1U)) >> 16);
}

/// e4m3 (OCP 8-bit floating point 1.0: exponent bias 7, largest 448, no infinity, 0x7F is NaN).
[[nodiscard]] inline float fp8_to_float(std::uint8_t bits) {
    const auto half = static_cast<std::uint16_t>((bits & 0x80U) << 8 | (bits & 0x7FU) << 7);
    return (bits & 0x7FU) == 0x7FU ? std::bit_cast<float>(0x7FC00000U)
                                   : 256.0F * half_to_float(half);
}

/// Saturates at ±448; NaN stays NaN.
[[nodiscard]] inline std::uint8_t float_to_fp8(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = bits >> 24 & 0x80U;
    const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
    if (magnitude > 0x7F800000U) return static_cast<std::uint8_t>(sign | 0x7FU);
    if (magnitude >= 0x43E00000U) return static_cast<std::uint8_t>(sign | 0x7EU);
    if (magnitude < 0x3C800000U) {  // below 2^-6: steps of 2^-9, the last bit of 2^14
        const float shifted = std::bit_cast<float>(magnitude) + 16384.0F;
        return static_cast<std::uint8_t>(sign |
                                         (std::bit_cast<std::uint32_t>(shifted) - 0x46800000U));
    }
    return static_cast<std::uint8_t>(
        sign | (magnitude - 0x3C000000U + 0x7FFFFU + (magnitude >> 20 & 1U)) >> 20);
}

}  // namespace lares::kernels
