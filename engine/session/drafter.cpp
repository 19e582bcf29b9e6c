#include "engine/session/drafter.h"

#include <algorithm>
#include <new>

namespace lares {
namespace {

/// Lengths of a draft to begin with, and the shortest after one that was wrong.
constexpr int kLeastLength = 2;
/// In hundredths of a step: what a token computed ahead saves that was right (what it costs the
/// session says), what may be lost before nothing is drafted for a while, and what earlier luck
/// counts at most.
constexpr int kSaving = 100;
constexpr int kMostLost = 200;
constexpr int kMostSaved = 600;
/// Tokens without drafts, the first time and at most.
constexpr int kFirstPause = 16;
constexpr int kLongestPause = 256;

}  // namespace

int Drafter::room_for(int limit) const {
    return std::min(
        {limit, m_session.max_expected(), m_session.n_ctx() - m_session.position() - 1});
}

bool Drafter::try_read(TokenId token, int limit, std::span<const TokenId> forced) {
    if (m_is_off || m_session.max_expected() == 0) return false;
    if (m_session.expects(token)) {
        ++m_open_accepted;
        ++m_n_accepted;
        return m_session.read({&token, 1}).has_value();
    }
    settle();
    try {
        const int room = std::max(room_for(limit), 0);
        const auto draft =
            forced.empty() ? draft_after(token, room)
                           : forced.first(std::min(forced.size(), static_cast<std::size_t>(room)));
        if (draft.empty() || !m_session.read_expecting(token, draft)) return false;
        m_open = static_cast<int>(draft.size());
        m_n_drafted += m_open;
        return true;
    } catch (const std::bad_alloc&) {
        m_is_off = true;  // the index may be halfway
        return false;
    }
}

/// What the last draft was worth decides about the next ones.
void Drafter::settle() {
    if (m_open == 0) return;
    const bool is_whole = m_open_accepted == m_open;
    m_length = is_whole ? std::max(m_length, 2 * m_open) : m_open_accepted + 1;
    m_length = std::clamp(m_length, std::min(kLeastLength, m_session.max_expected()),
                          m_session.max_expected());
    const int cost = m_session.expected_token_cost();
    m_credit = std::min(m_credit + kSaving * m_open_accepted - cost * m_open, kMostSaved);
    if (is_whole) m_pauses = 0;
    if (m_credit < -kMostLost) {
        m_pause = std::min(kFirstPause << m_pauses, kLongestPause);
        if (m_pause < kLongestPause) ++m_pauses;
        m_credit = 0;
    }
    m_open = m_open_accepted = 0;
}

/// Counts a token of the pause.
bool Drafter::is_pausing() {
    if (m_pause == 0) return false;
    --m_pause;
    return true;
}

/// A token that is seen first is read a little later, about as long after it was picked as the host
/// takes to be told. So it is only looked at where a draft is likely to come of it.
bool Drafter::wants_to_see_next(std::span<const TokenId> forced) {
    if (m_is_off || m_session.max_expected() == 0) return false;
    if (m_session.expects_any() || forced.size() > 1) return true;
    settle();
    if (is_pausing()) return false;
    try {
        m_index.append(m_session.tokens().subspan(m_index.size()));
    } catch (const std::bad_alloc&) {
        m_is_off = true;  // the index may be halfway
        return false;
    }
    return m_index.longest().length >= DraftIndex::kShort;
}

/// The longer the match, the more of what followed it: after few tokens it may be chance.
std::span<const TokenId> Drafter::draft_after(TokenId token, int limit) {
    if (is_pausing()) return {};
    limit = std::min(limit, m_length);
    if (limit <= 0) return {};
    m_index.append(m_session.tokens().subspan(m_index.size()));
    m_index.append({&token, 1});  // which is read next in any case
    const DraftIndex::Match match = m_index.longest();
    const int trusted = match.length >= DraftIndex::kLong ? limit : match.length - 1;
    const auto n = static_cast<std::size_t>(std::clamp(trusted, 0, limit));
    return match.following.first(std::min(match.following.size(), n));
}

}  // namespace lares
