#include "engine/sampling/sampler_chain.h"

#include "engine/sampling/candidates.h"
#include "engine/sampling/gumbel_noise.h"
#include "engine/sampling/penalty_window.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace lares {
namespace {

constexpr float kLargestFloat = std::numeric_limits<float>::max();
constexpr int kMaxPenaltyWindow = 1 << 20;

Error outside(std::string_view field, std::string_view range) {
    return {ErrorCode::InvalidArgument,
            std::string(field) + " must be a number from " + std::string(range)};
}

/// False for NaN.
bool is_within(float value, float low, float high) {
    return value >= low && value <= high;
}

}  // namespace

SamplingParams SamplingParams::greedy() {
    SamplingParams params;
    params.temperature = 0.0F;
    params.top_p = 1.0F;
    return params;
}

Result<void> validate(const SamplingParams& params) {
    if (!is_within(params.temperature, 0, 10)) return outside("temperature", "0 to 10");
    if (params.top_k < 0) return outside("top_k", "0 up");
    if (!is_within(params.top_p, 0, 1)) return outside("top_p", "0 to 1");
    if (!is_within(params.min_p, 0, 1)) return outside("min_p", "0 to 1");
    if (!is_within(params.repeat_penalty, 0.01F, 10))
        return outside("repeat_penalty", "0.01 to 10");
    if (!is_within(params.presence_penalty, 0, 10)) return outside("presence_penalty", "0 to 10");
    if (!is_within(params.frequency_penalty, 0, 10)) return outside("frequency_penalty", "0 to 10");
    if (params.penalty_window < 0 || params.penalty_window > kMaxPenaltyWindow)
        return outside("penalty_window", "0 to " + std::to_string(kMaxPenaltyWindow));
    return {};
}

struct SamplerChain::Impl {
    Impl(const SamplingParams& p, int n_vocab)
        : params(p)
        , logits(static_cast<std::size_t>(n_vocab))
        , penalties(p, n_vocab)
        , candidates(n_vocab) {}

    SamplingParams params;
    std::vector<float> logits;  // [n_vocab], the model's with all stages so far applied
    PenaltyWindow penalties;
    Candidates candidates;
    std::uint32_t step = 0;  // tokens picked so far; with the seed it decides the draw

    [[nodiscard]] bool load(std::span<const float> source, const TokenMask* allowed);
    [[nodiscard]] TokenId pick();
};

/// Copies the logits without NaN and plus infinity, and those that are not allowed as minus
/// infinity; false if none is finite.
bool SamplerChain::Impl::load(std::span<const float> source, const TokenMask* allowed) {
    bool any_finite = false;
    for (std::size_t i = 0; i < source.size(); ++i) {
        const bool is_allowed = !allowed || allowed->allows(static_cast<TokenId>(i));
        const float logit = source[i];
        any_finite |= is_allowed && std::abs(logit) <= kLargestFloat;
        logits[i] = std::isnan(logit) || !is_allowed ? -std::numeric_limits<float>::infinity()
                                                     : std::min(logit, kLargestFloat);
    }
    return any_finite;
}

TokenId SamplerChain::Impl::pick() {
    penalties.apply(logits);
    if (params.temperature == 0.0F)
        return static_cast<TokenId>(std::max_element(logits.begin(), logits.end()) -
                                    logits.begin());

    candidates.assign(logits);
    if (params.top_k > 0) candidates.keep_top_k(params.top_k);
    candidates.keep_top_p(params.top_p);
    candidates.keep_min_p(params.min_p);
    return candidates.draw(params.temperature, GumbelNoise(params.seed, step));
}

Result<SamplerChain> SamplerChain::create(const SamplingParams& params, int n_vocab) {
    RETURN_IF_ERROR(validate(params));
    if (n_vocab < 1) return Error{ErrorCode::InvalidArgument, "n_vocab must be at least 1"};
    return SamplerChain(std::make_unique<Impl>(params, n_vocab));
}

SamplerChain::SamplerChain(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
SamplerChain::SamplerChain(SamplerChain&&) noexcept = default;
SamplerChain& SamplerChain::operator=(SamplerChain&&) noexcept = default;
SamplerChain::~SamplerChain() = default;

void SamplerChain::accept(TokenId token) {
    m_impl->penalties.accept(token);
}

void SamplerChain::accept_pick(TokenId token) {
    ++m_impl->step;
    accept(token);
}

Result<TokenId> SamplerChain::sample(std::span<const float> logits, const TokenMask* allowed) {
    if (allowed && allowed->n_vocab() != static_cast<int>(logits.size()))
        return Error{ErrorCode::InvalidArgument, "the mask is of another vocabulary"};
    if (logits.size() != m_impl->logits.size())
        return Error{ErrorCode::InvalidArgument, std::to_string(logits.size()) +
                                                     " logits for a vocabulary of " +
                                                     std::to_string(m_impl->logits.size())};
    if (!m_impl->load(logits, allowed))
        return Error{ErrorCode::Internal, "the model computed no finite logit"};
    const TokenId token = m_impl->pick();
    accept_pick(token);
    return token;
}

}  // namespace lares
