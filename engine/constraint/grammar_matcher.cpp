#include "engine/constraint/grammar_matcher.h"

#include <algorithm>
#include <array>
#include <compare>
#include <deque>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace lares {
namespace {

using NodeId = Grammar::NodeId;
using Kind = Grammar::Node::Kind;

constexpr std::int32_t kUnknown = -1;
constexpr std::size_t kMaxStates = 1U << 14;  // 16 MB of tables
constexpr std::int32_t kBottom = 0;           // the empty stack

}  // namespace

struct GrammarMatcher::Impl {
    /// A call that has not ended, on top of others.
    struct Frame {
        std::int32_t below = 0;
        NodeId call = 0;
        int depth = 0;
    };

    /// A node that waits for a byte, and the calls around it.
    struct Position {
        std::int32_t stack = 0;
        NodeId node = 0;
        // NOLINTNEXTLINE(modernize-use-nullptr): the comparison with 0 is the compiler's.
        friend auto operator<=>(const Position&, const Position&) = default;
    };

    struct Positions {
        std::vector<Position> waiting;  // sorted
        bool is_complete = false;
        // NOLINTNEXTLINE(modernize-use-nullptr): as above.
        friend auto operator<=>(const Positions&, const Positions&) = default;
    };

    explicit Impl(Grammar g) : grammar(std::move(g)) { forget(); }

    void forget() {
        frames.assign(1, {});
        frame_ids.clear();
        states.clear();
        ids.clear();
        rows.clear();
        (void)intern({});  // kDead
    }

    State intern(Positions positions) {
        const auto known = ids.find(positions);
        if (known != ids.end()) return known->second;
        const auto id = static_cast<State>(states.size());
        states.push_back(&ids.emplace(std::move(positions), id).first->first);
        rows.emplace_back().fill(kUnknown);
        return id;
    }

    std::int32_t push(std::int32_t below, NodeId call) {
        const auto [found, is_new] =
            frame_ids.try_emplace({below, call}, static_cast<std::int32_t>(frames.size()));
        if (is_new)
            frames.push_back({below, call, frames[static_cast<std::size_t>(below)].depth + 1});
        return found->second;
    }

    /// What can be reached from a node without a byte.
    class Reach {
    public:
        explicit Reach(Impl& matcher) : m_matcher(matcher) {}

        void add(std::int32_t stack, NodeId node) {
            m_open.push_back({stack, node});
            while (!m_open.empty()) {
                const Position position = m_open.back();
                m_open.pop_back();
                if (position.node != Grammar::kNever && m_seen.insert(position).second)
                    open(position);
            }
        }

        Positions take() {
            std::ranges::sort(m_result.waiting);
            return std::move(m_result);
        }

    private:
        void open(const Position& position) {
            const Grammar::Node& node = m_matcher.grammar.node(position.node);
            switch (node.kind) {
                case Kind::Match:
                    m_result.waiting.push_back(position);
                    break;
                case Kind::Choice:
                    for (const NodeId choice : node.choices)
                        m_open.push_back({position.stack, choice});
                    break;
                case Kind::Call:
                    if (m_matcher.frame(position.stack).depth < kMaxDepth)
                        m_open.push_back({m_matcher.push(position.stack, position.node),
                                          m_matcher.grammar.start_of(node.rule)});
                    break;
                case Kind::Return:
                    if (position.stack == kBottom) {
                        m_result.is_complete = true;
                    } else {
                        const Frame& frame = m_matcher.frame(position.stack);
                        const auto& call = m_matcher.grammar.node(frame.call);
                        m_open.push_back(
                            {frame.below, call.next[static_cast<std::size_t>(node.exit)]});
                    }
                    break;
            }
        }

        Impl& m_matcher;
        Positions m_result;
        std::vector<Position> m_open;
        std::set<Position> m_seen;
    };

    [[nodiscard]] const Frame& frame(std::int32_t stack) const {
        return frames[static_cast<std::size_t>(stack)];
    }

    State compute(State from, unsigned char byte) {
        Reach reach(*this);
        for (const Position& position : states[static_cast<std::size_t>(from)]->waiting) {
            const Grammar::Node& node = grammar.node(position.node);
            if (node.set.test(byte)) reach.add(position.stack, node.next[0]);
        }
        return intern(reach.take());
    }

    Grammar grammar;
    std::vector<Frame> frames;  // kBottom first
    std::map<std::pair<std::int32_t, NodeId>, std::int32_t> frame_ids;
    std::map<Positions, State> ids;
    std::vector<const Positions*> states;  // keys of ids
    std::deque<std::array<State, 256>> rows;
};

GrammarMatcher::GrammarMatcher(Grammar grammar)
    : m_impl(std::make_unique<Impl>(std::move(grammar))) {}
GrammarMatcher::GrammarMatcher(GrammarMatcher&&) noexcept = default;
GrammarMatcher& GrammarMatcher::operator=(GrammarMatcher&&) noexcept = default;
GrammarMatcher::~GrammarMatcher() = default;

GrammarMatcher::State GrammarMatcher::start() {
    Impl::Reach reach(*m_impl);
    reach.add(kBottom, m_impl->grammar.start_of(0));
    return m_impl->intern(reach.take());
}

GrammarMatcher::State GrammarMatcher::next(State state, char byte) {
    const auto index = static_cast<std::size_t>(state);
    const auto value = static_cast<unsigned char>(byte);
    if (m_impl->rows[index][value] == kUnknown) {
        const State target = m_impl->compute(state, value);
        m_impl->rows[index][value] = target;
    }
    return m_impl->rows[index][value];
}

GrammarMatcher::State GrammarMatcher::next(State state, std::string_view bytes) {
    for (const char byte : bytes) {
        if (state == kDead) break;
        state = next(state, byte);
    }
    return state;
}

bool GrammarMatcher::is_complete(State state) const {
    return m_impl->states[static_cast<std::size_t>(state)]->is_complete;
}

GrammarMatcher::Trimmed GrammarMatcher::trim(State keep) {
    if (m_impl->states.size() < kMaxStates) return {keep, false};
    const Impl::Positions kept = *m_impl->states[static_cast<std::size_t>(keep)];
    const std::vector<Impl::Frame> old_frames = m_impl->frames;
    m_impl->forget();

    Impl::Positions again;
    again.is_complete = kept.is_complete;
    for (const Impl::Position& position : kept.waiting) {
        std::vector<NodeId> calls;
        for (std::int32_t s = position.stack; s != kBottom;
             s = old_frames[static_cast<std::size_t>(s)].below)
            calls.push_back(old_frames[static_cast<std::size_t>(s)].call);
        std::int32_t stack = kBottom;
        for (auto call = calls.rbegin(); call != calls.rend(); ++call)
            stack = m_impl->push(stack, *call);
        again.waiting.push_back({stack, position.node});
    }
    std::ranges::sort(again.waiting);
    return {m_impl->intern(std::move(again)), true};
}

std::size_t GrammarMatcher::n_states() const {
    return m_impl->states.size();
}

}  // namespace lares
