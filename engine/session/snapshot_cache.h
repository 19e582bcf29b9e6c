#pragma once

#include "engine/session/session.h"

#include <cstddef>
#include <list>
#include <span>

namespace lares {

[[nodiscard]] bool begins_with(std::span<const TokenId> tokens, std::span<const TokenId> prefix);

/// Snapshots of prompts seen before, under a budget of bytes; the one that was not used for the
/// longest time goes first. Looking up compares tokens, so a wrong match is impossible.
/// One thread at a time. (design: state.md)
class SnapshotCache {
public:
    explicit SnapshotCache(std::size_t budget_bytes) : m_budget_bytes(budget_bytes) {}

    /// Keeps `snapshot`, unless it alone is over the budget; replaces one of the same tokens.
    void insert(SessionSnapshot snapshot);

    /// The longest one whose tokens begin `tokens`, nullptr if there is none. It counts as used
    /// now. Valid until the next insert.
    [[nodiscard]] const SessionSnapshot* deepest_prefix_or_null(std::span<const TokenId> tokens);

    /// Whether exactly these tokens have one.
    [[nodiscard]] bool contains(std::span<const TokenId> tokens) const;

    void clear() {
        m_entries.clear();
        m_size_bytes = 0;
    }

    [[nodiscard]] std::size_t size() const { return m_entries.size(); }
    [[nodiscard]] std::size_t size_bytes() const { return m_size_bytes; }

private:
    std::size_t m_budget_bytes;
    std::size_t m_size_bytes = 0;
    std::list<SessionSnapshot> m_entries;  // most recently used first
};

}  // namespace lares
