#pragma once

#include "engine/base/json.h"
#include "engine/base/result.h"
#include "engine/constraint/grammar.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace lares {

/// Writes what a JSON schema (draft 2020-12) describes as rules of a grammar. Every text of the
/// grammar is a value that the schema allows; not every value that it allows is one of its texts:
/// keys come in the schema's order, none that it does not name where it names some, numbers have at
/// most 15 digits, white space is bounded, so that no answer ends in an endless run of it.
///
/// Taken: type (also a list), properties, required, additionalProperties, items, prefixItems,
/// minItems, maxItems, minLength, maxLength, minimum, maximum and the exclusive ones, enum, const,
/// anyOf, oneOf (read as anyOf), allOf of one, $ref into the schema itself, nullable. Annotations
/// (title, description, format, …) and unknown keywords say nothing about a value and are left
/// alone, as the standard has it. What would narrow values and is not taken (pattern, uniqueItems,
/// not, …) is refused by name. The schema is untrusted: depth, sizes and the grammar are bounded.
class JsonGrammar {
public:
    using NodeId = Grammar::NodeId;
    using RuleId = Grammar::RuleId;

    enum class Space {
        Lines,  ///< none, one space, or a line break and an indentation
        Inline  ///< none or one space
    };
    struct Options {
        Space space = Space::Lines;
        /// Stands in no string: what would end the text around the value. Empty, or "<" first and
        /// nowhere else.
        std::string_view forbidden = {};
    };
    JsonGrammar(GrammarBuilder& builder, Options options);

    /// A rule for the values of `schema`, which must outlive this. References are looked up in it.
    /// InvalidArgument with the place ("#/properties/x") and what is wrong.
    [[nodiscard]] Result<RuleId> rule_for(const Json& schema);

    /// The white space that may stand here.
    [[nodiscard]] NodeId space(NodeId next);

private:
    struct Place {
        const Json& schema;
        std::string path;
        int depth = 0;
    };
    [[nodiscard]] Result<NodeId> value(const Place& place, NodeId next);
    [[nodiscard]] Result<NodeId> any_of(const Place& place, const char* key, NodeId next);
    [[nodiscard]] Result<NodeId> reference(const Place& place, const Json& target, NodeId next);
    [[nodiscard]] Result<NodeId> constants(const Place& place, const Json& list, NodeId next);
    [[nodiscard]] Result<NodeId> typed(const Place& place, std::string_view type, NodeId next);
    [[nodiscard]] Result<NodeId> object(const Place& place, NodeId next);
    [[nodiscard]] Result<NodeId> free_object(const Place& place, NodeId next);
    [[nodiscard]] Result<NodeId> array(const Place& place, NodeId next);
    [[nodiscard]] Result<NodeId> string(const Place& place, NodeId next);
    [[nodiscard]] Result<NodeId> number(const Place& place, bool is_whole, NodeId next);
    [[nodiscard]] NodeId any_value(NodeId next);

    [[nodiscard]] RuleId string_rule();
    [[nodiscard]] NodeId characters(NodeId next);
    [[nodiscard]] NodeId one_character(NodeId next);
    [[nodiscard]] NodeId wide_character(NodeId next);
    [[nodiscard]] NodeId hex(std::string_view first, NodeId next);
    [[nodiscard]] NodeId fraction(NodeId next);
    [[nodiscard]] NodeId digits_between(std::int64_t low, std::int64_t high, NodeId next);
    [[nodiscard]] NodeId member(const std::string& key, NodeId value_start);

    GrammarBuilder& m_builder;
    Options m_options;
    const Json* m_root = nullptr;
    RuleId m_string = -1;
    RuleId m_wide = -1;
    RuleId m_space = -1;
    RuleId m_any = -1;
    std::map<std::string, RuleId> m_references;
    std::set<std::string> m_unconsumed;  ///< references that were entered since the last byte
};

}  // namespace lares
