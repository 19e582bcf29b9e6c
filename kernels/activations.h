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

}  // namespace lares::kernels
