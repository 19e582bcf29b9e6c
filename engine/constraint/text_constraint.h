#pragma once

#include "engine/constraint/grammar_matcher.h"
#include "engine/constraint/token_table.h"
#include "engine/sampling/token_mask.h"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace lares {

/// Follows a text through a grammar and knows which tokens may come next: remembered for every
/// state that was met, also from one text to the next. One text at a time, one thread.
class TextConstraint {
public:
    TextConstraint(Grammar grammar, std::shared_ptr<const TokenTable> table);

    /// A new text.
    void begin();
    void follow(std::string_view bytes);
    /// Whether it may end here.
    [[nodiscard]] bool is_complete() const { return m_matcher.is_complete(m_state); }
    /// Whether it has left the grammar.
    [[nodiscard]] bool is_lost() const { return m_state == GrammarMatcher::kDead; }

    /// The text that must come next, whatever is picked: up to where there is a choice, or an end.
    [[nodiscard]] std::string forced_text();

    /// The tokens that fit, where the text may end also those that end an answer. Null where there
    /// are none.
    [[nodiscard]] std::shared_ptr<const TokenMask> mask_or_null();

private:
    GrammarMatcher m_matcher;
    std::shared_ptr<const TokenTable> m_table;
    GrammarMatcher::State m_state = GrammarMatcher::kDead;
    std::unordered_map<GrammarMatcher::State, std::shared_ptr<const TokenMask>> m_masks;
};

}  // namespace lares
