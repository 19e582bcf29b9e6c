#include "engine/tokenizer/byte_pair_merge.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <limits>

namespace lares {
namespace {

// Scanning for the lowest rank is quadratic but has no set-up; both ways cost the same at about
// 100.
constexpr std::size_t kMaxScanned = 64;
constexpr std::uint32_t kNoMerge = MergeTable::kNoMerge;

std::size_t merge_by_scanning(const MergeTable& merges, std::vector<TokenId>& symbols) {
    std::size_t n = symbols.size();
    std::size_t n_step = n;
    std::array<std::uint32_t, kMaxScanned> ranks;  // ranks[i] of the pair (i, i + 1)
    const auto rank_at = [&](std::size_t i) {
        return i + 1 < n ? merges.rank(symbols[i], symbols[i + 1]) : kNoMerge;
    };
    for (std::size_t i = 0; i < n; ++i) ranks[i] = rank_at(i);

    while (n > 1) {
        n_step += n;
        const auto lowest = std::min_element(ranks.begin(), ranks.begin() + n);  // leftmost on ties
        if (*lowest == kNoMerge) break;
        const auto at = static_cast<std::size_t>(lowest - ranks.begin());
        symbols[at] = merges.result(*lowest);
        std::copy(symbols.begin() + at + 2, symbols.begin() + n, symbols.begin() + at + 1);
        std::copy(ranks.begin() + at + 2, ranks.begin() + n, ranks.begin() + at + 1);
        --n;
        ranks[at] = rank_at(at);
        if (at > 0) ranks[at - 1] = rank_at(at - 1);
    }
    symbols.resize(n);
    return n_step;
}

/// A doubly linked list over the symbols and a queue of pairs. Pairs that a neighbour's join has
/// made stale stay in the queue and are recognised by their rank when they come out.
class QueuedMerge {
public:
    QueuedMerge(const MergeTable& merges, std::vector<TokenId>& symbols)
        : m_merges(merges), m_symbols(symbols), m_nodes(symbols.size()) {}

    std::size_t run() {
        const auto n = static_cast<std::uint32_t>(m_symbols.size());
        for (std::uint32_t i = 0; i < n; ++i) {
            m_nodes[i].previous = i == 0 ? kNone : i - 1;
            m_nodes[i].next = i + 1 == n ? kNone : i + 1;
            update_rank(i);
            if (m_nodes[i].rank != kNoMerge) m_queue.push_back(entry(i));
        }
        std::make_heap(m_queue.begin(), m_queue.end(), std::greater<>());

        std::size_t n_step = n;
        for (; !m_queue.empty(); ++n_step) {
            std::pop_heap(m_queue.begin(), m_queue.end(), std::greater<>());
            const std::uint64_t lowest = m_queue.back();
            m_queue.pop_back();
            const auto at = static_cast<std::uint32_t>(lowest);
            if (m_nodes[at].rank == lowest >> 32) join(at);
        }
        compact();
        return n_step;
    }

private:
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

    struct Node {
        std::uint32_t previous = kNone;
        std::uint32_t next = kNone;
        std::uint32_t rank =
            kNoMerge;  // of the pair (this, next); kNoMerge once this is joined away
    };

    // Lowest rank first, then leftmost.
    [[nodiscard]] std::uint64_t entry(std::uint32_t at) const {
        return std::uint64_t{m_nodes[at].rank} << 32 | at;
    }

    void update_rank(std::uint32_t at) {
        const std::uint32_t next = m_nodes[at].next;
        m_nodes[at].rank = next == kNone ? kNoMerge : m_merges.rank(m_symbols[at], m_symbols[next]);
    }

    void push_pair(std::uint32_t at) {
        update_rank(at);
        if (m_nodes[at].rank == kNoMerge) return;
        m_queue.push_back(entry(at));
        std::push_heap(m_queue.begin(), m_queue.end(), std::greater<>());
    }

    void join(std::uint32_t at) {
        Node& left = m_nodes[at];
        Node& right = m_nodes[left.next];
        m_symbols[at] = m_merges.result(left.rank);
        left.next = right.next;
        right.rank = kNoMerge;
        if (left.next != kNone) m_nodes[left.next].previous = at;
        push_pair(at);
        if (left.previous != kNone) push_pair(left.previous);
    }

    void compact() {
        std::size_t n = 0;
        for (std::uint32_t i = 0; i != kNone; i = m_nodes[i].next) m_symbols[n++] = m_symbols[i];
        m_symbols.resize(n);
    }

    const MergeTable& m_merges;
    std::vector<TokenId>& m_symbols;
    std::vector<Node> m_nodes;
    std::vector<std::uint64_t> m_queue;
};

}  // namespace

std::size_t merge_byte_pairs(const MergeTable& merges, std::vector<TokenId>& symbols) {
    if (symbols.size() < 2) return symbols.size();
    return symbols.size() <= kMaxScanned ? merge_by_scanning(merges, symbols)
                                         : QueuedMerge(merges, symbols).run();
}

}  // namespace lares
