#pragma once

#include "engine/base/result.h"
#include "engine/sampling/sampler_chain.h"
#include "engine/session/session.h"

#include <memory>
#include <span>
#include <stop_token>
#include <utility>

namespace lares {

/// Picks an answer's tokens after the last one of a session: on the card where the session is on
/// one that takes the parameters, else with a SamplerChain. Which one makes no difference to what
/// is picked, and it may change between two tokens: when a card is lost, the chain goes on where
/// the card was. One answer at a time; one thread, the session's, which must outlive it.
class TokenPicker {
public:
    /// `history` counts as seen: the prompt. Errors: those of SamplerChain::create.
    [[nodiscard]] static Result<TokenPicker> create(Session& session,
                                                    const SamplingParams& params,
                                                    std::span<const TokenId> history);

    /// Counts tokens that the session read without their being picked.
    void accept(std::span<const TokenId> tokens);

    /// What the picks from here on are limited to; null: nothing.
    void allow(std::shared_ptr<const TokenMask> allowed);

    /// The next token, which is not read yet. On a card this is where the host waits, and where a
    /// step that read() has queued fails. Precondition: session.has_logits(). Errors: Internal if
    /// no logit is finite, DeviceFailed.
    [[nodiscard]] Result<TokenId> pick();

    /// pick() and Session::read of the token, between which a card does not wait for the host. The
    /// session has read the token afterwards. Precondition: is_on_card(). Errors: those of
    /// Session::pick_and_read.
    [[nodiscard]] Result<TokenId> pick_and_read(std::stop_token stop = {});

    /// Whether the logits stay on a card.
    [[nodiscard]] bool is_on_card() const { return card_sampler_or_null() != nullptr; }

private:
    TokenPicker(Session& session, SamplerChain chain)
        : m_session(session), m_chain(std::move(chain)) {}
    /// Null also where the card does not take the parameters, or is lost.
    [[nodiscard]] BackendSampler* card_sampler_or_null() const;

    Session& m_session;
    SamplerChain m_chain;  // also beside a card's sampler, to go on where that one was
    std::shared_ptr<const TokenMask> m_allowed;
    bool m_card_takes_it = false;
};

}  // namespace lares
