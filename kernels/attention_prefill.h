#pragma once

#include "kernels/attention_decode.h"
#include "kernels/launch.h"

namespace lares::kernels {

/// Causal attention of n new tokens over everything before them and themselves, on the cache of
/// attention_decode.h (same layout and types). Two launches: attention_store puts their keys and
/// values into the cache; attention_prefill reads the cache alone.
/// Tiles of queries by 64 positions with the online softmax (Dao et al. 2022, arXiv:2205.14135,
/// algorithm 1; Dao 2023, arXiv:2307.08691, §3.1), up to each tile's causal bound. A row of a query
/// tile is a query head of a token: the heads that share a key/value head stand side by side, so
/// that few tokens fill a tile too, and keys are read once for all of them.
/// Shapes  q: token i at q + i * q_stride, [n_head, head_dim]; k, v: likewise, [n_kv_head,
///         head_dim]; strides in values, multiples of 4   out [n, n_head, head_dim]
/// Dtypes  f32 but the cache. Scores and sums f32. Keys and values are exact in f16, the factors on
///         tensor cores. q is split in two f16 (device/split.cuh): an error in a score is one in
///         the exponent. Weights are f16, scaled to at most 2^15, so that far-off positions are
///         not lost; their rounding is that of f16 values in the cache, and it cancels where
///         they are added up.
/// Memory  borrowed device pointers, 16-byte aligned. `position` is that of the first token; blocks
///         of the table up to the last token are read.
/// Threads 128, 16 rows a warp. grid.x is the tile, the longest first; grid.y the key/value head.
///         While keys are multiplied values are on their way, and the other way round (f16; FP8
///         is converted while it is stored). Shared memory 256 * head_dim bytes.
/// Bound by arithmetic: 6 * head_dim multiply-adds a query head and position, a third of them for
///         the low part of q. Few tokens far into a context are bound by latency: nothing divides
///         the positions among blocks.
struct AttentionPrefillParams {
    const float* q = nullptr;
    const float* k = nullptr;
    const float* v = nullptr;
    void* k_cache = nullptr;
    void* v_cache = nullptr;
    const std::int32_t* block_table = nullptr;
    const std::int32_t* position = nullptr;
    float* out = nullptr;
    std::int32_t n = 0;
    std::int32_t q_stride = 0;
    std::int32_t k_stride = 0;
    std::int32_t v_stride = 0;
    std::int32_t n_head = 0;
    std::int32_t n_kv_head = 0;
    std::int32_t head_dim = 0;
    float k_scale = 1.0F;  ///< FP8: what the stored numbers are multiplied by
    float v_scale = 1.0F;
};

/// Kernels `attention_store_<f16|fp8>` and `attention_prefill_<f16|fp8>_d<head_dim>`. A launch
/// without a kernel for a head_dim other than 32, 64, 128, heads that are not divided evenly, more
/// than 65535 key/value heads, or a stride that is too short or no multiple of 4.
[[nodiscard]] Launch attention_store_launch(KvType type, const AttentionPrefillParams& params);
[[nodiscard]] Launch attention_prefill_launch(KvType type, const AttentionPrefillParams& params);

}  // namespace lares::kernels
