#pragma once

#include "engine/model/hparams.h"
#include "engine/model/weights.h"
#include "tests/reference/linear.h"

#include <vector>

namespace lares::reference {

/// Weights of an attention block; names and shapes as in engine/model/weights.h.
struct AttentionMatrices {
    explicit AttentionMatrices(const AttentionWeights& weights);

    Matrix q_proj, k_proj, v_proj, o_proj;
};

/// Causal attention over everything seen so far (Vaswani et al. 2017, arXiv:1706.03762, eq. 1 and
/// §3.2.2), without positions:
///   o = softmax(q kᵀ / sqrt(head_dim)) v
/// n_head / n_kv_head neighbouring query heads share a key/value head (Ainslie et al. 2023,
/// arXiv:2305.13245).
class Attention {
public:
    /// What a cache makes of a key's or a value's number; null keeps it.
    using KvRounding = double (*)(double);

    /// Borrows both.
    Attention(const HParams& hparams,
              const AttentionMatrices& weights,
              KvRounding rounding = nullptr);

    /// [d_model] to [d_model].
    [[nodiscard]] Vector step(const Vector& x);

private:
    const HParams& m_hparams;
    const AttentionMatrices& m_weights;
    KvRounding m_rounding;
    std::vector<Vector> m_keys;  // one [n_kv_head, head_dim] for each token
    std::vector<Vector> m_values;
};

}  // namespace lares::reference
