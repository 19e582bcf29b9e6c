// JSON schemas as grammars: what they take, what they refuse, and that nothing else comes out.

#include "engine/chat/bounded_json.h"
#include "engine/constraint/grammar_matcher.h"
#include "engine/constraint/json_grammar.h"
#include "tests/engine/constraint/random_text.h"

#include <QTest>

#include <random>
#include <string>

using namespace lares;
using test::takes;

namespace {

Result<GrammarMatcher> matcher_for(const std::string& schema_text,
                                   JsonGrammar::Options options = {}) {
    const Json schema = *parse_json(schema_text);
    GrammarBuilder builder;
    JsonGrammar json(builder, options);
    ASSIGN_OR_RETURN(const Grammar::RuleId rule, json.rule_for(schema));
    ASSIGN_OR_RETURN(Grammar grammar, builder.finish(builder.call(rule, builder.end())));
    return GrammarMatcher(std::move(grammar));
}

const char* const kPerson = R"({"type":"object","properties":{
    "name":{"type":"string","minLength":1},"age":{"type":"integer","minimum":0,"maximum":130},
    "mail":{"type":["string","null"]}},"required":["name","age"],"additionalProperties":false})";
const char* const kTree = R"({"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{
    "value":{"type":"number"},"children":{"type":"array","items":{"$ref":"#/$defs/node"}}},
    "required":["value"]}}})";

}  // namespace

class TestJsonGrammar : public QObject {
    Q_OBJECT

private slots:
    void takesWhatTheSchemaAllows_data();
    void takesWhatTheSchemaAllows();
    void bounds_data();
    void bounds();
    void refusesWhatItCannotHold_data();
    void refusesWhatItCannotHold();
    void refusesWhatIsTooLarge();
    void randomTextsAreJsonOfTheSchema_data();
    void randomTextsAreJsonOfTheSchema();
    void aForbiddenTextStandsInNoString();
};

void TestJsonGrammar::takesWhatTheSchemaAllows_data() {
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("is_taken");
    const auto row = [](const char* name, const char* schema, const char* text, bool is_taken) {
        QTest::newRow(name) << QByteArray(schema) << QByteArray(text) << is_taken;
    };
    row("person", kPerson, R"({"name": "Ada", "age": 36})", true);
    row("person, no space", kPerson, R"({"name":"Ada","age":36,"mail":null})", true);
    row("person, lines", kPerson, "{\n  \"name\": \"Ada\",\n  \"age\": 36\n}", true);
    row("without a required key", kPerson, R"({"name": "Ada"})", false);
    row("empty name", kPerson, R"({"name": "", "age": 1})", false);
    row("too old", kPerson, R"({"name": "A", "age": 131})", false);
    row("another key", kPerson, R"({"name": "A", "age": 1, "x": 2})", false);
    row("a key twice", kPerson, R"({"name": "A", "age": 1, "age": 2})", false);
    row("behind the end", kPerson, R"({"name": "A", "age": 1} )", false);
    row("only optional keys", R"({"properties":{"a":{"type":"null"},"b":{"type":"null"}}})",
        R"({"b":null})", true);
    row("none of them", R"({"properties":{"a":{"type":"null"},"b":{"type":"null"}}})", "{}", true);
    row("a comma too many", R"({"properties":{"a":{"type":"null"},"b":{"type":"null"}}})",
        R"({"a":null,})", false);
    row("tree", kTree,
        R"({"value": 1, "children": [{"value": -2.5}, {"value": 0, "children": []}]})", true);
    row("tree with a text", kTree, R"({"value": "1"})", false);
    row("any object", R"({"type":"object"})", R"({"a": [1, {"b": null}], "c": "d"})", true);
    row("a map", R"({"type":"object","additionalProperties":{"type":"integer"}})",
        R"({"a": 1, "b": 2})", true);
    row("a map of other things", R"({"type":"object","additionalProperties":{"type":"integer"}})",
        R"({"a": "1"})", false);
    row("closed and empty", R"({"type":"object","additionalProperties":false})", R"({"a": 1})",
        false);
    row("enum", R"({"enum":["red",2,null]})", "2", true);
    row("not in the enum", R"({"enum":["red",2,null]})", "\"blue\"", false);
    row("const", R"({"const":{"a":[1]}})", R"({"a":[1]})", true);
    row("anyOf", R"({"anyOf":[{"type":"integer"},{"type":"string"}]})", "\"x\"", true);
    row("nullable", R"({"type":"integer","nullable":true})", "null", true);
    row("allOf of one", R"({"allOf":[{"type":"boolean"}]})", "true", true);
    row("two to three items",
        R"({"type":"array","items":{"type":"integer"},"minItems":2,"maxItems":3})", "[1, 2, 3]",
        true);
    row("one item", R"({"type":"array","items":{"type":"integer"},"minItems":2,"maxItems":3})",
        "[1]", false);
    row("four items", R"({"type":"array","items":{"type":"integer"},"minItems":2,"maxItems":3})",
        "[1,2,3,4]", false);
    row("a pair", R"({"type":"array","prefixItems":[{"type":"integer"},{"type":"string"}],
        "minItems":2,"maxItems":2})",
        R"([1, "a"])", true);
    row("half a pair", R"({"type":"array","prefixItems":[{"type":"integer"},{"type":"string"}]})",
        "[1]", false);
    row("a pair and more", R"({"type":"array","prefixItems":[{"type":"integer"}],
        "items":{"type":"string"}})",
        R"([1, "a", "b"])", true);
    row("an empty list", R"({"type":"array"})", "[]", true);
    row("length 2", R"({"type":"string","minLength":2,"maxLength":2})",
        "\"\xC3\xA4\xF0\x9F\x98\x80\"", true);
    row("length 3", R"({"type":"string","minLength":2,"maxLength":2})", "\"abc\"", false);
    row("escapes", R"({"type":"string"})", R"("\n\"\\\u00e4\ud83d\ude00")", true);
    row("half a pair of surrogates", R"({"type":"string"})", R"("\ud83d")", false);
    row("a control character", R"({"type":"string"})", "\"\n\"", false);
    row("broken UTF-8", R"({"type":"string"})", "\"\xC3\"", false);
    row("overlong UTF-8", R"({"type":"string"})", "\"\xC0\x80\"", false);
    row("a surrogate in UTF-8", R"({"type":"string"})", "\"\xED\xA0\x80\"", false);
    row("a leading zero", R"({"type":"integer"})", "01", false);
    row("a fraction", R"({"type":"integer"})", "1.5", false);
    row("a number", R"({"type":"number"})", "-12.75", true);
    row("a probability", R"({"type":"number","minimum":0,"maximum":1})", "0.25", true);
    row("one", R"({"type":"number","minimum":0,"maximum":1})", "1", true);
    row("above one", R"({"type":"number","minimum":0,"maximum":1})", "1.5", false);
    row("below one", R"({"type":"number","minimum":0,"exclusiveMaximum":1})", "0.999", true);
    row("one left out", R"({"type":"number","minimum":0,"exclusiveMaximum":1})", "1", false);
    row("endless white space", R"({"type":"array"})", "[                    ]", false);
    row("annotations",
        R"({"type":"integer","title":"t","description":"d","format":"int32","x-y":1})", "7", true);
}

void TestJsonGrammar::takesWhatTheSchemaAllows() {
    QFETCH(QByteArray, schema);
    QFETCH(QByteArray, text);
    QFETCH(bool, is_taken);
    auto matcher = matcher_for(schema.toStdString());
    QVERIFY2(matcher, matcher ? "" : matcher.error().message.c_str());
    QCOMPARE(takes(*matcher, text.toStdString()), is_taken);
}

void TestJsonGrammar::bounds_data() {
    QTest::addColumn<qlonglong>("low");
    QTest::addColumn<qlonglong>("high");
    QTest::newRow("digits") << 0LL << 9LL;
    QTest::newRow("to a hundred") << 1LL << 100LL;
    QTest::newRow("odd") << 37LL << 1205LL;
    QTest::newRow("below zero") << -120LL << -7LL;
    QTest::newRow("around zero") << -15LL << 23LL;
    QTest::newRow("one number") << 42LL << 42LL;
    QTest::newRow("zero") << 0LL << 0LL;
}

void TestJsonGrammar::bounds() {
    QFETCH(qlonglong, low);
    QFETCH(qlonglong, high);
    const Json schema = {{"type", "integer"}, {"minimum", low}, {"maximum", high}};
    auto matcher = matcher_for(schema.dump());
    QVERIFY(matcher);
    for (qlonglong n = low - 1100; n <= high + 1100; ++n)
        QVERIFY2(takes(*matcher, std::to_string(n)) == (n >= low && n <= high),
                 std::to_string(n).c_str());
}

void TestJsonGrammar::refusesWhatItCannotHold_data() {
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char* name, const char* schema, const char* said) {
        QTest::newRow(name) << QByteArray(schema) << QByteArray(said);
    };
    row("pattern", R"({"properties":{"a":{"type":"string","pattern":"x"}}})",
        "the schema at #/properties/a has 'pattern', which is not supported");
    row("not", R"({"not":{}})", "'not'");
    row("type", R"({"type":"text"})", "the type 'text'");
    row("nothing there", R"({"$ref":"#/$defs/x"})", "'#/$defs/x', which is not in the schema");
    row("elsewhere", R"({"$ref":"https://example.org/x"})", "which is not in the schema");
    row("itself", R"({"$ref":"#"})", "refers to itself");
    row("itself by choice", R"({"anyOf":[{"type":"null"},{"$ref":"#"}]})", "refers to itself");
    row("required only", R"({"type":"object","required":["a"]})", "does not describe");
    row("two of all", R"({"allOf":[{},{}]})", "'allOf' of more than one");
    row("no number between", R"({"type":"integer","minimum":1.2,"maximum":1.8})",
        "no whole number");
    row("min above max", R"({"type":"array","minItems":3,"maxItems":2})", "more minItems");
    row("huge", R"({"type":"string","maxLength":100000})", "above 4096");
    row("false", R"({"properties":{"a":false}})", "no object");
    row("a list", "[]", "no object");
}

void TestJsonGrammar::refusesWhatItCannotHold() {
    QFETCH(QByteArray, schema);
    QFETCH(QByteArray, said);
    const auto matcher = matcher_for(schema.toStdString());
    QVERIFY(!matcher);
    QCOMPARE(matcher.error().code, ErrorCode::InvalidArgument);
    QVERIFY2(matcher.error().message.find(said.toStdString()) != std::string::npos,
             matcher.error().message.c_str());
}

void TestJsonGrammar::refusesWhatIsTooLarge() {
    Json schema = {{"type", "array"}, {"prefixItems", Json::array()}};
    for (int i = 0; i < 60; ++i)
        schema["prefixItems"].push_back({{"type", "string"}, {"maxLength", 4000 + i}});
    const auto matcher = matcher_for(schema.dump());
    QVERIFY(!matcher);
    QVERIFY2(matcher.error().message.find("too large") != std::string::npos,
             matcher.error().message.c_str());
}

void TestJsonGrammar::randomTextsAreJsonOfTheSchema_data() {
    QTest::addColumn<QByteArray>("schema");
    QTest::newRow("person") << QByteArray(kPerson);
    QTest::newRow("tree") << QByteArray(kTree);
    QTest::newRow("anything") << QByteArray("{}");
    QTest::newRow("numbers") << QByteArray(R"({"type":"array","items":{"type":"number"}})");
}

void TestJsonGrammar::randomTextsAreJsonOfTheSchema() {
    QFETCH(QByteArray, schema);
    auto matcher = matcher_for(schema.toStdString());
    QVERIFY(matcher);
    std::mt19937 random(7);
    int n_ended = 0;
    for (int i = 0; i < 200; ++i) {
        const auto text = test::random_text(*matcher, random, "}]\"0");
        if (!text) continue;
        ++n_ended;
        const auto json = parse_json(*text);  // a key twice in a map may be drawn
        QVERIFY2(json, text->c_str());
        if (schema == kPerson) {
            QVERIFY(json->at("name").is_string() && !json->at("name").get<std::string>().empty());
            QVERIFY(json->at("age").is_number_integer() && json->at("age") <= 130);
        }
        if (schema == kTree) QVERIFY(json->at("value").is_number());
    }
    QVERIFY2(n_ended > 120, std::to_string(n_ended).c_str());
}

void TestJsonGrammar::aForbiddenTextStandsInNoString() {
    auto matcher = matcher_for(R"({"type":"array","items":{"type":"string"}})",
                               {JsonGrammar::Space::Inline, "</end>"});
    QVERIFY(matcher);
    for (const char* text : {R"(["</en>"])", R"(["<</x", "a<b"])", R"(["</"])", R"(["</en</e"])"})
        QVERIFY2(takes(*matcher, text), text);
    for (const char* text : {R"(["</end>"])", R"(["x<</end> y"])", R"(["</e</end>"])"})
        QVERIFY2(!takes(*matcher, text), text);
    QVERIFY(takes(*matcher, R"(["\u003c/end>"])"));  // spelled in another way it ends nothing
}

QTEST_APPLESS_MAIN(TestJsonGrammar)
#include "tst_json_grammar.moc"
