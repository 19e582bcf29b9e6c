#include "kernels/planes.h"

#include <array>

namespace lares::kernels {
namespace {

constexpr std::size_t kAlignment = 256;

constexpr std::array<WeightTraits, kWeightTypeCount> kTraits{{
    {1, 4, 32},     // F32
    {1, 2, 16},     // F16
    {1, 2, 16},     // BF16
    {1, 1, 8},      // FP8
    {32, 18, 4},    // Q4_0
    {32, 20, 4},    // Q4_1
    {32, 22, 5},    // Q5_0
    {32, 24, 5},    // Q5_1
    {32, 34, 8},    // Q8_0
    {32, 18, 4},    // IQ4_NL
    {256, 144, 4},  // Q4_K
    {256, 176, 5},  // Q5_K
    {256, 210, 6},  // Q6_K
    {256, 136, 4},  // IQ4_XS
    {256, 84, 2},   // Q2_K
    {256, 110, 3},  // Q3_K
}};

}  // namespace

const char* to_string(WeightType type) {
    constexpr std::array<const char*, kWeightTypeCount> kNames{
        "f32",  "f16",    "bf16", "fp8",  "q4_0", "q4_1",   "q5_0", "q5_1",
        "q8_0", "iq4_nl", "q4_k", "q5_k", "q6_k", "iq4_xs", "q2_k", "q3_k"};
    return kNames[static_cast<std::size_t>(type)];
}

const WeightTraits& traits(WeightType type) {
    return kTraits[static_cast<std::size_t>(type)];
}

std::size_t file_row_bytes(WeightType type, std::int64_t cols) {
    const WeightTraits& t = traits(type);
    return static_cast<std::size_t>(cols / t.file_block) *
           static_cast<std::size_t>(t.file_block_bytes);
}

GroupBytes group_bytes(WeightType type, std::int64_t cols) {
    GroupBytes bytes;
    if (is_plain(type)) {
        const int n = chunk_values(type);
        bytes.low = static_cast<std::size_t>((cols + n - 1) / n) * 16 * kGroupRows;
        return bytes;
    }
    const auto nb = static_cast<std::size_t>(cols / kBlock);
    const int bits = traits(type).bits;
    bytes.low = nb * kGroupRows * (bits == 8 ? 32 : has_low_pairs(type) ? 8 : 16);
    bytes.high = nb * kGroupRows * (bits == 3 || bits == 5 ? 4 : bits == 6 ? 8 : 0);
    const bool has_minimum = type == WeightType::Q4_1 || type == WeightType::Q5_1;
    bytes.scale = nb * (type == WeightType::IQ4_XS ? 8 : has_minimum ? 32 : 16);
    if (has_half_scales(type)) bytes.super = nb / 8 * (type == WeightType::Q2_K ? 32 : 16);
    return bytes;
}

PlaneLayout plane_layout(WeightType type, std::int64_t rows, std::int64_t cols) {
    const auto n_group = static_cast<std::size_t>((rows + kGroupRows - 1) / kGroupRows);
    const GroupBytes bytes = group_bytes(type, cols);
    PlaneLayout layout;
    const auto place = [&](std::size_t& offset, std::size_t of_group) {
        offset = layout.total_bytes;
        layout.total_bytes += (n_group * of_group + kAlignment - 1) / kAlignment * kAlignment;
    };
    place(layout.low, bytes.low);
    // Plain types have no other plane: their offsets stay 0.
    if (is_plain(type)) return layout;
    place(layout.high, bytes.high);
    place(layout.scale, bytes.scale);
    place(layout.super, bytes.super);
    return layout;
}

PlanesView planes_view(
    WeightType type, std::int64_t rows, std::int64_t cols, const void* planes, float tensor_scale) {
    const PlaneLayout layout = plane_layout(type, rows, cols);
    const auto* base = static_cast<const std::uint8_t*>(planes);
    return {base + layout.low,
            base + layout.high,
            base + layout.scale,
            base + layout.super,
            static_cast<std::int32_t>(rows),
            static_cast<std::int32_t>(cols),
            tensor_scale};
}

}  // namespace lares::kernels
