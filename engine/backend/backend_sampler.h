#pragma once

#include "engine/base/result.h"
#include "engine/sampling/sampler_chain.h"

#include <memory>
#include <span>

namespace lares {

/// Picks tokens where a backend computes, so that logits stay there: what SamplerChain does, from
/// the same tokens and with the same draw. One thread at a time, the backend's.
class BackendSampler {
public:
    virtual ~BackendSampler() = default;

    /// False where it takes a SamplerChain. Precondition: they are valid.
    [[nodiscard]] virtual bool takes(const SamplingParams& params) const = 0;
    /// A new answer. From here on it is as a SamplerChain of `params` that has accepted `history`.
    /// Precondition: takes(params).
    virtual void start(const SamplingParams& params, std::span<const TokenId> history) = 0;
    /// Counts tokens that were not picked here as history.
    virtual void accept(std::span<const TokenId> tokens) = 0;
    /// What the next picks are limited to; null: nothing. Precondition: of the same vocabulary,
    /// not empty.
    virtual void allow(std::shared_ptr<const TokenMask> allowed) = 0;
    /// Picks from the logits below and accepts the pick; waits for the step that they are of.
    /// Errors: Internal if none is finite, DeviceFailed.
    [[nodiscard]] virtual Result<TokenId> pick() = 0;

    /// What the next token is picked from, instead of what Backend::logits left.
    virtual void set_logits(std::span<const float> logits) = 0;
    /// Copies it to the host. Errors: DeviceFailed.
    [[nodiscard]] virtual Result<void> read_logits(std::span<float> out) const = 0;
};

}  // namespace lares
