#pragma once

#include "engine/model/weights.h"
#include "tests/reference/linear.h"

namespace lares::reference {

/// Weights of an MLP block; names and shapes as in engine/model/weights.h.
struct MlpMatrices {
    explicit MlpMatrices(const MlpWeights& weights);

    Matrix up_proj, down_proj;
};

/// y = W_down max(W_up x, 0)²: squared ReLU, no gate, no bias (So et al. 2021, arXiv:2109.08668,
/// §4). [d_model] to [d_model].
[[nodiscard]] Vector mlp(const MlpMatrices& weights, const Vector& x);

}  // namespace lares::reference
