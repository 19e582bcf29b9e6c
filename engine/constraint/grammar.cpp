#include "engine/constraint/grammar.h"

#include <algorithm>
#include <utility>

namespace lares {

ByteSet bytes_in(std::string_view bytes) {
    ByteSet set;
    for (const char c : bytes) set.set(static_cast<unsigned char>(c));
    return set;
}

ByteSet bytes_between(std::uint8_t first, std::uint8_t last) {
    ByteSet set;
    for (int byte = first; byte <= last; ++byte) set.set(static_cast<std::size_t>(byte));
    return set;
}

GrammarBuilder::GrammarBuilder() {
    m_grammar.m_starts.push_back(Grammar::kNever);
}

Grammar::NodeId GrammarBuilder::add(Grammar::Node node) {
    // Too large is found out at the end; till then nothing grows.
    if (is_too_large()) return 0;
    m_grammar.m_nodes.push_back(std::move(node));
    return static_cast<NodeId>(m_grammar.m_nodes.size() - 1);
}

Grammar::NodeId GrammarBuilder::match(const ByteSet& set, NodeId next) {
    if (next == Grammar::kNever || set.none()) return Grammar::kNever;
    Grammar::Node node;
    node.kind = Grammar::Node::Kind::Match;
    node.set = set;
    node.next[0] = next;
    return add(std::move(node));
}

Grammar::NodeId GrammarBuilder::literal(std::string_view text, NodeId next) {
    for (std::size_t i = text.size(); i > 0; --i)
        next = match(bytes_in(text.substr(i - 1, 1)), next);
    return next;
}

Grammar::NodeId GrammarBuilder::either(std::vector<NodeId> choices) {
    std::erase(choices, Grammar::kNever);
    if (choices.empty()) return Grammar::kNever;
    if (choices.size() == 1) return choices.front();
    Grammar::Node node;
    node.choices = std::move(choices);
    return add(std::move(node));
}

Grammar::NodeId GrammarBuilder::repeat(const std::function<NodeId(NodeId)>& one,
                                       int min,
                                       int max,
                                       NodeId next) {
    NodeId start = next;
    if (max < 0) {
        start = reserve();
        fill(start, {one(start), next});
    }
    for (int i = max; i > min && !is_too_large(); --i) start = either({one(start), next});
    for (int i = 0; i < min && !is_too_large(); ++i) start = one(start);
    return start;
}

Grammar::NodeId GrammarBuilder::call(RuleId rule, NodeId next, NodeId second, NodeId third) {
    if (next == Grammar::kNever && second == Grammar::kNever && third == Grammar::kNever)
        return Grammar::kNever;
    Grammar::Node node;
    node.kind = Grammar::Node::Kind::Call;
    node.rule = rule;
    node.next = {next, second, third};
    return add(std::move(node));
}

Grammar::NodeId GrammarBuilder::end(int exit) {
    Grammar::Node node;
    node.kind = Grammar::Node::Kind::Return;
    node.exit = exit;
    return add(std::move(node));
}

Grammar::NodeId GrammarBuilder::reserve() {
    return add({});
}

void GrammarBuilder::fill(NodeId reserved, std::vector<NodeId> choices) {
    std::erase(choices, Grammar::kNever);
    m_grammar.m_nodes[static_cast<std::size_t>(reserved)].choices = std::move(choices);
}

Grammar::RuleId GrammarBuilder::new_rule() {
    m_grammar.m_starts.push_back(Grammar::kNever);
    return static_cast<RuleId>(m_grammar.m_starts.size() - 1);
}

void GrammarBuilder::begin_rule(RuleId rule, NodeId start) {
    m_grammar.m_starts[static_cast<std::size_t>(rule)] = start;
}

Grammar::NodeId GrammarBuilder::machine(const std::string& first,
                                        std::string_view special,
                                        const Step& next,
                                        const std::map<std::string, NodeId>& exits) {
    const ByteSet special_set = bytes_in(special);
    int other = 0;
    while (other < 255 && special_set.test(static_cast<std::size_t>(other))) ++other;

    std::map<std::string, NodeId> nodes{{first, reserve()}};
    std::vector<std::string> waiting{first};
    while (!waiting.empty() && !is_too_large()) {
        const std::string state = std::move(waiting.back());
        waiting.pop_back();
        std::map<std::string, ByteSet> targets;
        for (const char c : special) targets[next(state, c)].set(static_cast<unsigned char>(c));
        targets[next(state, static_cast<char>(other))] |= ~special_set;
        std::vector<NodeId> choices;
        for (const auto& [target, set] : targets) {
            if (target.empty()) continue;
            if (const auto exit = exits.find(target); exit != exits.end()) {
                choices.push_back(match(set, exit->second));
                continue;
            }
            auto found = nodes.find(target);
            if (found == nodes.end()) {
                found = nodes.emplace(target, reserve()).first;
                waiting.push_back(target);
            }
            choices.push_back(match(set, found->second));
        }
        fill(nodes.at(state), std::move(choices));
    }
    return nodes.at(first);
}

Result<Grammar> GrammarBuilder::finish(NodeId start) {
    if (is_too_large())
        return Error{ErrorCode::InvalidArgument,
                     "the format that is asked for is too large: make it shorter"};
    begin_rule(0, start);
    return std::move(m_grammar);
}

}  // namespace lares
