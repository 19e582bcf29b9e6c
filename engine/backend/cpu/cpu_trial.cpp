// CpuBackend's trials: a few tokens whose outputs are computed from a state that stays as it is.
// What the state depends on is kept for each token, 1 % of a copy of the state, and the state is
// advanced afterwards by those tokens that were wanted. (ReplaySSM: Dao AI Lab and NVIDIA 2026.)

#include "engine/backend/cpu/cpu_backend.h"

#include <algorithm>
#include <new>

namespace lares::cpu {

static_assert(Attention::kFewTokens >= Linear::kFewRows);

int CpuBackend::max_trial() const {
    return std::min(Linear::kFewRows, m_options.max_batch);
}

std::int64_t CpuBackend::trial_width() const {
    return std::int64_t{m_hparams.d_conv_channels()} + m_hparams.n_ssm_head;
}

CpuBackend::StateInputs CpuBackend::trial_inputs(int mamba) const {
    return {m_trial.data() + mamba * max_trial() * trial_width(), trial_width()};
}

Result<void> CpuBackend::begin_trial(std::span<const TokenId> tokens) {
    try {
        if (m_trial.size() == 0)
            m_trial =
                TensorBuffer<float>(static_cast<std::size_t>(m_hparams.n_layer(LayerKind::Mamba2)) *
                                    static_cast<std::size_t>(max_trial() * trial_width()));
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, "no memory to compute several tokens at once"};
    }
    RETURN_IF_ERROR(reserve_positions(tokens.size()));
    m_is_stoppable = false;
    m_is_trial = true;
    start(tokens);
    return {};
}

void CpuBackend::keep_trial_inputs(int mamba) {
    float* to = m_trial.data() + mamba * max_trial() * trial_width();
    for (int i = 0; i < m_n; ++i)
        std::copy_n(in_proj_row(i) + m_hparams.d_inner(), trial_width(), to + i * trial_width());
}

void CpuBackend::trial_logits(std::span<float> out) {
    const std::int64_t d = m_hparams.d_model;
    const auto* norm = reinterpret_cast<const float*>(m_weights.output_norm.data);
    for_each_token([&](int i) {
        m_kernels.rms_norm(m_x.data() + i * d, norm, m_h.data() + i * d, d, m_hparams.norm_eps);
    });
    m_linear.set_input(m_h.data(), m_n, d);
    m_linear.multiply(m_weights.output, out.data(), m_hparams.n_vocab);
}

void CpuBackend::end_trial(int n_kept) {
    m_n = n_kept;
    m_is_trial = false;
    if (n_kept == 0) return;
    for (int layer = 0; layer < m_hparams.n_layer(); ++layer)
        if (m_hparams.layers[static_cast<std::size_t>(layer)] == LayerKind::Mamba2)
            advance(layer, m_index_in_kind[static_cast<std::size_t>(layer)]);
    m_position += n_kept;
}

/// A layer's state, by the trial's first m_n tokens. Keys and values need nothing: those after
/// m_position do not count.
void CpuBackend::advance(int layer, int mamba) {
    const auto& w =
        std::get<Mamba2Weights>(m_weights.layers[static_cast<std::size_t>(layer)].mixer);
    const StateInputs in = trial_inputs(mamba);
    convolve(w, in, mamba);
    keep_conv_inputs(in, mamba);
    time_steps(w, in);
    m_ssd.recur(ssd_input(w), ssm_state(mamba), m_inner.data());
}

}  // namespace lares::cpu
