#pragma once

#include "engine/model/hparams.h"
#include "engine/model/weights.h"
#include "tests/reference/causal_conv1d.h"
#include "tests/reference/linear.h"

namespace lares::reference {

/// Weights of a Mamba-2 block; names and shapes as in engine/model/weights.h.
struct Mamba2Matrices {
    explicit Mamba2Matrices(const Mamba2Weights& weights);

    Matrix in_proj, conv_weight, out_proj;
    Vector conv_bias, dt_bias, A, D, norm;
};

/// A Mamba-2 block as the recurrence of Dao & Gu 2024, arXiv:2405.21060, eq. (2), one token at a
/// time, for each head with state h [head_dim, d_state]:
///   h_t = exp(dt_t A) h_{t-1} + dt_t x_t ⊗ B_t      (discretised as in §2.1 and in Mamba, §2)
///   y_t = h_t C_t + D x_t
/// with the parallel projections, the convolution, the gate and the norm of §7.1. B and C are
/// shared by the heads of a group (§7.2).
class Mamba2 {
public:
    /// Borrows both.
    Mamba2(const HParams& hparams, const Mamba2Matrices& weights);

    /// [d_model] to [d_model].
    [[nodiscard]] Vector step(const Vector& u);

private:
    [[nodiscard]] Vector scan(const Vector& xBC, const Vector& dt);

    const HParams& m_hparams;
    const Mamba2Matrices& m_weights;
    CausalConv1d m_conv;
    Vector m_state;  // [n_ssm_head, ssm_head_dim, d_state]
};

}  // namespace lares::reference
