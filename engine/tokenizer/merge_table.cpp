#include "engine/tokenizer/merge_table.h"

#include "engine/tokenizer/byte_alphabet.h"
#include "engine/tokenizer/flat_hash.h"

#include <string>

namespace lares {
namespace {

constexpr int kRankBits = 24;
static_assert(kMaxVocab <= 1 << 20, "an id must fit in 20 bits of a slot");

std::uint64_t key_of(TokenId left, TokenId right) {
    return static_cast<std::uint64_t>(left) << 20 | static_cast<std::uint64_t>(right);
}

Error corrupt_merge(std::size_t rank, std::string_view what) {
    return {ErrorCode::Corrupt, "merge " + std::to_string(rank) + " " + std::string(what)};
}

}  // namespace

Result<MergeTable> MergeTable::read(std::span<const std::string_view> stored,
                                    const Vocabulary& vocabulary) {
    if (stored.size() >= kNoMerge)
        return Error{ErrorCode::Unsupported,
                     std::to_string(stored.size()) + " merges are too many"};

    MergeTable table;
    table.m_results.resize(stored.size());
    table.m_slots.assign(slot_count(stored.size()), kEmptySlot);
    std::string joined;
    for (std::size_t rank = 0; rank < stored.size(); ++rank) {
        const std::string_view line = stored[rank];
        const std::size_t space = line.find(' ');
        if (space == std::string_view::npos) return corrupt_merge(rank, "has no space");
        joined.clear();
        const bool left_ok = append_alphabet_bytes(line.substr(0, space), joined);
        const std::size_t left_size = joined.size();
        // A second space is caught here: it is not in the alphabet.
        if (!left_ok || !append_alphabet_bytes(line.substr(space + 1), joined))
            return corrupt_merge(rank, "has a character outside the byte alphabet");

        const std::string_view both = joined;
        const TokenId left = vocabulary.find_or_none(both.substr(0, left_size));
        const TokenId right = vocabulary.find_or_none(both.substr(left_size));
        if (left < 0 || right < 0) return corrupt_merge(rank, "is not two tokens");
        const TokenId result = vocabulary.find_or_none(both);
        if (result < 0) continue;
        table.m_results[rank] = result;
        if (!table.insert(left, right, static_cast<std::uint32_t>(rank)))
            return corrupt_merge(rank, "repeats an earlier one, or was made to collide");
    }
    return table;
}

bool MergeTable::insert(TokenId left, TokenId right, std::uint32_t rank) {
    const std::uint64_t key = key_of(left, right);
    const std::size_t mask = m_slots.size() - 1;
    std::size_t index = mix_hash(key) & mask;
    for (int n_probe = 0; n_probe < kMaxProbes; ++n_probe, index = (index + 1) & mask) {
        if (m_slots[index] == kEmptySlot) {
            m_slots[index] = key << kRankBits | rank;
            ++m_n_merge;
            return true;
        }
        if (m_slots[index] >> kRankBits == key) return false;
    }
    return false;
}

std::uint32_t MergeTable::rank(TokenId left, TokenId right) const {
    const std::uint64_t key = key_of(left, right);
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t index = mix_hash(key) & mask;; index = (index + 1) & mask) {
        const std::uint64_t slot = m_slots[index];
        if (slot == kEmptySlot) return kNoMerge;
        if (slot >> kRankBits == key) return static_cast<std::uint32_t>(slot & kNoMerge);
    }
}

}  // namespace lares
