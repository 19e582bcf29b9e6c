#pragma once

#include "engine/session/session.h"

#include <cstddef>
#include <list>
#include <span>
#include <string>
#include <vector>

namespace lares {

[[nodiscard]] bool begins_with(std::span<const TokenId> tokens, std::span<const TokenId> prefix);

/// Snapshots of prompts seen before, under a budget of bytes; the one that was not used for the
/// longest time goes first. Looking up compares tokens, so a wrong match is impossible.
/// One thread at a time. (design: state.md)
class SnapshotCache {
public:
    explicit SnapshotCache(std::size_t budget_bytes) : m_budget_bytes(budget_bytes) {}

    /// Whether a disk should still get it; Settled: it is there, or need not be. Replaced: another
    /// branch of the conversation took the place there; due again when it is used.
    enum class Disk { Due, Settled, Replaced };
    /// Keeps `snapshot`, unless it alone is over the budget; replaces one of the same tokens.
    /// `owner` is whose conversation it is; empty: of none alone.
    void insert(SessionSnapshot snapshot, std::string owner = {}, Disk disk = Disk::Due);

    /// The longest one whose tokens begin `tokens`, nullptr if there is none. It counts as used
    /// now. Valid until the next insert.
    [[nodiscard]] const SessionSnapshot* deepest_prefix_or_null(std::span<const TokenId> tokens);

    /// Whether exactly these tokens have one.
    [[nodiscard]] bool contains(std::span<const TokenId> tokens) const;

    /// Snapshots of one owner that begin one another, the longest last.
    struct Line {
        std::string owner;
        std::vector<SessionSnapshot> snapshots;
    };
    /// What a disk should have and has not: of every owner the conversation as it was used last,
    /// its longest snapshots, at most `n_most`; of no owner each one. They are
    /// settled then, and the owner's other branches replaced.
    [[nodiscard]] std::vector<Line> take_lines_for_disk(std::size_t n_most);

    void erase(const std::string& owner);
    void clear() {
        m_entries.clear();
        m_size_bytes = 0;
    }

    [[nodiscard]] std::size_t size() const { return m_entries.size(); }
    [[nodiscard]] std::size_t size_bytes() const { return m_size_bytes; }

private:
    struct Entry {
        SessionSnapshot snapshot;
        std::string owner;
        Disk disk = Disk::Due;
    };
    [[nodiscard]] const Entry& newest_end(const std::string& owner) const;
    [[nodiscard]] Line line_of(const Entry& newest, std::size_t n_most) const;
    template <class Condition>
    void erase_if(const Condition& condition);

    std::size_t m_budget_bytes;
    std::size_t m_size_bytes = 0;
    std::list<Entry> m_entries;  // most recently used first
};

}  // namespace lares
