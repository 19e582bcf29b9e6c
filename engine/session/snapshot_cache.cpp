#include "engine/session/snapshot_cache.h"

#include <algorithm>
#include <utility>

namespace lares {

bool begins_with(std::span<const TokenId> tokens, std::span<const TokenId> prefix) {
    return prefix.size() <= tokens.size() &&
           std::equal(prefix.begin(), prefix.end(), tokens.begin());
}

void SnapshotCache::insert(SessionSnapshot snapshot) {
    std::erase_if(m_entries, [&](const SessionSnapshot& entry) {
        const bool is_same = std::ranges::equal(entry.tokens(), snapshot.tokens());
        if (is_same) m_size_bytes -= entry.size_bytes();
        return is_same;
    });
    if (snapshot.size_bytes() > m_budget_bytes) return;
    m_entries.push_front(std::move(snapshot));  // may throw: count it after
    m_size_bytes += m_entries.front().size_bytes();
    while (m_size_bytes > m_budget_bytes) {
        m_size_bytes -= m_entries.back().size_bytes();
        m_entries.pop_back();
    }
}

const SessionSnapshot* SnapshotCache::deepest_prefix_or_null(std::span<const TokenId> tokens) {
    auto deepest = m_entries.end();
    for (auto it = m_entries.begin(); it != m_entries.end(); ++it) {
        if (deepest != m_entries.end() && it->position() <= deepest->position()) continue;
        if (begins_with(tokens, it->tokens())) deepest = it;
    }
    if (deepest == m_entries.end()) return nullptr;
    m_entries.splice(m_entries.begin(), m_entries, deepest);
    return &m_entries.front();
}

bool SnapshotCache::contains(std::span<const TokenId> tokens) const {
    return std::ranges::any_of(m_entries, [&](const SessionSnapshot& entry) {
        return std::ranges::equal(entry.tokens(), tokens);
    });
}

}  // namespace lares
