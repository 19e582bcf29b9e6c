// Grammars over bytes, and following them.

#include "engine/constraint/grammar.h"
#include "engine/constraint/grammar_matcher.h"
#include "tests/engine/constraint/random_text.h"

#include <QTest>

#include <string>

using namespace lares;
using test::takes;

namespace {

GrammarMatcher matcher_of(GrammarBuilder& builder, Grammar::NodeId start) {
    auto grammar = builder.finish(start);
    if (!grammar) qFatal("%s", grammar.error().message.c_str());
    return GrammarMatcher(std::move(*grammar));
}

/// Brackets in brackets: no finite automaton has it.
GrammarMatcher brackets() {
    GrammarBuilder builder;
    const auto rule = builder.new_rule();
    const auto done = builder.end();
    builder.begin_rule(
        rule, builder.either(
                  {done, builder.literal("(", builder.call(rule, builder.literal(")", done)))}));
    return matcher_of(builder, builder.call(rule, builder.end()));
}

}  // namespace

class TestGrammarMatcher : public QObject {
    Q_OBJECT

private slots:
    void literalsChoicesAndRepeats();
    void rulesCallThemselves();
    void nestingIsBounded();
    void anEndingDecidesWhatFollows();
    void whatCannotFollowIsLeftOut();
    void aMachineTreatsOtherBytesAlike();
    void forgettingChangesNothing();
    void aGrammarThatIsTooLargeIsRefused();
};

void TestGrammarMatcher::literalsChoicesAndRepeats() {
    GrammarBuilder builder;
    const auto digit = [&](Grammar::NodeId next) {
        return builder.match(bytes_between('0', '9'), next);
    };
    const auto end = builder.end();
    auto matcher = matcher_of(
        builder, builder.either({builder.literal("to", builder.end()), builder.literal("tea", end),
                                 builder.repeat(digit, 2, 3, end),
                                 builder.literal("x", builder.repeat(digit, 0, -1, end))}));
    for (const char* text : {"to", "tea", "12", "123", "x", "x1", "x123456"})
        QVERIFY2(takes(matcher, text), text);
    for (const char* text : {"", "t", "te", "tot", "1", "1234", "xx", "x1a"})
        QVERIFY2(!takes(matcher, text), text);
}

void TestGrammarMatcher::rulesCallThemselves() {
    auto matcher = brackets();
    QVERIFY(takes(matcher, ""));
    QVERIFY(takes(matcher, "((()))"));
    QVERIFY(!takes(matcher, "((())"));
    QCOMPARE(matcher.next(matcher.start(), "())"), GrammarMatcher::kDead);
}

void TestGrammarMatcher::nestingIsBounded() {
    auto matcher = brackets();
    QVERIFY(takes(matcher, std::string(40, '(') + std::string(40, ')')));
    QCOMPARE(matcher.next(matcher.start(), std::string(10'000, '(')), GrammarMatcher::kDead);
    QVERIFY(matcher.n_states() < 1000);
}

void TestGrammarMatcher::anEndingDecidesWhatFollows() {
    GrammarBuilder builder;
    const auto rule = builder.new_rule();
    builder.begin_rule(rule, builder.either({builder.literal("a", builder.end(0)),
                                             builder.literal("b", builder.end(1))}));
    auto matcher = matcher_of(builder, builder.call(rule, builder.literal("1", builder.end()),
                                                    builder.literal("2", builder.end())));
    QVERIFY(takes(matcher, "a1"));
    QVERIFY(takes(matcher, "b2"));
    QVERIFY(!takes(matcher, "a2"));
    QVERIFY(!takes(matcher, "b1"));
}

void TestGrammarMatcher::whatCannotFollowIsLeftOut() {
    GrammarBuilder builder;
    const auto never = Grammar::kNever;
    QCOMPARE(builder.literal("x", never), never);
    QCOMPARE(builder.either({never, never}), never);
    QCOMPARE(builder.match({}, builder.end()), never);
    auto matcher = matcher_of(builder, builder.either({builder.literal("a", never),
                                                       builder.literal("b", builder.end())}));
    QCOMPARE(matcher.next(matcher.start(), 'a'), GrammarMatcher::kDead);
    QVERIFY(takes(matcher, "b"));
}

void TestGrammarMatcher::aMachineTreatsOtherBytesAlike() {
    GrammarBuilder builder;
    // Everything up to the first "ab".
    const auto start = builder.machine("0", "ab",
                                       [](const std::string& state, char c) -> std::string {
                                           if (c == 'a') return "1";
                                           return state == "1" && c == 'b' ? "end" : "0";
                                       },
                                       {{"end", builder.end()}});
    auto matcher = matcher_of(builder, start);
    QVERIFY(takes(matcher, "ab"));
    QVERIFY(takes(matcher,
                  "x\xFF"
                  "aaab"));
    QVERIFY(!takes(matcher, "xab!"));
    QVERIFY(!takes(matcher, "ba"));
}

void TestGrammarMatcher::forgettingChangesNothing() {
    GrammarBuilder builder;
    const auto rule = builder.new_rule();
    const auto done = builder.end();
    const auto inner = builder.repeat(
        [&](Grammar::NodeId next) {
            return builder.either({builder.literal("a", next), builder.literal("b", next)});
        },
        0, 3000, builder.literal(")", done));
    builder.begin_rule(rule,
                       builder.literal("(", builder.either({inner, builder.call(rule, inner)})));
    auto matcher = matcher_of(builder, builder.call(rule, builder.end()));
    auto state = matcher.next(matcher.start(), "((((((");
    bool was_trimmed = false;
    for (int i = 0; i < 6; ++i) {
        for (int j = 0; j < 2999; ++j) state = matcher.next(state, j % 3 ? 'a' : 'b');
        const auto [now, is_new] = matcher.trim(state);
        was_trimmed |= is_new;
        state = matcher.next(now, ')');
        QVERIFY(state != GrammarMatcher::kDead);
    }
    QVERIFY(was_trimmed);
    QVERIFY(matcher.is_complete(state));
}

void TestGrammarMatcher::aGrammarThatIsTooLargeIsRefused() {
    GrammarBuilder builder;
    auto node = builder.end();
    for (int i = 0; i < 200; ++i) node = builder.literal(std::string(4000, 'x'), node);
    const auto grammar = builder.finish(node);
    QVERIFY(!grammar);
    QCOMPARE(grammar.error().code, ErrorCode::InvalidArgument);
}

QTEST_APPLESS_MAIN(TestGrammarMatcher)
#include "tst_grammar_matcher.moc"
