#pragma once

#include "kernels/attention_decode.h"
#include "kernels/device/numeric.cuh"

// The cache of keys and values; its layout is in kernels/attention_decode.h.

namespace lares::kernels {

constexpr float kNoScore = -1e30F;  // below every score, and finite: differences stay numbers

template <KvType kType>
LARES_DEVICE void store_one(void* cache, std::int64_t at, float v) {
    if constexpr (kType == KvType::F16)
        static_cast<std::uint16_t*>(cache)[at] = float_to_half(v);
    else
        static_cast<std::uint8_t*>(cache)[at] = float_to_fp8(v);
}

/// Where a position's key or value begins, for the parameters of any attention kernel.
template <class Params>
LARES_DEVICE std::int64_t cache_row(const Params& p, int kv_head, int position, int dim) {
    const std::int64_t block = p.block_table[position / kKvBlock];
    return ((block * p.n_kv_head + kv_head) * kKvBlock + position % kKvBlock) * dim;
}

}  // namespace lares::kernels
