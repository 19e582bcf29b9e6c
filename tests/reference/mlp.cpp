#include "tests/reference/mlp.h"

#include <algorithm>

namespace lares::reference {

MlpMatrices::MlpMatrices(const MlpWeights& weights)
    : up_proj(to_matrix(weights.up_proj)), down_proj(to_matrix(weights.down_proj)) {}

Vector mlp(const MlpMatrices& weights, const Vector& x) {
    Vector a = multiply(weights.up_proj, x);
    for (double& value : a) value = std::max(value, 0.0) * std::max(value, 0.0);
    return multiply(weights.down_proj, a);
}

}  // namespace lares::reference
