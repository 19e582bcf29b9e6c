// Calls that are held to their tools: whatever is written, the reader finds one good call.

#include "engine/chat/argument_types.h"
#include "engine/chat/output_parser.h"
#include "engine/constraint/call_grammar.h"
#include "engine/constraint/grammar_matcher.h"
#include "tests/engine/constraint/random_text.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace lares;
using test::takes;

namespace {

const std::vector<Json>& tools() {
    static const std::vector<Json> kTools = [] {
        const Json list = *parse_json(R"([
            {"type":"function","function":{"name":"write_file","parameters":{"type":"object","properties":{
                "path":{"type":"string"},"text":{"type":"string"},"append":{"type":"boolean"}},
                "required":["path","text"]}}},
            {"name":"move","parameters":{"type":"object","properties":{
                "moves":{"type":"array","minItems":1,"items":{"type":"object","properties":{
                    "from":{"type":"string"},"to":{"type":"string"}},"required":["from","to"]}}},
                "required":["moves"]}},
            {"name":"list_folder","parameters":{"type":"object","properties":{
                "depth":{"type":"integer","minimum":1,"maximum":9},"order":{"enum":["name","size"]}}}},
            {"name":"time"},
            {"name":"many","parameters":{"type":"object","properties":{"a":{"type":"integer"},
                "b":{"type":"integer"},"c":{"type":"integer"},"d":{"type":"integer"},
                "e":{"type":"integer"},"f":{"type":"integer"}},"required":["b","e"]}}])");
        return std::vector<Json>(list.begin(), list.end());
    }();
    return kTools;
}

GrammarMatcher matcher_for(PromptFormat format, const std::string& function = {}) {
    GrammarBuilder builder;
    const auto start = add_call(builder, format, tools(), function);
    if (!start) qFatal("%s", start.error().message.c_str());
    auto grammar = builder.finish(*start);
    if (!grammar) qFatal("%s", grammar.error().message.c_str());
    return GrammarMatcher(std::move(*grammar));
}

std::vector<OutputEvent> read(PromptFormat format, const std::string& call) {
    OutputParser parser({format, false, false, tools()});
    auto events = parser.push(std::string(call_tag(format)) + call);
    for (auto& event : parser.finish()) events.push_back(std::move(event));
    return events;
}

const Json& parameters_of(const std::string& name) {
    for (const Json& tool : tools()) {
        const Json& function = tool.contains("function") ? tool["function"] : tool;
        if (function["name"] == name) return function;
    }
    static const Json kNone;
    return kNone;
}

}  // namespace

class TestCallGrammar : public QObject {
    Q_OBJECT

private slots:
    void takesGoodCalls_data();
    void takesGoodCalls();
    void anyTextIsOneGoodCall_data();
    void anyTextIsOneGoodCall();
    void oneFunctionAlone();
    void withoutToolsThereIsNoCall();
};

void TestCallGrammar::takesGoodCalls_data() {
    QTest::addColumn<QByteArray>("call");
    QTest::addColumn<bool>("is_taken");
    const auto row = [](const char* name, const char* call, bool is_taken) {
        QTest::newRow(name) << QByteArray(call) << is_taken;
    };
    row("as the template writes it",
        "\n<function=write_file>\n<parameter=path>\na.txt\n</parameter>\n<parameter=text>\n1\n2\n"
        "</parameter>\n</function>\n</tool_call>",
        true);
    row("in another order",
        "\n<function=write_file>\n<parameter=text>\nx\n</parameter>\n<parameter=append>\ntrue\n"
        "</parameter>\n<parameter=path>\na\n</parameter>\n</function>\n</tool_call>",
        true);
    row("text with tags in it",
        "\n<function=write_file>\n<parameter=path>\na.html\n</parameter>\n<parameter=text>\n<p>a</"
        "p>\n"
        "</parameter> is <b> a tag\n<parameter name='x'>\n</parameter>\n</function>\n</tool_call>",
        true);
    row("text without its end tag",
        "\n<function=write_file>\n<parameter=path>\na\n</parameter>\n<parameter=text>\nx\n</"
        "function>\n"
        "</tool_call>",
        true);
    row("nothing required", "\n<function=list_folder>\n</function>\n</tool_call>", true);
    row("no parameters at all", "\n<function=time>\n</function>\n</tool_call>", true);
    row("a list",
        "\n<function=move>\n<parameter=moves>\n[{\"from\": \"a\", \"to\": \"b<c\"}]\n"
        "</parameter>\n</function>\n</tool_call>",
        true);
    row("an empty list",
        "\n<function=move>\n<parameter=moves>\n[]\n</parameter>\n</function>\n"
        "</tool_call>",
        false);
    row("an enum",
        "\n<function=list_folder>\n<parameter=order>\nsize\n</parameter>\n</function>\n"
        "</tool_call>",
        true);
    row("another value", "\n<function=list_folder>\n<parameter=order>\ndate\n</parameter>\n",
        false);
    row("a number",
        "\n<function=list_folder>\n<parameter=depth>\n3\n</parameter>\n</function>\n"
        "</tool_call>",
        true);
    row("a number too high", "\n<function=list_folder>\n<parameter=depth>\n12", false);
    row("no such tool", "\n<function=delete_file>\n", false);
    row("no such parameter", "\n<function=list_folder>\n<parameter=path>\n", false);
    row("a parameter twice",
        "\n<function=list_folder>\n<parameter=depth>\n1\n</parameter>\n<parameter=depth>", false);
    row("a required one missing",
        "\n<function=write_file>\n<parameter=path>\na\n</parameter>\n</function>\n</tool_call>",
        false);
    row("many, in order",
        "\n<function=many>\n<parameter=b>\n1\n</parameter>\n<parameter=d>\n2\n</parameter>\n"
        "<parameter=e>\n3\n</parameter>\n</function>\n</tool_call>",
        true);
    row("many, one passed over",
        "\n<function=many>\n<parameter=b>\n1\n</parameter>\n<parameter=f>\n2\n", false);
}

void TestCallGrammar::takesGoodCalls() {
    QFETCH(QByteArray, call);
    QFETCH(bool, is_taken);
    auto matcher = matcher_for(PromptFormat::Nemotron3);
    QCOMPARE(takes(matcher, call.toStdString()), is_taken);
}

void TestCallGrammar::anyTextIsOneGoodCall_data() {
    QTest::addColumn<int>("format");
    QTest::addColumn<QByteArray>("favoured");
    const int xml = static_cast<int>(PromptFormat::Nemotron3);
    QTest::newRow("xml, tags") << xml << QByteArray("</>=parmetfunciol_\n");
    QTest::newRow("xml, ends") << xml << QByteArray("<\n");
    QTest::newRow("xml, gaps") << xml << QByteArray("</>parmet \n\t\r");
    QTest::newRow("json") << static_cast<int>(PromptFormat::NemotronV2) << QByteArray("\"]}");
}

/// The promise: no malformed call, no tool or parameter that there is not, no required one missing,
/// every value of its type.
void TestCallGrammar::anyTextIsOneGoodCall() {
    QFETCH(int, format);
    QFETCH(QByteArray, favoured);
    auto matcher = matcher_for(static_cast<PromptFormat>(format));
    std::mt19937 random(11);
    int n_ended = 0;
    for (int i = 0; i < 300; ++i) {
        const auto text = test::random_text(matcher, random, favoured.toStdString(), 6000);
        if (!text) continue;
        ++n_ended;
        QVERIFY(test::has_no_dead_end(matcher, *text));
        const auto events = read(static_cast<PromptFormat>(format), *text);
        QVERIFY2(!events.empty(), text->c_str());
        const bool is_list = static_cast<PromptFormat>(format) != PromptFormat::Nemotron3;
        QVERIFY2(is_list || events.size() == 1, text->c_str());
        for (const OutputEvent& event : events) {
            const auto* call = std::get_if<ToolCall>(&event);
            QVERIFY2(call, text->c_str());
            const Json& function = parameters_of(call->name);
            QVERIFY2(function.is_object(), call->name.c_str());
            if (is_list && !function.contains("parameters")) continue;
            const Json none = Json::object();
            const Json& schema = function.contains("parameters") ? function["parameters"] : none;
            for (const Json& name : schema.value("required", Json::array()))
                QVERIFY2(call->arguments.contains(name.get<std::string>()), text->c_str());
            for (const auto& [key, value] : call->arguments.items()) {
                QVERIFY2(schema["properties"].contains(key), key.c_str());
                const Json& property = schema["properties"][key];
                const Json type = property.value("type", Json("string"));
                QVERIFY2((type == "string") == value.is_string(), text->c_str());
                if (type == "integer") QVERIFY2(value.is_number_integer(), text->c_str());
                if (type == "array") QVERIFY2(value.is_array() && !value.empty(), text->c_str());
                if (property.contains("enum")) QVERIFY(value == "name" || value == "size");
            }
        }
    }
    QVERIFY2(n_ended > 60, std::to_string(n_ended).c_str());
}

void TestCallGrammar::oneFunctionAlone() {
    auto matcher = matcher_for(PromptFormat::Nemotron3, "time");
    QVERIFY(takes(matcher, "\n<function=time>\n</function>\n</tool_call>"));
    QVERIFY(!takes(matcher, "\n<function=list_folder>\n</function>\n</tool_call>"));
}

void TestCallGrammar::withoutToolsThereIsNoCall() {
    GrammarBuilder builder;
    const auto none = add_call(builder, PromptFormat::Nemotron3, {});
    QVERIFY(!none);
    const auto other = add_call(builder, PromptFormat::Nemotron3, tools(), "delete_file");
    QVERIFY(!other);
    QCOMPARE(QString::fromStdString(other.error().message), "there is no tool 'delete_file'");
}

QTEST_APPLESS_MAIN(TestCallGrammar)
#include "tst_call_grammar.moc"
