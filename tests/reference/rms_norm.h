#pragma once

#include "tests/reference/linear.h"

namespace lares::reference {

/// Root mean square layer normalisation (Zhang & Sennrich 2019, arXiv:1910.07467, eq. 4):
///   y_i = x_i / RMS(x) * g_i,   RMS(x) = sqrt(1/n Σ x_i² + eps)
/// over each of `n_group` equal parts of x on its own; 1 is the paper's form. The paper has no eps.
[[nodiscard]] Vector rms_norm(const Vector& x, const Vector& gain, double eps, int n_group = 1);

}  // namespace lares::reference
