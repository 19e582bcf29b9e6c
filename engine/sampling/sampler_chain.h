#pragma once

#include "engine/base/result.h"
#include "engine/sampling/token_mask.h"
#include "engine/tokenizer/bpe_tokenizer.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace lares {

/// How the next token is picked. The defaults are the family's (spec: chat-template.md §4).
/// Order of the chain: penalties, top-k, top-p, min-p, temperature, draw.
struct SamplingParams {
    float temperature = 0.6F;        ///< 0 is greedy: the largest logit, the lowest id on a tie
    int top_k = 0;                   ///< 0: off
    float top_p = 0.95F;             ///< 1: off (Holtzman et al. 2020, arXiv:1904.09751)
    float min_p = 0.0F;              ///< 0: off (Nguyen et al. 2024, arXiv:2407.01082)
    float repeat_penalty = 1.0F;     ///< 1: off (Keskar et al. 2019, arXiv:1909.05858 §4.1)
    float presence_penalty = 0.0F;   ///< subtracted once from the logit of a token seen before
    float frequency_penalty = 0.0F;  ///< subtracted for each time it was seen
    int penalty_window = 256;        ///< how many past tokens the three penalties look at
    std::uint64_t seed = 0;

    [[nodiscard]] static SamplingParams greedy();
};

/// InvalidArgument that names the field and its range: NaN, negative, out of range.
/// Ranges: temperature, repeat (from 0.01), presence and frequency to 10; top_p, min_p to 1; window
/// to 2^20. A top_p of 0 leaves one token.
[[nodiscard]] Result<void> validate(const SamplingParams& params);

/// Draws tokens. The same seed, logits and history give the same tokens on every machine (own
/// generator, no library distribution), and on a card but for roundings of f32 (gumbel_noise.h).
/// Allocates only in `create`. One thread at a time.
class SamplerChain {
public:
    /// Errors: those of validate; InvalidArgument for n_vocab < 1.
    [[nodiscard]] static Result<SamplerChain> create(const SamplingParams& params, int n_vocab);

    /// Counts a token as history without drawing (prompt tokens, forced tokens). One outside the
    /// vocabulary is ignored.
    void accept(TokenId token);

    /// Picks from `logits` [n_vocab], which are left unchanged, and accepts the pick: one of the
    /// tokens in `allowed`, where it is given. NaN counts as minus infinity, plus infinity as the
    /// largest float. On an error nothing is accepted. Errors: InvalidArgument for another number
    /// of logits or of tokens in the mask; Internal if none is finite.
    [[nodiscard]] Result<TokenId> sample(std::span<const float> logits,
                                         const TokenMask* allowed = nullptr);

    /// As sample(), where its pick was already made elsewhere, from the same logits.
    void accept_pick(TokenId token);

    SamplerChain(SamplerChain&&) noexcept;
    SamplerChain& operator=(SamplerChain&&) noexcept;
    ~SamplerChain();

private:
    struct Impl;
    explicit SamplerChain(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace lares
