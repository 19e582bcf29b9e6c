#pragma once

#include "engine/sampling/sampler_chain.h"

#include <cstddef>
#include <span>
#include <vector>

namespace lares {

/// The last tokens and how often each is among them, for the repeat (Keskar et al. 2019,
/// arXiv:1909.05858 §4.1), presence and frequency penalties.
/// Counts are kept as tokens enter and leave, so a step costs the distinct tokens of the window.
/// Allocates only when made. One thread at a time.
class PenaltyWindow {
public:
    /// Precondition: valid parameters, n_vocab >= 1. With all penalties off nothing is kept.
    PenaltyWindow(const SamplingParams& params, int n_vocab);

    /// A token outside the vocabulary is ignored.
    void accept(TokenId token);
    /// Lowers the logits [n_vocab] of the tokens in the window. Minus infinity stays; other results
    /// stay finite.
    void apply(std::span<float> logits) const;

private:
    void enter(TokenId token);
    void leave(TokenId token);

    float m_repeat_penalty;
    float m_presence_penalty;
    float m_frequency_penalty;

    std::vector<TokenId> m_ring;  // [penalty_window], the oldest at m_next once it is full
    std::size_t m_next = 0;
    bool m_full = false;

    struct Seen {
        TokenId token = 0;
        int count = 0;
    };
    std::vector<Seen> m_seen;             // the distinct tokens of the window, in no order
    std::vector<std::int32_t> m_seen_at;  // [n_vocab] index in m_seen, or -1
};

}  // namespace lares
