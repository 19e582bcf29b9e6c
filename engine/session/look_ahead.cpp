#include "engine/session/look_ahead.h"

#include "engine/session/hybrid_model.h"

namespace lares {

Result<void> LookAhead::open(Backend& backend,
                             const HParams& hparams,
                             std::span<const TokenId> tokens) {
    m_n_vocab = static_cast<std::size_t>(hparams.n_vocab);
    const bool stay = backend.sampler_or_null() != nullptr;
    if (stay)
        m_logits.clear();
    else if (m_logits.empty())
        m_logits.resize(static_cast<std::size_t>(backend.max_trial()) * m_n_vocab);
    m_tokens.assign(tokens.begin(), tokens.end());
    m_n_taken = 0;
    RETURN_IF_ERROR(forward_trial(backend, hparams, m_tokens,
                                  std::span(m_logits).first(stay ? 0 : tokens.size() * m_n_vocab)));
    m_is_open = true;
    return {};
}

std::span<const float> LookAhead::take(Backend& backend) {
    const std::size_t row = m_n_taken++;
    if (!m_logits.empty()) return std::span(m_logits).subspan(row * m_n_vocab, m_n_vocab);
    backend.use_trial_logits(static_cast<int>(row));
    return {};
}

void LookAhead::close(Backend& backend) {
    if (!m_is_open) return;
    backend.end_trial(static_cast<int>(m_n_taken));
    m_is_open = false;
}

}  // namespace lares
