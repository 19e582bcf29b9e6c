#pragma once

#include "engine/session/draft_index.h"
#include "engine/session/session.h"

namespace lares {

/// Reads an answer's tokens into a session, and with them, in the same step, those that will
/// probably follow, because they must, or because they did at an earlier place. What is picked does
/// not depend on it (Session::read_expecting); how long it takes does: decoding is bound by reading
/// the weights, once a step.
///
/// A draft is as long as drafts have lately been right: it grows by what was accepted whole and
/// shrinks to what was accepted in part. When what was wrong outweighs what was right, nothing is
/// drafted for some tokens, for more of them each time in a row. Deterministic: the same tokens,
/// the same drafts. One answer; one thread, the session's, which must outlive it.
class Drafter {
public:
    explicit Drafter(Session& session) : m_session(session) {}

    /// Reads `token`, which `limit` more may follow: `forced` where there are any, else what
    /// followed before. False where that is left to Session::read: nothing is drafted, or it
    /// failed; then the session is as it was.
    [[nodiscard]] bool try_read(TokenId token, int limit, std::span<const TokenId> forced = {});

    /// Whether the token that is picked next should be known before it is read, on a card, which
    /// reads it unseen otherwise: it may be here already, or more may be read with it. Called once
    /// a token. `forced` begins with that token.
    [[nodiscard]] bool wants_to_see_next(std::span<const TokenId> forced = {});

    [[nodiscard]] int n_drafted() const { return m_n_drafted; }    ///< tokens computed ahead
    [[nodiscard]] int n_accepted() const { return m_n_accepted; }  ///< of these, read

private:
    void settle();
    [[nodiscard]] int room_for(int limit) const;
    [[nodiscard]] bool is_pausing();
    [[nodiscard]] std::span<const TokenId> draft_after(TokenId token, int limit);

    Session& m_session;
    DraftIndex m_index;
    bool m_is_off = false;  // there was no memory for the index
    int m_length = 2;       // of the next draft at most
    int m_credit = 0;       // what drafts have saved lately, in hundredths of a step
    int m_pause = 0;        // tokens for which nothing is drafted
    int m_pauses = 0;       // in a row
    int m_open = 0;         // tokens of the draft in work
    int m_open_accepted = 0;
    int m_n_drafted = 0;
    int m_n_accepted = 0;
};

}  // namespace lares
