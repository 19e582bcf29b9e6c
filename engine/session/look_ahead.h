#pragma once

#include "engine/backend/backend.h"
#include "engine/base/result.h"
#include "engine/model/hparams.h"

#include <span>
#include <vector>

namespace lares {

/// Tokens that a session has computed before anybody asked for them, in one trial of its backend
/// (Backend::begin_trial): the next one costs nothing where it is the one that was expected.
/// One thread at a time, the session's.
class LookAhead {
public:
    /// Computes `tokens`, of which the first is taken with take(), as the others may be. Throws
    /// std::bad_alloc. Errors: those of Backend::begin_trial. Either way it is not open then and
    /// nothing changed. Precondition: !is_open(), tokens.size() <= backend.max_trial().
    [[nodiscard]] Result<void> open(Backend& backend,
                                    const HParams& hparams,
                                    std::span<const TokenId> tokens);
    [[nodiscard]] bool is_open() const { return m_is_open; }
    /// There are tokens that were not taken.
    [[nodiscard]] bool has_more() const { return m_is_open && m_n_taken < m_tokens.size(); }
    /// The next token is here, and it is this one.
    [[nodiscard]] bool expects(TokenId token) const {
        return has_more() && m_tokens[m_n_taken] == token;
    }
    /// The logits after the token that is next, which now counts as read; valid until the next
    /// open(). Where the backend has a sampler they are what that picks from, and none are here.
    /// Precondition: expects() it.
    [[nodiscard]] std::span<const float> take(Backend& backend);
    /// Brings the backend to the state after the tokens that were taken. Nothing if it is not open.
    void close(Backend& backend);

    [[nodiscard]] std::size_t memory_bytes() const { return m_logits.size() * sizeof(float); }

private:
    bool m_is_open = false;
    std::vector<TokenId> m_tokens;
    std::size_t m_n_taken = 0;
    std::size_t m_n_vocab = 0;
    std::vector<float> m_logits;  // [max_trial, n_vocab], made for the first trial; or empty
};

}  // namespace lares
