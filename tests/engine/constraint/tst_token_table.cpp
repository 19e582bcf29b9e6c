// Which tokens of a real vocabulary fit a grammar, against trying every one of them.

#include "engine/chat/visible_bytes.h"
#include "engine/constraint/call_grammar.h"
#include "engine/constraint/json_grammar.h"
#include "engine/constraint/token_table.h"
#include "engine/formats/gguf_reader.h"
#include "tests/engine/constraint/random_text.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace lares;

class TestTokenTable : public QObject {
    Q_OBJECT

private slots:
    void tokensThatFitAreThoseThatFitOneByOne();
};

void TestTokenTable::tokensThatFitAreThoseThatFitOneByOne() {
    const auto file = GgufFile::open(test::source_file("resources/mini_model/lares-mini.gguf"));
    QVERIFY(file);
    const auto tokenizer = BpeTokenizer::from_gguf(*file);
    QVERIFY(tokenizer);
    const TokenTable table(*tokenizer);

    GrammarBuilder builder;
    JsonGrammar json(builder, {});
    const Json schema = *parse_json(
        R"({"type":"object","properties":{"name":{"type":"string"},"n":{"type":"integer"}}})");
    const auto rule = json.rule_for(schema);
    QVERIFY(rule);
    auto grammar = builder.finish(builder.call(*rule, builder.end()));
    QVERIFY(grammar);
    GrammarMatcher matcher(std::move(*grammar));

    std::mt19937 random(3);
    auto text = test::random_text(matcher, random, "nm,:\"");
    while (!text || text->size() < 30) text = test::random_text(matcher, random, "nm,:\"");
    const auto stops = tokenizer->stop_ids();
    int n_fitting = 0;
    for (std::size_t at = 0; at <= text->size(); at += 3) {
        const auto state = matcher.next(matcher.start(), text->substr(0, at));
        const TokenMask mask = table.tokens_that_fit(matcher, state);
        for (TokenId id = 0; id < tokenizer->n_vocab(); ++id) {
            const std::string_view bytes = visible_bytes(*tokenizer, id);
            const bool fits = !bytes.empty() && !std::ranges::binary_search(stops, id) &&
                              matcher.next(state, bytes) != GrammarMatcher::kDead;
            QVERIFY2(mask.allows(id) == fits, std::string(bytes).c_str());
            n_fitting += fits ? 1 : 0;
        }
    }
    QVERIFY(n_fitting > 0);
}

QTEST_APPLESS_MAIN(TestTokenTable)
#include "tst_token_table.moc"
