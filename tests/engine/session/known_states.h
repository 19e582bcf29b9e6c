#pragma once

#include "engine/session/engine.h"
#include "engine/session/prompt_tokens.h"
#include "tests/engine/session/random_session.h"

#include <string>

// What an engine may keep, and what it must, as tst_engine_random follows it.

namespace lares::test {

inline bool begins(const Tokens& prefix, const Tokens& tokens) {
    return prefix.size() <= tokens.size() &&
           std::equal(prefix.begin(), prefix.end(), tokens.begin());
}

inline PromptTokens prompt_of(const Model& model, const GenerationRequest& request) {
    return encode_prompt(
        model.tokenizer(),
        must(render_prompt(model.prompt_format(), request.conversation, request.prompt)));
}

/// Where the system turn of a request that has one ends.
inline int system_turn_tokens(const Model& model, const GenerationRequest& request) {
    GenerationRequest alone = request;
    alone.conversation.messages.resize(1);
    alone.prompt.add_generation_prompt = false;
    return static_cast<int>(prompt_of(model, alone).ids.size());
}

/// Boundaries that get a snapshot: the first, and three at the end.
inline std::vector<int> kept_boundaries(const PromptTokens& prompt) {
    std::vector<int> kept;
    const std::size_t n = prompt.boundaries.size();
    for (std::size_t i = 0; i < n; ++i)
        if (i == 0 || i + 3 >= n) kept.push_back(prompt.boundaries[i]);
    return kept;
}

/// The steps to a prompt's first `until` tokens, going on from `start`: no step goes beyond a
/// boundary that gets a snapshot.
inline Steps read_until(const PromptTokens& prompt, Steps start, int until, int batch) {
    int at = static_cast<int>(joined(start).size());
    for (const int end : kept_boundaries(prompt)) {
        const int to = std::min(end, until);
        if (to <= at) continue;
        add_steps(start, std::span(prompt.ids).subspan(std::size_t(at), std::size_t(to - at)),
                  batch);
        at = to;
    }
    return start;
}

/// What a session that holds `tokens` need not read of the prompt.
inline int live_tokens(const Tokens& tokens, bool has_logits, const PromptTokens& prompt) {
    const bool is_enough = tokens.size() < prompt.ids.size() || has_logits;
    return begins(tokens, prompt.ids) && is_enough ? static_cast<int>(tokens.size()) : 0;
}

class KnownStates {
public:
    struct State {
        Tokens tokens;
        std::string owner;
        std::vector<Steps> ways;  ///< how it may have been read
        bool may_be_on_disk = false;
        bool may_be_in_memory = true;
        bool is_certain = false;  ///< it is in memory, and this owner's
    };

    bool is_whole = true;  ///< the memory is large enough for all of them

    void add(State state) {
        const auto is_same = [&](const State& one) { return one.tokens == state.tokens; };
        if (std::ranges::any_of(m_states,
                                [&](auto& one) { return is_same(one) && one.is_certain; }))
            return;
        const bool is_doubtful = std::ranges::any_of(m_states, [&](auto& one) {
            return is_same(one) && one.may_be_in_memory && one.owner != state.owner;
        });
        state.is_certain = is_whole && !is_doubtful;
        for (State& one : m_states)
            if (is_same(one) && one.owner == state.owner) {
                one.ways.insert(one.ways.end(), state.ways.begin(), state.ways.end());
                one.may_be_in_memory = true;
                one.may_be_on_disk |= state.may_be_on_disk;
                one.is_certain = state.is_certain;
                return;
            }
        m_states.push_back(std::move(state));
    }

    /// Its snapshot was gone to.
    void used(const Tokens& tokens) {
        const auto in_memory = [&](const State& one) {
            return one.tokens == tokens && one.may_be_in_memory;
        };
        if (std::ranges::any_of(m_states, in_memory)) return;
        for (State& one : m_states)
            if (one.tokens == tokens) one.may_be_in_memory = true;
    }

    void forget(const std::string& owner) {
        std::erase_if(m_states, [&](const State& one) { return one.owner == owner; });
    }
    void clear() { m_states.clear(); }
    void end_engine() {
        std::erase_if(m_states, [](const State& one) { return !one.may_be_on_disk; });
        for (State& one : m_states) one.may_be_in_memory = one.is_certain = false;
    }

    [[nodiscard]] std::vector<Steps> ways_to(const Tokens& tokens, bool with_disk) const {
        std::vector<Steps> ways;
        for (const State& one : m_states)
            if (one.tokens == tokens && (one.may_be_in_memory || (with_disk && one.may_be_on_disk)))
                ways.insert(ways.end(), one.ways.begin(), one.ways.end());
        std::ranges::sort(ways);
        ways.erase(std::unique(ways.begin(), ways.end()), ways.end());
        return ways;
    }
    [[nodiscard]] int certainly_known(const Tokens& prompt) const {
        std::size_t n = 0;
        for (const State& one : m_states)
            if (one.is_certain && begins(one.tokens, prompt)) n = std::max(n, one.tokens.size());
        return static_cast<int>(n);
    }
    [[nodiscard]] bool is_certainly_of(const std::string& owner, const Tokens& tokens) const {
        return std::ranges::any_of(m_states, [&](auto& one) {
            return one.is_certain && one.owner == owner && one.tokens == tokens;
        });
    }
    [[nodiscard]] bool may_be_on_disk(const Tokens& tokens, const std::string& owner) const {
        return std::ranges::any_of(m_states, [&](auto& one) {
            return one.may_be_on_disk && one.owner == owner && one.tokens == tokens;
        });
    }

private:
    std::vector<State> m_states;
};

}  // namespace lares::test
