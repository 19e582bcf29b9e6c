#include "engine/session/look_ahead.h"

#include "engine/session/hybrid_model.h"

namespace lares {

Result<void> LookAhead::open(Backend& backend,
                             const HParams& hparams,
                             std::span<const TokenId> tokens) {
    m_n_vocab = static_cast<std::size_t>(hparams.n_vocab);
    if (m_logits.empty())
        m_logits.resize(static_cast<std::size_t>(backend.max_trial()) * m_n_vocab);
    m_tokens.assign(tokens.begin(), tokens.end());
    m_n_taken = 0;
    RETURN_IF_ERROR(forward_trial(backend, hparams, m_tokens,
                                  std::span(m_logits).first(m_tokens.size() * m_n_vocab)));
    m_is_open = true;
    return {};
}

std::span<const float> LookAhead::take() {
    return std::span(m_logits).subspan(m_n_taken++ * m_n_vocab, m_n_vocab);
}

void LookAhead::close(Backend& backend) {
    if (!m_is_open) return;
    backend.end_trial(static_cast<int>(m_n_taken));
    m_is_open = false;
}

}  // namespace lares
