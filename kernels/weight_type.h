#pragma once

#include <cstdint>

namespace lares::kernels {

/// Element types of weights on the device; names and blocks as in GGUF. FP8 is e4m3 with one f32
/// scale a tensor, as in safetensors checkpoints.
enum class WeightType : std::uint8_t {
    F32,
    F16,
    BF16,
    FP8,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    IQ4_NL,
    Q4_K,
    Q5_K,
    Q6_K,
    IQ4_XS,
    Q2_K,
    Q3_K,
};
inline constexpr int kWeightTypeCount = 16;

[[nodiscard]] const char* to_string(WeightType type);  ///< as in kernel names: "q5_0"

}  // namespace lares::kernels
