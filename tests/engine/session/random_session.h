#pragma once

#include "engine/backend/input_observer.h"
#include "tests/engine/session/on_card.h"

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <vector>

// What the tests of any order have in common.

namespace lares::test {

using Tokens = std::vector<TokenId>;
using Logits = std::vector<float>;

class Dice {
public:
    explicit Dice(unsigned seed) : m_random(seed) {}
    [[nodiscard]] int below(int n) { return static_cast<int>(m_random() % unsigned(n)); }
    [[nodiscard]] bool one_in(int n) { return below(n) == 0; }
    template <class Range>
    [[nodiscard]] auto& any(Range& range) {
        return range[static_cast<std::size_t>(below(static_cast<int>(std::size(range))))];
    }

private:
    std::mt19937 m_random;
};

/// How a sequence was read: the tokens of each step. A state is a function of it to the bit, and of
/// nothing else; another cut of the same tokens rounds otherwise.
using Steps = std::vector<Tokens>;

inline Tokens joined(const Steps& steps) {
    Tokens all;
    for (const Tokens& step : steps) all.insert(all.end(), step.begin(), step.end());
    return all;
}

/// As a session with `batch` tokens a step reads `tokens`.
inline void add_steps(Steps& steps, std::span<const TokenId> tokens, int batch) {
    while (!tokens.empty()) {
        const auto n = std::min(tokens.size(), static_cast<std::size_t>(batch));
        steps.emplace_back(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(n));
        tokens = tokens.subspan(n);
    }
}

inline Logits copy_of(std::span<const float> logits) {
    return {logits.begin(), logits.end()};
}

/// Logits of sessions that never went back: each step is computed in order, from the first on.
class Reference {
public:
    /// `options`: one thread and nothing computed ahead, whatever they say.
    Reference(std::shared_ptr<const Model> model, SessionOptions options)
        : m_model(std::move(model)), m_options(std::move(options)) {
        m_options.n_threads = 1;
        m_options.look_ahead = false;
        m_options.prefill_batch = 512;
        m_options.input_observer = nullptr;
    }

    /// After the last of `steps`, of which there is at least one.
    [[nodiscard]] const Logits& after(const Steps& steps) {
        if (const auto known = m_known.find(steps); known != m_known.end()) return known->second;
        const bool goes_on = m_session && m_at.size() < steps.size() &&
                             std::equal(m_at.begin(), m_at.end(), steps.begin());
        if (!goes_on) {
            m_session.emplace(must(Session::create(m_model, m_options)));
            m_at.clear();
        }
        while (m_at.size() < steps.size()) {
            const Tokens& step = steps[m_at.size()];
            const auto logits = must(m_session->append(step));
            m_at.push_back(step);
            m_known[m_at] = copy_of(logits);
        }
        return m_known.at(steps);
    }

private:
    std::shared_ptr<const Model> m_model;
    SessionOptions m_options;
    std::optional<Session> m_session;
    Steps m_at;
    std::map<Steps, Logits> m_known;
};

/// Asks for a stop when a session has shown so many inputs of matrices: at any moment of a step,
/// and always the same one.
class StopAfter final : public InputObserver {
public:
    /// A token that is requested to stop after `n_inputs` more.
    std::stop_token set(int n_inputs) {
        m_source = std::stop_source();
        m_left = n_inputs;
        if (m_left == 0) m_source.request_stop();
        return m_source.get_token();
    }
    void clear() { m_left = -1; }

    void on_input(const TensorView&, std::span<const float>) override {
        if (m_left > 0 && --m_left == 0) m_source.request_stop();
    }

private:
    std::stop_source m_source;
    int m_left = -1;
};

}  // namespace lares::test
