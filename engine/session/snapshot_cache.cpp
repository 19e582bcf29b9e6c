#include "engine/session/snapshot_cache.h"

#include <algorithm>
#include <utility>

namespace lares {

bool begins_with(std::span<const TokenId> tokens, std::span<const TokenId> prefix) {
    return prefix.size() <= tokens.size() &&
           std::equal(prefix.begin(), prefix.end(), tokens.begin());
}

template <class Condition>
void SnapshotCache::erase_if(const Condition& condition) {
    std::erase_if(m_entries, [&](const Entry& entry) {
        const bool goes = condition(entry);
        if (goes) m_size_bytes -= entry.snapshot.size_bytes();
        return goes;
    });
}

void SnapshotCache::insert(SessionSnapshot snapshot, std::string owner, Disk disk) {
    erase_if([&](const Entry& entry) {
        return std::ranges::equal(entry.snapshot.tokens(), snapshot.tokens());
    });
    if (snapshot.size_bytes() > m_budget_bytes) return;
    m_entries.push_front(
        {std::move(snapshot), std::move(owner), disk});  // may throw: count it after
    m_size_bytes += m_entries.front().snapshot.size_bytes();
    while (m_size_bytes > m_budget_bytes) {
        m_size_bytes -= m_entries.back().snapshot.size_bytes();
        m_entries.pop_back();
    }
}

const SessionSnapshot* SnapshotCache::deepest_prefix_or_null(std::span<const TokenId> tokens) {
    auto deepest = m_entries.end();
    for (auto it = m_entries.begin(); it != m_entries.end(); ++it) {
        const SessionSnapshot& snapshot = it->snapshot;
        if (deepest != m_entries.end() && snapshot.position() <= deepest->snapshot.position())
            continue;
        if (begins_with(tokens, snapshot.tokens())) deepest = it;
    }
    if (deepest == m_entries.end()) return nullptr;
    if (deepest->disk == Disk::Replaced) deepest->disk = Disk::Due;
    m_entries.splice(m_entries.begin(), m_entries, deepest);
    return &m_entries.front().snapshot;
}

bool SnapshotCache::contains(std::span<const TokenId> tokens) const {
    return std::ranges::any_of(m_entries, [&](const Entry& entry) {
        return std::ranges::equal(entry.snapshot.tokens(), tokens);
    });
}

/// The end of the owner's conversation as it was used last: what begins a longer one may have been
/// used by another owner's since. Precondition: the owner has an entry.
const SnapshotCache::Entry& SnapshotCache::newest_end(const std::string& owner) const {
    const auto is_end = [&](const Entry& entry) {
        return entry.owner == owner && std::ranges::none_of(m_entries, [&](const Entry& other) {
                   return other.owner == owner &&
                          other.snapshot.position() > entry.snapshot.position() &&
                          begins_with(other.snapshot.tokens(), entry.snapshot.tokens());
               });
    };
    return *std::ranges::find_if(m_entries, is_end);
}

SnapshotCache::Line SnapshotCache::line_of(const Entry& newest, std::size_t n_most) const {
    Line line{newest.owner, {}};
    for (const Entry& entry : m_entries)
        if (entry.owner == newest.owner && entry.snapshot.position() > 0 &&
            begins_with(newest.snapshot.tokens(), entry.snapshot.tokens()))
            line.snapshots.push_back(entry.snapshot);
    std::ranges::sort(line.snapshots, {}, &SessionSnapshot::position);
    if (line.snapshots.size() > n_most)
        line.snapshots.erase(line.snapshots.begin(),
                             line.snapshots.end() - static_cast<std::ptrdiff_t>(n_most));
    return line;
}

std::vector<SnapshotCache::Line> SnapshotCache::take_lines_for_disk(std::size_t n_most) {
    std::vector<Line> lines;
    for (Entry& entry : m_entries) {
        if (entry.disk != Disk::Due) continue;
        entry.disk = Disk::Settled;
        if (entry.snapshot.position() == 0) continue;
        if (entry.owner.empty()) {
            lines.push_back({{}, {entry.snapshot}});
            continue;
        }
        const Entry& end = newest_end(entry.owner);
        lines.push_back(line_of(end, n_most));
        for (Entry& other : m_entries)
            if (other.owner == entry.owner)
                other.disk = begins_with(end.snapshot.tokens(), other.snapshot.tokens())
                                 ? Disk::Settled
                                 : Disk::Replaced;
    }
    return lines;
}

void SnapshotCache::erase(const std::string& owner) {
    erase_if([&](const Entry& entry) { return entry.owner == owner; });
}

}  // namespace lares
