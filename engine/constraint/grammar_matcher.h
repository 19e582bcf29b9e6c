#pragma once

#include "engine/constraint/grammar.h"

#include <cstdint>
#include <memory>
#include <string_view>

namespace lares {

/// Follows a grammar byte by byte, all of its ways at once. Sets of ways are numbered as they are
/// met, and where a byte leads from one to another is remembered: a deterministic automaton that is
/// built while it runs (Thompson 1968, with a stack for each way), so that a byte costs one look
/// into a table once its neighbourhood was visited. One thread at a time.
class GrammarMatcher {
public:
    using State = std::int32_t;
    static constexpr State kDead = 0;
    /// Calls inside calls beyond it are not followed: nested lists, say.
    static constexpr int kMaxDepth = 60;

    explicit GrammarMatcher(Grammar grammar);
    GrammarMatcher(GrammarMatcher&&) noexcept;
    GrammarMatcher& operator=(GrammarMatcher&&) noexcept;
    ~GrammarMatcher();

    /// kDead for a grammar without any text.
    [[nodiscard]] State start();
    /// The state behind one more byte; kDead where no text goes on so.
    [[nodiscard]] State next(State state, char byte);
    [[nodiscard]] State next(State state, std::string_view bytes);
    /// Whether the text may end here.
    [[nodiscard]] bool is_complete(State state) const;

    /// Forgets what was learnt where it has become much, and numbers `keep` anew: other states are
    /// not valid afterwards. Returns `keep`'s number, and whether anything was forgotten.
    struct Trimmed {
        State state;
        bool is_new;
    };
    [[nodiscard]] Trimmed trim(State keep);
    [[nodiscard]] std::size_t n_states() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace lares
