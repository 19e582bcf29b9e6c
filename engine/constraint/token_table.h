#pragma once

#include "engine/constraint/grammar_matcher.h"
#include "engine/sampling/token_mask.h"
#include "engine/tokenizer/bpe_tokenizer.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace lares {

/// A vocabulary in the order of its tokens' bytes, so that what tokens begin with in common is
/// followed once. Immutable, thread safe; its tokenizer must outlive it.
class TokenTable {
public:
    /// Sorts: some 50 ms for 131,072 tokens.
    explicit TokenTable(const BpeTokenizer& tokenizer);

    /// The tokens all of whose bytes the grammar takes from `state` on; tokens that show nothing
    /// and those that end an answer are none of them.
    [[nodiscard]] TokenMask tokens_that_fit(GrammarMatcher& matcher,
                                            GrammarMatcher::State state) const;
    /// Every token that shows something and does not end an answer.
    [[nodiscard]] TokenMask tokens_that_go_on() const;

    [[nodiscard]] const BpeTokenizer& tokenizer() const { return m_tokenizer; }

private:
    struct Entry {
        std::string_view bytes;
        TokenId id;
        std::int32_t n_shared;  ///< leading bytes in common with the entry before
    };
    const BpeTokenizer& m_tokenizer;
    std::vector<Entry> m_entries;
    std::size_t m_longest = 0;
};

}  // namespace lares
