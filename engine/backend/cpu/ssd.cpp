#include "engine/backend/cpu/ssd.h"

#include <algorithm>

namespace lares::cpu {

Ssd::Ssd(const Kernels& kernels, ThreadPool& pool, const HParams& hparams, int max_tokens)
    : m_kernels(kernels)
    , m_pool(pool)
    , m_n_head(hparams.n_ssm_head)
    , m_head_dim(hparams.ssm_head_dim)
    , m_d_state(hparams.d_state)
    , m_n_group(hparams.n_group)
    , m_d_inner(hparams.d_inner()) {
    const auto n_chunks = static_cast<std::size_t>((max_tokens + kChunk - 1) / kChunk);
    m_scores =
        TensorBuffer<float>(n_chunks * static_cast<std::size_t>(m_n_group) * kChunk * kChunk);
    const auto chunk_state = static_cast<std::size_t>(kChunk) * static_cast<std::size_t>(m_d_state);
    for (int i = 0; i < pool.n_threads(); ++i) {
        m_scratch.push_back({TensorBuffer<float>(kChunk), TensorBuffer<float>(kChunk),
                             TensorBuffer<float>(kChunk * kChunk), TensorBuffer<float>(chunk_state),
                             TensorBuffer<float>(kChunk),
                             TensorBuffer<float>(static_cast<std::size_t>(m_d_state) *
                                                 static_cast<std::size_t>(m_head_dim))});
        m_transposed.emplace_back(chunk_state);
    }
}

void Ssd::run(const Input& in, float* state, float* y) {
    if (in.n == 1) return recur(in, state, y);
    scores(in);
    const std::int64_t head_state = std::int64_t{m_d_state} * m_head_dim;
    m_pool.parallel_for(m_n_head, 1, [&](std::int64_t begin, std::int64_t end, int thread) {
        for (std::int64_t head = begin; head < end; ++head)
            run_head(in, static_cast<int>(head), state + head * head_state, y,
                     m_scratch[static_cast<std::size_t>(thread)]);
    });
}

void Ssd::recur(const Input& in, float* state, float* y) {
    const std::int64_t head_state = std::int64_t{m_d_state} * m_head_dim;
    m_pool.parallel_for(m_n_head, 4, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t head = begin; head < end; ++head)
            recur_head(in, static_cast<int>(head), state + head * head_state, y);
    });
}

void Ssd::recur_on_copy(const Input& in, const float* state, float* y) {
    const std::int64_t head_state = std::int64_t{m_d_state} * m_head_dim;
    m_pool.parallel_for(m_n_head, 4, [&](std::int64_t begin, std::int64_t end, int thread) {
        float* copy = m_scratch[static_cast<std::size_t>(thread)].state.data();
        for (std::int64_t head = begin; head < end; ++head) {
            std::copy_n(state + head * head_state, head_state, copy);
            recur_head(in, static_cast<int>(head), copy, y);
        }
    });
}

/// A head's state stays in the cache while the tokens pass by.
void Ssd::recur_head(const Input& in, int head, float* state, float* y) const {
    const int group = head / (m_n_head / m_n_group);
    const std::int64_t channel = std::int64_t{head} * m_head_dim;
    for (int i = 0; i < in.n; ++i)
        m_kernels.ssm_step(state, in.xBC + i * in.ld + channel, B(in, i, group), C(in, i, group),
                           in.dt[std::int64_t{i} * m_n_head + head], in.A[head], in.D[head],
                           y + std::int64_t{i} * m_d_inner + channel, m_d_state, m_head_dim);
}

/// C_i · B_j of each chunk, once a group: the heads of a group share it.
void Ssd::scores(const Input& in) {
    const int n_chunks = (in.n + kChunk - 1) / kChunk;
    m_pool.parallel_for(
        std::int64_t{n_chunks} * m_n_group, 1,
        [&](std::int64_t begin, std::int64_t end, int thread) {
            float* transposed = m_transposed[static_cast<std::size_t>(thread)].data();
            for (std::int64_t i = begin; i < end; ++i) {
                const int chunk = static_cast<int>(i / m_n_group);
                const int group = static_cast<int>(i % m_n_group);
                const int first = chunk * kChunk;
                const int len = std::min(kChunk, in.n - first);
                for (int j = 0; j < len; ++j) {
                    const float* b = B(in, first + j, group);
                    for (int s = 0; s < m_d_state; ++s) transposed[s * kChunk + j] = b[s];
                }
                m_kernels.gemm(len, len, m_d_state, C(in, first, group), in.ld, transposed, kChunk,
                               score_matrix(chunk, group), kChunk, false);
            }
        });
}

void Ssd::run_head(const Input& in, int head, float* state, float* y, Scratch& scratch) const {
    for (int first = 0; first < in.n; first += kChunk)
        run_chunk(in, head, first, std::min(kChunk, in.n - first), state, y, scratch);
}

/// One chunk of one head (arXiv:2405.21060 §6; spec: nemotron-h.md §2.4). Every exponent is <= 0.
void Ssd::run_chunk(
    const Input& in, int head, int first, int len, float* state, float* y, Scratch& scratch) const {
    const int group = head / (m_n_head / m_n_group);
    const float* x = in.xBC + first * in.ld + std::int64_t{head} * m_head_dim;
    float* out = y + std::int64_t{first} * m_d_inner + std::int64_t{head} * m_head_dim;
    float* cum = scratch.cum.data();
    float* dt = scratch.dt.data();
    float* factor = scratch.factor.data();

    float sum = 0.0F;
    for (int i = 0; i < len; ++i) {
        dt[i] = in.dt[std::int64_t{first + i} * m_n_head + head];
        sum += dt[i] * in.A[head];
        cum[i] = sum;
    }

    // Step 1, the diagonal block: Y = (L ∘ C Bᵀ ∘ dt) X.
    m_kernels.ssd_mask(score_matrix(first / kChunk, group), cum, dt, scratch.mask.data(), len,
                       kChunk);
    for (int i = 0; i < len;
         i += 4) {  // rows above the diagonal are zero: stop each four of them there
        const int rows = std::min(4, len - i);
        m_kernels.gemm(rows, m_head_dim, i + rows, scratch.mask.data() + i * kChunk, kChunk, x,
                       in.ld, out + i * std::int64_t{m_d_inner}, m_d_inner, false);
    }

    // Step 2, what the state before the chunk gives: Y += exp(cum_i) C_i S.
    m_kernels.exp(cum, factor, len);
    for (int i = 0; i < len; ++i) {
        const float* c = C(in, first + i, group);
        for (int s = 0; s < m_d_state; ++s)
            scratch.scaled[static_cast<std::size_t>(i * m_d_state + s)] = factor[i] * c[s];
    }
    m_kernels.gemm(len, m_head_dim, m_d_state, scratch.scaled.data(), m_d_state, state, m_head_dim,
                   out, m_d_inner, true);

    // The skip connection: Y += D X.
    for (int i = 0; i < len; ++i)
        for (int p = 0; p < m_head_dim; ++p)
            out[i * std::int64_t{m_d_inner} + p] += in.D[head] * x[i * in.ld + p];

    // Step 3, the state after the chunk: S = exp(cum_last) S + Σ_j exp(cum_last - cum_j) dt_j B_j ⊗
    // x_j.
    const float last = cum[len - 1];
    for (int j = 0; j < len; ++j) factor[j] = last - cum[j];
    m_kernels.exp(factor, factor, len);
    for (int j = 0; j < len; ++j) {
        const float* b = B(in, first + j, group);
        const float weight = factor[j] * dt[j];
        for (int s = 0; s < m_d_state; ++s)
            scratch.scaled[static_cast<std::size_t>(s * kChunk + j)] = weight * b[s];
    }
    float decay = last;
    m_kernels.exp(&decay, &decay, 1);
    m_kernels.scale(state, decay, std::int64_t{m_d_state} * m_head_dim);
    m_kernels.gemm(m_d_state, m_head_dim, len, scratch.scaled.data(), kChunk, x, in.ld, state,
                   m_head_dim, true);
}

std::size_t Ssd::memory_bytes() const {
    std::size_t total = m_scores.size_bytes();
    for (const Scratch& s : m_scratch)
        total += s.cum.size_bytes() + s.dt.size_bytes() + s.mask.size_bytes() +
                 s.scaled.size_bytes() + s.factor.size_bytes() + s.state.size_bytes();
    for (const auto& t : m_transposed) total += t.size_bytes();
    return total;
}

std::size_t Ssd::memory_bytes(const HParams& hparams, int n_threads, int max_tokens) {
    const std::int64_t n_chunks = (max_tokens + kChunk - 1) / kChunk;
    const std::int64_t scores = n_chunks * hparams.n_group * kChunk * kChunk;
    const std::int64_t scratch = kChunk * (3 + kChunk + 2 * std::int64_t{hparams.d_state}) +
                                 std::int64_t{hparams.d_state} * hparams.ssm_head_dim;
    return static_cast<std::size_t>(scores + n_threads * scratch) * sizeof(float);
}

}  // namespace lares::cpu
