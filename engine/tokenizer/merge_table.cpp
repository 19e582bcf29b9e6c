#include "engine/tokenizer/merge_table.h"

#include "engine/tokenizer/byte_alphabet.h"
#include "engine/tokenizer/flat_hash.h"

#include <string>

namespace lares {
namespace {

constexpr int kRankBits = 24;
constexpr std::uint64_t kEmptySlot = ~std::uint64_t{0};  // would be a pair of rank kNoMerge
static_assert(kMaxVocab <= 1 << 20, "an id must fit in 20 bits of a slot");

std::uint64_t key_of(TokenId left, TokenId right) {
    return static_cast<std::uint64_t>(left) << 20 | static_cast<std::uint64_t>(right);
}

Error corrupt_merge(std::size_t rank, std::string_view what) {
    return {ErrorCode::Corrupt, "merge " + std::to_string(rank) + " " + std::string(what)};
}

struct Pair {
    TokenId left = kNoToken;
    TokenId right = kNoToken;
    TokenId result = kNoToken;
};

/// Turns lines "left right" into ids.
class PairReader {
public:
    explicit PairReader(const Vocabulary& vocabulary) : m_vocabulary(vocabulary) {}

    Result<Pair> read(std::string_view line, std::size_t rank) {
        const std::size_t space = line.find(' ');
        if (space == std::string_view::npos) return corrupt_merge(rank, "has no space");
        m_joined.clear();
        const bool left_ok = append_alphabet_bytes(line.substr(0, space), m_joined);
        const std::size_t left_size = m_joined.size();
        // A second space is caught here: it is not in the alphabet.
        if (!left_ok || !append_alphabet_bytes(line.substr(space + 1), m_joined))
            return corrupt_merge(rank, "has a character outside the byte alphabet");

        const std::string_view joined = m_joined;
        Pair pair;
        pair.left = m_vocabulary.find_or_none(joined.substr(0, left_size));
        pair.right = m_vocabulary.find_or_none(joined.substr(left_size));
        if (pair.left == kNoToken || pair.right == kNoToken)
            return corrupt_merge(rank, "is not two tokens");
        pair.result = find_result(joined);
        return pair;
    }

private:
    /// OPTIMIZATION: lists made from ranked vocabularies give all pairs of one token in a row, then
    /// those of the next, which spares a third of the look-ups.
    TokenId find_result(std::string_view joined) {
        for (TokenId id = m_last_result; id <= m_last_result + 1; ++id)
            if (id < m_vocabulary.size() && m_vocabulary.is_ordinary(id) &&
                m_vocabulary.bytes(id) == joined)
                return m_last_result = id;
        const TokenId found = m_vocabulary.find_or_none(joined);
        if (found != kNoToken) m_last_result = found;
        return found;
    }

    const Vocabulary& m_vocabulary;
    std::string m_joined;
    TokenId m_last_result = 0;
};

}  // namespace

Result<MergeTable> MergeTable::read(std::span<const std::string_view> stored,
                                    const Vocabulary& vocabulary) {
    if (stored.size() >= kNoMerge)
        return Error{ErrorCode::Unsupported,
                     std::to_string(stored.size()) + " merges are too many"};

    MergeTable table;
    table.m_results.resize(stored.size());
    std::vector<std::uint64_t> keys(stored.size());
    PairReader reader(vocabulary);
    for (std::size_t rank = 0; rank < stored.size(); ++rank) {
        ASSIGN_OR_RETURN(const Pair pair, reader.read(stored[rank], rank));
        keys[rank] = key_of(pair.left, pair.right);
        table.m_results[rank] = pair.result;
    }

    // OPTIMIZATION: a loop of its own lets the processor wait for several slots at once.
    table.m_slots.assign(slot_count(stored.size()), kEmptySlot);
    for (std::size_t rank = 0; rank < stored.size(); ++rank) {
        if (table.m_results[rank] == kNoToken) continue;
        if (!table.insert(keys[rank], static_cast<std::uint32_t>(rank)))
            return corrupt_merge(rank, "repeats an earlier one, or was made to collide");
    }
    return table;
}

bool MergeTable::insert(std::uint64_t key, std::uint32_t rank) {
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
