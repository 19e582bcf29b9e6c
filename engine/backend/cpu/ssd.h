#pragma once

#include "engine/backend/cpu/kernels.h"
#include "engine/base/thread_pool.h"
#include "engine/model/hparams.h"
#include "engine/tensor/tensor_buffer.h"

#include <cstdint>

namespace lares::cpu {

/// The state space layer of Mamba-2 for one sequence (Dao & Gu 2024, arXiv:2405.21060): the
/// recurrence for one token, the chunked matrix form (§6, "SSD algorithm") for more. Both leave the
/// same state, but for roundings. One thread at a time; nothing allocates after construction.
class Ssd {
public:
    static constexpr int kChunk =
        64;  ///< tokens of a chunk: its score matrix and x fit the L1 cache

    Ssd(const Kernels& kernels, ThreadPool& pool, const HParams& hparams, int max_tokens);

    /// Inputs of one layer, after convolution and softplus. Rows are tokens.
    struct Input {
        const float*
            xBC;  ///< [n, ld]: x [n_ssm_head, ssm_head_dim], then B and C [n_group, d_state]
        std::int64_t ld;
        const float* dt;  ///< [n, n_ssm_head], after softplus
        const float* A;   ///< [n_ssm_head], negative
        const float* D;   ///< [n_ssm_head]
        int n;
    };
    /// y [n, d_inner]; state [n_ssm_head, d_state, ssm_head_dim] is updated in place. (State index
    /// outside, channel inside: every loop then runs along contiguous channels.)
    void run(const Input& in, float* state, float* y);
    /// The same by the recurrence: what run does with the tokens one by one, to the bit.
    void recur(const Input& in, float* state, float* y);
    /// The outputs of recur, with the state left as it is.
    void recur_on_copy(const Input& in, const float* state, float* y);

    [[nodiscard]] std::size_t memory_bytes() const;
    /// What memory_bytes() will be.
    [[nodiscard]] static std::size_t memory_bytes(const HParams& hparams,
                                                  int n_threads,
                                                  int max_tokens);

private:
    struct Scratch {
        TensorBuffer<float> cum;   // [kChunk] inclusive sum of dt * A
        TensorBuffer<float> dt;    // [kChunk]
        TensorBuffer<float> mask;  // [kChunk, kChunk]
        TensorBuffer<float>
            scaled;  // [kChunk, d_state] C with the decay from the chunk's start; then, transposed,
                     // [d_state, kChunk] B with the decay to its end
        TensorBuffer<float> factor;  // [kChunk]
        TensorBuffer<float> state;   // [d_state, ssm_head_dim], one head's for recur_on_copy
    };

    void recur_head(const Input& in, int head, float* state, float* y) const;
    void scores(const Input& in);
    void run_head(const Input& in, int head, float* state, float* y, Scratch& scratch) const;
    void run_chunk(const Input& in,
                   int head,
                   int first,
                   int len,
                   float* state,
                   float* y,
                   Scratch& scratch) const;

    [[nodiscard]] const float* B(const Input& in, int token, int group) const {
        return in.xBC + token * in.ld + m_d_inner + group * m_d_state;
    }
    [[nodiscard]] const float* C(const Input& in, int token, int group) const {
        return B(in, token, group + m_n_group);
    }
    [[nodiscard]] float* score_matrix(int chunk, int group) {
        return m_scores.data() + (std::int64_t{chunk} * m_n_group + group) * kChunk * kChunk;
    }
    [[nodiscard]] const float* score_matrix(int chunk, int group) const {
        return m_scores.data() + (std::int64_t{chunk} * m_n_group + group) * kChunk * kChunk;
    }

    const Kernels& m_kernels;
    ThreadPool& m_pool;
    int m_n_head, m_head_dim, m_d_state, m_n_group, m_d_inner;
    TensorBuffer<float>
        m_scores;  // [chunks, n_group, kChunk, kChunk]: C_i · B_j, shared by the heads of a group
    std::vector<Scratch> m_scratch;
    std::vector<TensorBuffer<float>> m_transposed;  // one a thread: Bᵀ of a chunk [d_state, kChunk]
};

}  // namespace lares::cpu
