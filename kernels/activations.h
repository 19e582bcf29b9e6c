#pragma once

#include <cstdint>

namespace lares::kernels {

/// What quantised weights are multiplied by: a vector in 8 bits, blocks of 32 values with one
/// scale,
///   x = scale * q,  |q| <= 127,  scale = max |x| / 127.
/// The sums are what a weight's offset or minimum is multiplied by.
struct Q8Meta {
    float scale;
    std::int16_t sum_low;   ///< of q over values 0..15
    std::int16_t sum_high;  ///< of q over values 16..31
};
static_assert(sizeof(Q8Meta) == 8);

/// Borrowed device memory: q [n padded to 32], 16-byte aligned, the padding zero; meta [n / 32],
/// 8-byte aligned.
struct Q8Vector {
    std::int8_t* q = nullptr;
    Q8Meta* meta = nullptr;
};

/// An RMSNorm that is half done (Zhang & Sennrich 2019, arXiv:1910.07467, eq. 4): the gain is in x
/// already, but each group of it still has to be divided by sqrt(mean v² + eps) of the values v
/// before the gain. The kernel that makes x leaves the sums of squares of 32 neighbouring values
/// each, and so need not wait for all of a group; the one that reads x adds them up.
/// Shapes  squares [n_group, group_size / 32], f32; null: nothing is pending
struct PendingNorm {
    const float* squares = nullptr;
    std::int32_t n_group = 0;     ///< at most kMaxPendingGroups
    std::int32_t group_size = 0;  ///< a multiple of 32
    float inverse_size = 0.0F;    ///< 1 / group_size: a division would take registers of matvec
    float eps = 0.0F;
};
[[nodiscard]] constexpr PendingNorm pending_norm(const float* squares,
                                                 std::int32_t n_group,
                                                 std::int32_t group_size,
                                                 float eps) {
    return {squares, n_group, group_size, 1.0F / static_cast<float>(group_size), eps};
}
inline constexpr int kMaxPendingGroups = 32;
/// Whether a norm of such groups can be left pending.
[[nodiscard]] constexpr bool can_be_pending(std::int32_t n_group, std::int32_t group_size) {
    return n_group <= kMaxPendingGroups && group_size % 32 == 0;
}

}  // namespace lares::kernels
