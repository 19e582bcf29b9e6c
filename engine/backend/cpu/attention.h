#pragma once

#include "engine/backend/cpu/kernels.h"
#include "engine/base/thread_pool.h"
#include "engine/model/hparams.h"
#include "engine/state/kv_cache.h"
#include "engine/tensor/tensor_buffer.h"

#include <cstdint>
#include <vector>

namespace lares::cpu {

/// Causal attention of one sequence over its KV cache, grouped queries, no positions encoded
/// (Vaswani et al. 2017, arXiv:1706.03762 §3.2.1; spec: nemotron-h.md §2.1). Scores are never kept
/// for more than one block of positions (FlashAttention: Dao et al. 2022, arXiv:2205.14135,
/// algorithm 1), so work memory does not depend on the length of the context.
///
/// Work is cut the same way for any number of threads, so the results are the same to the bit:
/// a prompt into tiles of kTileTokens tokens; a single token's context into at most kMaxSplits
/// parts of at least kSplitPositions, whose results are merged (split-K; Dao et al. 2023,
/// "Flash-Decoding"). One thread at a time; nothing allocates after construction.
class Attention {
public:
    static constexpr int kTileTokens = 16;
    static constexpr int kSplitPositions = 256;
    static constexpr int kMaxSplits = 16;
    static constexpr int kFewTokens = 8;

    Attention(const Kernels& kernels, ThreadPool& pool, const HParams& hparams);

    /// Which tokens: `n` of them, the first at `position`, in attention layer `layer`.
    struct Step {
        int layer;
        int position;
        int n;
    };

    /// Writes keys and values [n, n_kv_head * head_dim], rows `ld` apart, into the cache, which has
    /// room for them.
    void store(const Step& step, KvCache& kv, const float* k, const float* v, std::int64_t ld);

    /// out [n, n_head * head_dim] of queries q (rows `ld` apart): each token attends to all
    /// positions up to its own. Stops early where the pool is stopped.
    void run(const Step& step, const KvCache& kv, const float* q, std::int64_t ld, float* out);
    /// The same for up to kFewTokens tokens, each as if it were run alone after those before it, to
    /// the bit. Keys and values are read once for all of them.
    void run_few(const Step& step, const KvCache& kv, const float* q, std::int64_t ld, float* out);

    [[nodiscard]] std::size_t memory_bytes() const;
    /// What memory_bytes() will be.
    [[nodiscard]] static std::size_t memory_bytes(const HParams& hparams, int n_threads);

private:
    /// One thread's rows and its block as F32.
    struct Scratch {
        TensorBuffer<float> floats;  // q, scores, max, sum, out of the rows, one after the other
        TensorBuffer<int> n_visible;
        TensorBuffer<std::byte> expanded;
        AttentionRows rows;
        float* q = nullptr;
        int* visible = nullptr;
    };
    /// Tokens [token, token + n_tokens) of the step, their heads on one key/value head, over
    /// positions [begin, end).
    struct Piece {
        int kv_head;
        int token;
        int n_tokens;
        int begin;
        int end;
        bool is_tile;                      ///< cut as a prompt, or as single tokens are
        const std::byte* after = nullptr;  ///< the block that is read next, behind `end`
    };
    /// Parts that one token's context is cut into, and the length of each.
    struct Splits {
        int count;
        int length;
        bool operator==(const Splits&) const = default;
    };
    [[nodiscard]] static Splits splits_of(int n_positions);

    void attend(const Step& step,
                const KvCache& kv,
                const float* q,
                std::int64_t ld,
                const Piece& piece,
                Scratch& scratch) const;
    void write_tile(const Piece& piece, const Scratch& scratch, float* out) const;
    void keep_parts(int split, const Piece& piece, const Scratch& scratch);
    void merge(int token, int kv_head, int n_splits, float* out) const;
    void run_tiles(
        const Step& step, const KvCache& kv, const float* q, std::int64_t ld, float* out);
    void run_tokens(const Step& step,
                    int first,
                    int n_tokens,
                    const Splits& splits,
                    const KvCache& kv,
                    const float* q,
                    std::int64_t ld,
                    float* out);

    /// A part's result for one query head: sum, max, then out [value width].
    [[nodiscard]] std::size_t part_floats() const { return static_cast<std::size_t>(m_width) + 2; }
    [[nodiscard]] std::size_t part_offset(int token, int split, int head) const {
        return (static_cast<std::size_t>(token * kMaxSplits + split) *
                    static_cast<std::size_t>(m_n_head) +
                static_cast<std::size_t>(head)) *
               part_floats();
    }

    const Kernels& m_kernels;
    ThreadPool& m_pool;
    int m_n_head, m_n_kv_head, m_n_shared, m_head_dim;  // m_n_shared: query heads on one kv head
    std::int64_t m_width;                               // of a row of values
    std::vector<Scratch> m_scratch;                     // one a thread
    TensorBuffer<float> m_parts;  // [kFewTokens, kMaxSplits, n_head, part_floats()]
};

}  // namespace lares::cpu
