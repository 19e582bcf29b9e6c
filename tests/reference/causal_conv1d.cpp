#include "tests/reference/causal_conv1d.h"

namespace lares::reference {

CausalConv1d::CausalConv1d(const Matrix& taps, const Vector& bias)
    : m_taps(taps), m_bias(bias), m_window(taps.n_cols, Vector(taps.n_rows, 0.0)) {}

Vector CausalConv1d::step(const Vector& x) {
    m_window.pop_front();
    m_window.push_back(x);
    Vector y = m_bias;
    for (std::size_t c = 0; c < y.size(); ++c)
        for (std::size_t k = 0; k < m_window.size(); ++k) y[c] += m_taps.row(c)[k] * m_window[k][c];
    return y;
}

}  // namespace lares::reference
