#include "engine/constraint/answer_constraint.h"
#include "engine/constraint/call_grammar.h"
#include "engine/constraint/json_grammar.h"
#include "engine/formats/gguf_reader.h"
#include "tests/support/test_data.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What it costs to hold an answer to a form, with the real vocabulary: the table, a grammar, and
// the mask of a token, the first time that a text comes by and later. One thread. The share is of a
// token's time on a card that makes 1,000 tokens a second.

using namespace lares;

namespace {

constexpr double kTokenMs = 1.0;

double ms_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() * 1e3;
}

[[noreturn]] void fail(const Error& error) {
    std::fprintf(stderr, "%s\n", error.message.c_str());
    std::exit(1);
}

template <class T>
T must(Result<T> result) {
    if (!result) fail(result.error());
    return std::move(*result);
}

Grammar tools_grammar() {
    const Json tools = must(parse_json(R"([
        {"name":"write_file","parameters":{"type":"object","properties":{"path":{"type":"string"},
            "text":{"type":"string"}},"required":["path","text"]}},
        {"name":"move","parameters":{"type":"object","properties":{"source":{"type":"string"},
            "destination":{"type":"string"}},"required":["source","destination"]}}])"));
    GrammarBuilder builder;
    const auto start =
        must(add_call(builder, PromptFormat::Nemotron3, {tools.begin(), tools.end()}));
    return must(builder.finish(start));
}

Grammar json_grammar() {
    const Json schema = must(parse_json(R"({"type":"object","properties":{"name":{"type":"string"},
        "tags":{"type":"array","items":{"type":"string"}},"n":{"type":"number"}},
        "required":["name","tags","n"]})"));
    GrammarBuilder builder;
    JsonGrammar json(builder, {});
    const auto rule = must(json.rule_for(schema));
    return must(builder.finish(builder.call(rule, builder.end())));
}

void measure(const char* name,
             Grammar grammar,
             const std::shared_ptr<const TokenTable>& table,
             std::string_view text) {
    TextConstraint constraint(std::move(grammar), table);
    const auto tokens = table->tokenizer().encode(text);
    for (const char* pass : {"first", "again"}) {
        double total = 0;
        double worst = 0;
        constraint.begin();
        for (const TokenId token : tokens) {
            const auto start = std::chrono::steady_clock::now();
            if (!constraint.mask_or_null()) std::exit(1);
            const double ms = ms_since(start);
            total += ms;
            worst = std::max(worst, ms);
            constraint.follow(table->tokenizer().token_bytes(token));
        }
        const double mean = total / static_cast<double>(tokens.size());
        std::printf("%-5s %-6s %4zu tokens, %.4f ms each (%.1f %% of a token), the worst %.2f ms\n",
                    name, pass, tokens.size(), mean, 100 * mean / kTokenMs, worst);
    }
}

}  // namespace

int main() {
    const auto file = must(GgufFile::open(test::data_file("tokenizer/vocab.gguf")));
    const auto tokenizer = must(BpeTokenizer::from_gguf(file));
    auto start = std::chrono::steady_clock::now();
    const auto table = std::make_shared<const TokenTable>(tokenizer);
    std::printf("table of %d tokens: %.1f ms\n", tokenizer.n_vocab(), ms_since(start));
    start = std::chrono::steady_clock::now();
    Grammar calls = tools_grammar();
    std::printf("grammar of two tools, %zu nodes: %.1f ms\n", calls.n_nodes(), ms_since(start));
    measure(
        "call", std::move(calls), table,
        "\n<function=write_file>\n<parameter=path>\n/home/ada/Documents/notes.txt\n</parameter>\n"
        "<parameter=text>\nIt is a long text about <b>nothing</b> at all.\nSecond line.\n"
        "</parameter>\n</function>\n</tool_call>");
    measure(
        "json", json_grammar(), table,
        R"({"name": "Ada Lovelace of London", "tags": ["mathematics", "programmer"], "n": 12.5})");
    return 0;
}
