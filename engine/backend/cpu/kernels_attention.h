#pragma once

#include "engine/state/kv_layout.h"

#include <cstddef>
#include <cstdint>

/// The inner loops of attention; part of the table in kernels.h, source in
/// kernels_attention_impl.h.
namespace lares::cpu {

/// Rows of queries that read the same block of keys and values, and what they have gathered so far
/// (online softmax: Milakov & Gimelshein 2018, arXiv:1805.02867, algorithm 3). A row is one query
/// head of one token; the query heads that share a key/value head stand together (grouped queries:
/// Ainslie et al. 2023, arXiv:2305.13245), so that keys and values are read once for all of them.
/// Everything f32.
struct AttentionRows {
    const float* q = nullptr;        ///< [n_rows, dim], times 1 / sqrt(dim)
    const int* n_visible = nullptr;  ///< [n_rows] of the block, its first so many are attended to
    int n_rows = 0;
    int dim = 0;              ///< head_dim
    float* scores = nullptr;  ///< [n_rows, kKvBlock] work space
    float* max = nullptr;     ///< [n_rows] largest score so far; -infinity before the first block
    float* sum = nullptr;     ///< [n_rows] Σ exp(score - max); 0 before
    float* out = nullptr;     ///< [n_rows, kv_value_width(dim)] Σ exp(score - max) v; 0 before
    /// The block that is read after this one, fetched into the cache meanwhile; nullptr: none.
    const std::byte* ahead = nullptr;
};

struct AttentionKernels {
    /// Attends to one more block: updates max, sum and out of each row.
    void (*attend)(const AttentionRows& rows, const KvBlock& block);

    /// Writes the key and the value [dim] of one position into `block`, rounded to its type.
    void (*store)(const float* key, const float* value, int dim, const KvBlock& block, int slot);

    /// The same numbers as F32, to read them for many rows without converting each time.
    void (*expand)(const KvBlock& from, int dim, const KvBlock& to);
};

}  // namespace lares::cpu
