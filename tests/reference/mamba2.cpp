#include "tests/reference/mamba2.h"

#include "tests/reference/rms_norm.h"

#include <cmath>

namespace lares::reference {
namespace {

double silu(double a) {
    return a / (1.0 + std::exp(-a));
}

/// log(1 + e^a) without overflow.
double softplus(double a) {
    return std::max(a, 0.0) + std::log1p(std::exp(-std::abs(a)));
}

Vector part(const Vector& v, std::size_t begin, std::size_t size) {
    const auto from = v.begin() + static_cast<std::ptrdiff_t>(begin);
    return {from, from + static_cast<std::ptrdiff_t>(size)};
}

}  // namespace

Mamba2Matrices::Mamba2Matrices(const Mamba2Weights& weights)
    : in_proj(to_matrix(weights.in_proj))
    , conv_weight(to_matrix(weights.conv_weight))
    , out_proj(to_matrix(weights.out_proj))
    , conv_bias(to_vector(weights.conv_bias))
    , dt_bias(to_vector(weights.dt_bias))
    , A(to_vector(weights.A))
    , D(to_vector(weights.D))
    , norm(to_vector(weights.norm)) {}

Mamba2::Mamba2(const HParams& hparams, const Mamba2Matrices& weights)
    : m_hparams(hparams)
    , m_weights(weights)
    , m_conv(weights.conv_weight, weights.conv_bias)
    , m_state(static_cast<std::size_t>(hparams.ssm_state_size()), 0.0) {}

Vector Mamba2::step(const Vector& u) {
    const auto d_inner = static_cast<std::size_t>(m_hparams.d_inner());
    const auto n_channel = static_cast<std::size_t>(m_hparams.d_conv_channels());
    const auto n_head = static_cast<std::size_t>(m_hparams.n_ssm_head);

    // §7.1: z, x, B, C and dt are all projected from the input at once.
    const Vector projected = multiply(m_weights.in_proj, u);
    const Vector z = part(projected, 0, d_inner);
    Vector dt = part(projected, d_inner + n_channel, n_head);
    for (std::size_t i = 0; i < n_head; ++i) dt[i] = softplus(dt[i] + m_weights.dt_bias[i]);

    Vector xBC = m_conv.step(part(projected, d_inner, n_channel));
    for (double& value : xBC) value = silu(value);

    Vector y = scan(xBC, dt);
    for (std::size_t i = 0; i < d_inner; ++i) y[i] *= silu(z[i]);  // the gate comes before the norm
    return multiply(m_weights.out_proj,
                    rms_norm(y, m_weights.norm, m_hparams.norm_eps, m_hparams.n_group));
}

Vector Mamba2::scan(const Vector& xBC, const Vector& dt) {
    const auto n_head = static_cast<std::size_t>(m_hparams.n_ssm_head);
    const auto head_dim = static_cast<std::size_t>(m_hparams.ssm_head_dim);
    const auto d_state = static_cast<std::size_t>(m_hparams.d_state);
    const auto n_group = static_cast<std::size_t>(m_hparams.n_group);
    const double* x = xBC.data();
    const double* all_B = x + n_head * head_dim;
    const double* all_C = all_B + n_group * d_state;

    Vector y(n_head * head_dim);
    for (std::size_t head = 0; head < n_head; ++head) {
        const std::size_t group = head / (n_head / n_group);
        const double* B = all_B + group * d_state;
        const double* C = all_C + group * d_state;
        const double decay = std::exp(dt[head] * m_weights.A[head]);
        for (std::size_t p = head * head_dim; p < (head + 1) * head_dim; ++p) {
            double* h = m_state.data() + p * d_state;
            y[p] = m_weights.D[head] * x[p];
            for (std::size_t n = 0; n < d_state; ++n) {
                h[n] = decay * h[n] + dt[head] * x[p] * B[n];
                y[p] += h[n] * C[n];
            }
        }
    }
    return y;
}

}  // namespace lares::reference
