#pragma once

#include "engine/base/result.h"

#include <array>
#include <bitset>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

using ByteSet = std::bitset<256>;

[[nodiscard]] ByteSet bytes_in(std::string_view bytes);
[[nodiscard]] ByteSet bytes_between(std::uint8_t first, std::uint8_t last);

/// A context-free grammar over bytes: a graph of nodes for each rule, and calls from rule to rule
/// (a recursive transition network: Woods 1970, "Transition network grammars for natural language
/// analysis"). A rule may end in more than one way, so that what follows it can depend on how it
/// ended. Immutable; made by a GrammarBuilder, followed by a GrammarMatcher.
class Grammar {
public:
    using NodeId = std::int32_t;
    using RuleId = std::int32_t;
    static constexpr NodeId kNever = -1;  ///< where nothing can follow
    static constexpr int kExits = 3;      ///< the ways in which a rule may end

    struct Node {
        enum class Kind : std::uint8_t {
            Match,   ///< one byte of `set`, then `next[0]`
            Choice,  ///< any of `choices`, without a byte
            Call,    ///< `rule`, then `next[i]` where it ended in way i
            Return,  ///< the end of the rule, in way `exit`
        };
        Kind kind = Kind::Choice;
        std::int32_t exit = 0;
        RuleId rule = 0;
        std::array<NodeId, kExits> next{kNever, kNever, kNever};
        ByteSet set = {};
        std::vector<NodeId> choices = {};
    };

    [[nodiscard]] const Node& node(NodeId id) const {
        return m_nodes[static_cast<std::size_t>(id)];
    }
    /// Rule 0 is the whole text; kNever where a rule was never begun.
    [[nodiscard]] NodeId start_of(RuleId rule) const {
        return m_starts[static_cast<std::size_t>(rule)];
    }
    [[nodiscard]] std::size_t n_nodes() const { return m_nodes.size(); }

private:
    friend class GrammarBuilder;
    std::vector<Node> m_nodes;
    std::vector<NodeId> m_starts;
};

/// Builds a grammar from its end to its beginning: every function takes what follows and returns
/// where the whole begins. One thread at a time.
class GrammarBuilder {
public:
    using NodeId = Grammar::NodeId;
    using RuleId = Grammar::RuleId;
    static constexpr std::size_t kMaxNodes = 1U << 18;

    GrammarBuilder();

    [[nodiscard]] NodeId match(const ByteSet& set, NodeId next);
    [[nodiscard]] NodeId literal(std::string_view text, NodeId next);
    /// Choices of kNever are left out.
    [[nodiscard]] NodeId either(std::vector<NodeId> choices);
    /// Of `one(next)`, from `min` to `max` in a row; `max` below 0: any number. Where the number is
    /// open, `one` must take at least a byte.
    [[nodiscard]] NodeId repeat(const std::function<NodeId(NodeId next)>& one,
                                int min,
                                int max,
                                NodeId next);
    [[nodiscard]] NodeId call(RuleId rule,
                              NodeId next,
                              NodeId second = Grammar::kNever,
                              NodeId third = Grammar::kNever);
    /// The end of the rule that is being written, in way `exit`.
    [[nodiscard]] NodeId end(int exit = 0);

    /// A choice that is filled in later: loops.
    [[nodiscard]] NodeId reserve();
    void fill(NodeId reserved, std::vector<NodeId> choices);

    /// A rule that is begun later: recursion.
    [[nodiscard]] RuleId new_rule();
    void begin_rule(RuleId rule, NodeId start);

    /// A machine of named states: `next(state, byte)` gives a state, or "" where nothing can
    /// follow, or one of `exits` by its name. All bytes outside `special` are treated alike.
    using Step = std::function<std::string(const std::string& state, char byte)>;
    [[nodiscard]] NodeId machine(const std::string& first,
                                 std::string_view special,
                                 const Step& next,
                                 const std::map<std::string, NodeId>& exits);

    [[nodiscard]] bool is_too_large() const { return m_grammar.m_nodes.size() > kMaxNodes; }
    /// The grammar whose whole text begins at `start`. InvalidArgument where it became too large;
    /// the builder is used up.
    [[nodiscard]] Result<Grammar> finish(NodeId start);

private:
    [[nodiscard]] NodeId add(Grammar::Node node);

    Grammar m_grammar;
};

}  // namespace lares
