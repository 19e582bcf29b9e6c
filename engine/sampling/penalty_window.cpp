#include "engine/sampling/penalty_window.h"

#include <algorithm>
#include <limits>

namespace lares {
namespace {

constexpr float kLargestLogit = std::numeric_limits<float>::max();

bool has_penalty(const SamplingParams& params) {
    return params.penalty_window > 0 &&
           (params.repeat_penalty != 1.0F || params.presence_penalty != 0.0F ||
            params.frequency_penalty != 0.0F);
}

}  // namespace

PenaltyWindow::PenaltyWindow(const SamplingParams& params, int n_vocab)
    : m_repeat_penalty(params.repeat_penalty)
    , m_presence_penalty(params.presence_penalty)
    , m_frequency_penalty(params.frequency_penalty) {
    if (!has_penalty(params)) return;
    m_ring.resize(static_cast<std::size_t>(params.penalty_window));
    m_seen.reserve(static_cast<std::size_t>(std::min(params.penalty_window, n_vocab)));
    m_seen_at.assign(static_cast<std::size_t>(n_vocab), -1);
}

void PenaltyWindow::accept(TokenId token) {
    if (token < 0 || static_cast<std::size_t>(token) >= m_seen_at.size()) return;
    // The oldest goes first, so that m_seen never outgrows its reserve.
    if (m_full) leave(m_ring[m_next]);
    enter(token);
    m_ring[m_next] = token;
    if (++m_next == m_ring.size()) {
        m_next = 0;
        m_full = true;
    }
}

void PenaltyWindow::enter(TokenId token) {
    std::int32_t& at = m_seen_at[token];
    if (at < 0) {
        at = static_cast<std::int32_t>(m_seen.size());
        m_seen.push_back({token, 0});
    }
    ++m_seen[at].count;
}

void PenaltyWindow::leave(TokenId token) {
    const std::int32_t at = m_seen_at[token];
    if (--m_seen[at].count > 0) return;
    m_seen[at] = m_seen.back();
    m_seen_at[m_seen[at].token] = at;
    m_seen.pop_back();
    m_seen_at[token] = -1;
}

void PenaltyWindow::apply(std::span<float> logits) const {
    for (const Seen& seen : m_seen) {
        float& logit = logits[seen.token];
        if (logit < -kLargestLogit) continue;
        const float repeated = logit > 0.0F ? logit / m_repeat_penalty : logit * m_repeat_penalty;
        const float lowered =
            repeated - m_presence_penalty - static_cast<float>(seen.count) * m_frequency_penalty;
        logit = std::clamp(lowered, -kLargestLogit, kLargestLogit);
    }
}

}  // namespace lares
