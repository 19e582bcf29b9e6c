#include "tests/reference/attention.h"

#include <algorithm>
#include <cmath>

namespace lares::reference {
namespace {

/// In place: weights that are positive and sum to 1. The largest score is taken off first, which
/// changes nothing but keeps exp in range.
void softmax(Vector& scores) {
    const double largest = *std::max_element(scores.begin(), scores.end());
    double sum = 0;
    for (double& score : scores) sum += score = std::exp(score - largest);
    for (double& score : scores) score /= sum;
}

double dot(const double* a, const double* b, std::size_t n) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
    return sum;
}

}  // namespace

AttentionMatrices::AttentionMatrices(const AttentionWeights& weights)
    : q_proj(to_matrix(weights.q_proj))
    , k_proj(to_matrix(weights.k_proj))
    , v_proj(to_matrix(weights.v_proj))
    , o_proj(to_matrix(weights.o_proj)) {}

Attention::Attention(const HParams& hparams, const AttentionMatrices& weights, KvRounding rounding)
    : m_hparams(hparams), m_weights(weights), m_rounding(rounding) {}

Vector Attention::step(const Vector& x) {
    const auto n_head = static_cast<std::size_t>(m_hparams.n_head);
    const auto n_shared = n_head / static_cast<std::size_t>(m_hparams.n_kv_head);
    const auto head_dim = static_cast<std::size_t>(m_hparams.head_dim);

    const Vector q = multiply(m_weights.q_proj, x);
    m_keys.push_back(multiply(m_weights.k_proj, x));
    m_values.push_back(multiply(m_weights.v_proj, x));
    if (m_rounding) {
        for (double& k : m_keys.back()) k = m_rounding(k);
        for (double& v : m_values.back()) v = m_rounding(v);
    }

    Vector o(n_head * head_dim, 0.0);
    Vector p(m_keys.size());
    for (std::size_t head = 0; head < n_head; ++head) {
        const std::size_t kv = head / n_shared * head_dim;
        for (std::size_t t = 0; t < p.size(); ++t)
            p[t] = dot(q.data() + head * head_dim, m_keys[t].data() + kv, head_dim) /
                   std::sqrt(static_cast<double>(head_dim));
        softmax(p);
        for (std::size_t t = 0; t < p.size(); ++t)
            for (std::size_t i = 0; i < head_dim; ++i)
                o[head * head_dim + i] += p[t] * m_values[t][kv + i];
    }
    return multiply(m_weights.o_proj, o);
}

}  // namespace lares::reference
