#include "engine/session/draft_index.h"

#include <algorithm>
#include <bit>

namespace lares {
namespace {

constexpr std::size_t kLeastSlots = 1024;

}  // namespace

/// Of the `n` tokens before `end`. Another run may have the same one: tokens are compared anyway.
std::size_t DraftIndex::slot(std::size_t end, int n, std::size_t n_slots) const {
    std::uint64_t hash = 0;
    for (std::size_t i = end - static_cast<std::size_t>(n); i < end; ++i)
        hash = (hash ^ static_cast<std::uint32_t>(m_tokens[i])) * 0x9E3779B97F4A7C15U;
    return (hash >> 32) & (n_slots - 1);
}

void DraftIndex::link(Chains& chains, std::size_t end, int n) const {
    if (end < static_cast<std::size_t>(n)) return;
    std::int32_t& head = chains.heads[slot(end, n, chains.heads.size())];
    chains.before[end - 1] = head;
    head = static_cast<std::int32_t>(end);
}

/// Twice as many slots as tokens; done again whenever the tokens have doubled.
void DraftIndex::grow() {
    const std::size_t n_slots = std::max(kLeastSlots, std::bit_ceil(m_tokens.size()) * 2);
    for (Chains* chains : {&m_short, &m_long}) {
        const int n = chains == &m_short ? kShort : kLong;
        chains->heads.assign(n_slots, 0);
        for (std::size_t end = 1; end <= chains->before.size(); ++end) link(*chains, end, n);
    }
}

void DraftIndex::append(std::span<const TokenId> tokens) {
    const std::size_t first = m_tokens.size();
    m_tokens.insert(m_tokens.end(), tokens.begin(), tokens.end());
    m_short.before.resize(m_tokens.size());
    m_long.before.resize(m_tokens.size());
    if (m_tokens.size() > m_short.heads.size()) return grow();
    for (std::size_t end = first + 1; end <= m_tokens.size(); ++end) {
        link(m_short, end, kShort);
        link(m_long, end, kLong);
    }
}

int DraftIndex::equal_tokens(std::size_t a, std::size_t b) const {
    const auto most = std::min<std::size_t>({a, b, kLongest});
    std::size_t n = 0;
    while (n < most && m_tokens[a - 1 - n] == m_tokens[b - 1 - n]) ++n;
    return static_cast<int>(n);
}

DraftIndex::Match DraftIndex::longest_in(const Chains& chains, int n) const {
    const std::size_t end = m_tokens.size();
    if (end < static_cast<std::size_t>(n)) return {};
    Match best;
    auto place = static_cast<std::size_t>(chains.before[end - 1]);
    for (int i = 0; i < kMaxPlaces && place > 0 && best.length < kLongest; ++i) {
        const int length = equal_tokens(place, end);
        if (length >= n && length > best.length)
            best = {length, std::span(m_tokens).subspan(place)};
        place = static_cast<std::size_t>(chains.before[place - 1]);
    }
    return best;
}

DraftIndex::Match DraftIndex::longest() const {
    const Match match = longest_in(m_long, kLong);
    return match.length > 0 ? match : longest_in(m_short, kShort);
}

}  // namespace lares
