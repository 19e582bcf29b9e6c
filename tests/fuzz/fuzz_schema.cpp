#include "engine/chat/bounded_json.h"
#include "engine/constraint/call_grammar.h"
#include "engine/constraint/grammar_matcher.h"
#include "engine/constraint/json_grammar.h"
#include "tests/fuzz/fuzz_target.h"

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// A schema that a client sends, as an answer's form and as a tool's parameters: a grammar that can
// be followed, or a refusal.

using namespace lares;

namespace {

/// Follows the grammar along what the input says, to a bound.
void walk(Grammar grammar, std::string_view choices) {
    GrammarMatcher matcher(std::move(grammar));
    auto state = matcher.start();
    for (const char choice : choices.substr(0, 200)) {
        int n_tried = 0;
        auto byte = static_cast<unsigned char>(choice);
        auto next = matcher.next(state, static_cast<char>(byte));
        while (next == GrammarMatcher::kDead && ++n_tried < 256)
            next = matcher.next(state, static_cast<char>(++byte));
        // What goes nowhere must be an end, or no text at all.
        if (next == GrammarMatcher::kDead) return;
        state = next;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto schema = parse_bounded_json(input);
    if (!schema) return 0;
    GrammarBuilder builder;
    JsonGrammar json(builder, {});
    if (const auto rule = json.rule_for(*schema)) {
        if (auto grammar = builder.finish(builder.call(*rule, builder.end())))
            walk(std::move(*grammar), input);
    }
    const Json tool = {{"name", "f"}, {"parameters", *schema}};
    for (const PromptFormat format : {PromptFormat::Nemotron3, PromptFormat::NemotronV2}) {
        GrammarBuilder calls;
        const auto start = add_call(calls, format, {tool});
        if (!start) std::abort();
        if (auto grammar = calls.finish(*start)) walk(std::move(*grammar), input);
    }
    return 0;
}

std::vector<std::string> fuzz::seeds() {
    return {
        R"({"type":"object","properties":{"a":{"type":"string","minLength":1,"maxLength":9},"b":{"type":["integer","null"],"minimum":-3,"maximum":120}},"required":["a"],"additionalProperties":false})",
        R"({"$ref":"#/$defs/n","$defs":{"n":{"type":"object","properties":{"v":{"type":"number","exclusiveMaximum":1},"c":{"type":"array","items":{"$ref":"#/$defs/n"},"minItems":1,"maxItems":4}}}}})",
        R"({"anyOf":[{"enum":["x","y<z",3,null]},{"const":{"k":[true]}},{"type":"array","prefixItems":[{"type":"boolean"}],"items":{"type":"string"}}]})",
        R"({"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"},"c":{"type":"integer"},"d":{"type":"integer"},"e":{"type":"integer"},"f":{"enum":["g","h"]}},"required":["b","f"]})",
    };
}
