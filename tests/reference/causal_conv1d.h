#pragma once

#include "tests/reference/linear.h"

#include <deque>

namespace lares::reference {

/// Depthwise causal convolution over time, one step at a time; each channel has its own taps:
///   y_t[c] = bias[c] + Σ_k taps[c][k] * x_{t-K+1+k}[c],   x before the start is 0
/// (the short convolution of Mamba-2, Dao & Gu 2024, arXiv:2405.21060, §7.1). The last tap
/// multiplies the newest x.
class CausalConv1d {
public:
    /// Borrows both; taps [channels, K].
    CausalConv1d(const Matrix& taps, const Vector& bias);

    [[nodiscard]] Vector step(const Vector& x);

private:
    const Matrix& m_taps;
    const Vector& m_bias;
    std::deque<Vector> m_window;  // the last K inputs, oldest first
};

}  // namespace lares::reference
