#include "engine/session/token_picker.h"

#include "engine/backend/backend_sampler.h"

namespace lares {

Result<TokenPicker> TokenPicker::create(Session& session,
                                        const SamplingParams& params,
                                        std::span<const TokenId> history) {
    ASSIGN_OR_RETURN(SamplerChain chain,
                     SamplerChain::create(params, session.model().hparams().n_vocab));
    for (const TokenId token : history) chain.accept(token);
    TokenPicker picker(session, std::move(chain));
    BackendSampler* const card = session.sampler_or_null();
    picker.m_card_takes_it = card && card->takes(params);
    if (picker.m_card_takes_it) card->start(params, history);
    return picker;
}

BackendSampler* TokenPicker::card_sampler_or_null() const {
    return m_card_takes_it ? m_session.sampler_or_null() : nullptr;
}

void TokenPicker::accept(std::span<const TokenId> tokens) {
    for (const TokenId token : tokens) m_chain.accept(token);
    if (BackendSampler* const card = card_sampler_or_null()) card->accept(tokens);
}

void TokenPicker::allow(std::shared_ptr<const TokenMask> allowed) {
    if (BackendSampler* const card = card_sampler_or_null()) card->allow(allowed);
    m_allowed = std::move(allowed);
}

Result<TokenId> TokenPicker::pick() {
    if (BackendSampler* const card = card_sampler_or_null()) {
        ASSIGN_OR_RETURN(const TokenId token, card->pick());
        m_chain.accept_pick(token);
        return token;
    }
    ASSIGN_OR_RETURN(const auto logits, m_session.fetch_logits());
    return m_chain.sample(logits, m_allowed.get());
}

Result<TokenId> TokenPicker::pick_and_read(std::stop_token stop) {
    ASSIGN_OR_RETURN(const TokenId token, m_session.pick_and_read(std::move(stop)));
    m_chain.accept_pick(token);
    return token;
}

}  // namespace lares
