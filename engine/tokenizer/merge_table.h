#pragma once

#include "engine/base/result.h"
#include "engine/tokenizer/vocabulary.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace lares {

/// Which pairs of tokens join, in which order of preference, to what. Immutable and thread safe.
class MergeTable {
public:
    /// `stored[rank]` is "left right", both in the byte alphabet. Errors: Corrupt for a string that
    /// is not two ordinary entries with one space between, and for a pair given twice. A pair whose
    /// join is no entry is left out: it could never come out as a token. (Vocabularies that work by
    /// ignore_merges alone carry such a line, as an empty list cannot be stored.)
    [[nodiscard]] static Result<MergeTable> read(std::span<const std::string_view> stored,
                                                 const Vocabulary& vocabulary);

    static constexpr std::uint32_t kNoMerge = (1U << 24) - 1;

    /// Rank of a pair, lower joins first; kNoMerge if it does not join.
    [[nodiscard]] std::uint32_t rank(TokenId left, TokenId right) const;
    /// What a pair of this rank becomes. Precondition: `rank` came from rank().
    [[nodiscard]] TokenId result(std::uint32_t rank) const { return m_results[rank]; }

    /// Pairs that join.
    [[nodiscard]] int size() const { return m_n_merge; }

private:
    MergeTable() = default;
    [[nodiscard]] bool insert(std::uint64_t key, std::uint32_t rank);

    int m_n_merge = 0;
    std::vector<TokenId> m_results;  // [rank]
    // Flat hash table: left 20 bits | right 20 bits | rank 24 bits.
    // OPTIMIZATION: 8 bytes a slot keep the real table (269,443 pairs) at 4 MB; results lie apart,
    // since most look-ups find nothing.
    std::vector<std::uint64_t> m_slots;
};

}  // namespace lares
