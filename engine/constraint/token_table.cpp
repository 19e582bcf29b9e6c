#include "engine/constraint/token_table.h"

#include "engine/chat/visible_bytes.h"

#include <algorithm>
#include <utility>

namespace lares {

TokenTable::TokenTable(const BpeTokenizer& tokenizer) : m_tokenizer(tokenizer) {
    const auto stops = tokenizer.stop_ids();
    for (TokenId id = 0; id < tokenizer.n_vocab(); ++id) {
        const std::string_view bytes = visible_bytes(tokenizer, id);
        if (bytes.empty() || std::ranges::binary_search(stops, id)) continue;
        m_entries.push_back({bytes, id, 0});
        m_longest = std::max(m_longest, bytes.size());
    }
    std::ranges::sort(m_entries, {},
                      [](const Entry& entry) { return std::pair(entry.bytes, entry.id); });
    for (std::size_t i = 1; i < m_entries.size(); ++i) {
        const auto common = std::ranges::mismatch(m_entries[i - 1].bytes, m_entries[i].bytes);
        m_entries[i].n_shared = static_cast<std::int32_t>(common.in2 - m_entries[i].bytes.begin());
    }
}

TokenMask TokenTable::tokens_that_fit(GrammarMatcher& matcher, GrammarMatcher::State state) const {
    TokenMask mask(m_tokenizer.n_vocab());
    // Behind the first i bytes of the last token that was followed; only up to `alive` of them.
    std::vector<GrammarMatcher::State> behind(m_longest + 1, GrammarMatcher::kDead);
    behind[0] = state;
    std::size_t alive = 0;
    for (const Entry& entry : m_entries) {
        const auto shared = static_cast<std::size_t>(entry.n_shared);
        if (shared > alive) continue;  // it begins with what already had no place
        alive = shared;
        while (alive < entry.bytes.size()) {
            const auto next = matcher.next(behind[alive], entry.bytes[alive]);
            if (next == GrammarMatcher::kDead) break;
            behind[++alive] = next;
        }
        if (alive == entry.bytes.size()) mask.allow(entry.id);
    }
    return mask;
}

TokenMask TokenTable::tokens_that_go_on() const {
    TokenMask mask(m_tokenizer.n_vocab());
    for (const Entry& entry : m_entries) mask.allow(entry.id);
    return mask;
}

}  // namespace lares
