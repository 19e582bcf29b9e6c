#include "engine/base/json.h"
#include "engine/chat/bounded_json.h"
#include "engine/chat/message.h"
#include "engine/chat/python_text.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <limits>
#include <string>

using namespace lares;

namespace {

QString text(std::string_view view) {
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

Json nested(int depth) {
    Json json = 1;
    for (int i = 0; i < depth; ++i) {
        Json outer = Json::array();
        outer.push_back(std::move(json));
        json = std::move(outer);
    }
    return json;
}

}  // namespace

class TestMessage : public QObject {
    Q_OBJECT

private slots:
    void readsEveryFieldThatIsRendered() {
        const auto read = conversation_from_json(*parse_json(R"({
            "messages": [{"role": "assistant", "content": null, "reasoning_content": "why", "name": "x",
                          "tool_calls": [{"id": "1", "type": "function",
                                          "function": {"name": "f", "arguments": {"b": 1, "a": 2}}},
                                         {"name": "g"}]}],
            "tools": null})"));
        QVERIFY(read);
        const Message& message = read->messages.at(0);
        QCOMPARE(message.role, std::string("assistant"));
        QCOMPARE(message.content, std::string());
        QCOMPARE(message.reasoning.value(), std::string("why"));
        QCOMPARE(json_text(message.tool_calls.at(0).arguments), std::string(R"({"b":1,"a":2})"));
        QCOMPARE(message.tool_calls.at(1), (ToolCall{"g", Json::object()}));
        QVERIFY(read->tools.empty());
    }

    void refusalsNameMessageAndField_data() {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("error");
        QTest::newRow("no messages") << R"({})"
                                     << "messages are missing or not a list";
        QTest::newRow("not an object") << R"(3)"
                                       << "messages are missing or not a list";
        QTest::newRow("message") << R"({"messages":[7]})"
                                 << "message 0: not an object";
        QTest::newRow("role") << R"({"messages":[{"content":"a"}]})"
                              << "message 0: role is missing or not a string";
        QTest::newRow("content")
            << R"({"messages":[{"role":"user","content":"a"},{"role":"user","content":[]}]})"
            << "message 1: content is neither a string nor null";
        QTest::newRow("reasoning") << R"({"messages":[{"role":"user","reasoning_content":1}]})"
                                   << "message 0: reasoning_content is neither a string nor null";
        QTest::newRow("calls") << R"({"messages":[{"role":"assistant","tool_calls":{}}]})"
                               << "message 0: tool_calls are neither a list nor null";
        QTest::newRow("call name")
            << R"({"messages":[{"role":"assistant","tool_calls":[{"function":{}}]}]})"
            << "message 0: tool call 0: name is missing or not a string";
        QTest::newRow("arguments")
            << R"({"messages":[{"role":"assistant","tool_calls":[{"name":"f","arguments":[1]}]}]})"
            << "message 0: tool call 0: arguments are neither an object nor a string";
        QTest::newRow("tools") << R"({"messages":[],"tools":{}})"
                               << "tools are neither a list nor null";
    }
    void refusalsNameMessageAndField() {
        QFETCH(QString, json);
        QFETCH(QString, error);
        const auto read = conversation_from_json(*parse_json(json.toStdString()));
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(text(read.error().message), error);
    }

    void refusesDeepNestingAndInvalidText() {
        QVERIFY(!conversation_from_json({{"messages", Json::array()}, {"tools", {nested(1000)}}}));
        QVERIFY(!conversation_from_json({{"messages", {{{"role", "user"}, {"content", "\xff"}}}}}));
    }

    void optionsRefuseUnknownVariables() {
        const auto options = prompt_options_from_json({{"enable_thinking", false}});
        QVERIFY(options);
        QVERIFY(!options->enable_thinking);
        QVERIFY(options->add_generation_prompt);
        QVERIFY(!prompt_options_from_json({{"temperature", 1}}));
        QVERIFY(!prompt_options_from_json({{"enable_thinking", 1}}));
        QVERIFY(!prompt_options_from_json(Json::array()));
    }

    void printsWhatPythonPrints() {
        const auto rows = *parse_json(test::read_file(test::data_file("chat/python_text.json")));
        QVERIFY(rows.size() > 300);
        for (const Json& row : rows) {
            const Json value = *parse_json(row[0].get_ref<const std::string&>());
            QCOMPARE(text(python_str(value)), text(row[1].get_ref<const std::string&>()));
            QCOMPARE(text(python_json(value)), text(row[2].get_ref<const std::string&>()));
        }
    }

    void printsWhatJsonCannotHold() {
        const Json infinity = -std::numeric_limits<double>::infinity();
        QCOMPARE(python_str(infinity), std::string("-inf"));
        QCOMPARE(python_json(infinity), std::string("-Infinity"));
        const Json nan = std::numeric_limits<double>::quiet_NaN();
        QCOMPARE(python_str(nan), std::string("nan"));
        QCOMPARE(python_json(nan), std::string("NaN"));
    }

    void stripsUnicodeWhiteSpace() {
        QCOMPARE(
            python_strip(
                " \t\n\v\f\r\x1c\x1f\u0085\u00a0\u1680\u2003\u2028\u202f\u205f\u3000a b\u3000 "),
            std::string_view("a b"));
        QCOMPARE(python_strip("\u200b\ufeff"), std::string_view("\u200b\ufeff"));
        QCOMPARE(python_strip(""), std::string_view());
        QCOMPARE(python_strip(" \u3000"), std::string_view());
        QCOMPARE(python_strip("\x80 \x80"), std::string_view("\x80 \x80"));
    }

    void removesWithoutLookingBack() {
        QCOMPARE(python_remove("/th/thinkink", "/think"), std::string("/think"));
        QCOMPARE(python_remove("", "/think"), std::string());
    }

    void refusesInvalidUtf8_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("continuation") << QByteArray("\x80");
        QTest::newRow("cut") << QByteArray("a\xe2\x82");
        QTest::newRow("overlong") << QByteArray("\xc0\xaf");
        QTest::newRow("overlong 3") << QByteArray("\xe0\x80\xaf");
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80");
        QTest::newRow("too large") << QByteArray("\xf4\x90\x80\x80");
    }
    void refusesInvalidUtf8() {
        QFETCH(QByteArray, bytes);
        QVERIFY(!is_valid_utf8(bytes.toStdString()));
        QVERIFY(is_valid_utf8("aé€🙂"));
    }

    void boundedJsonReadsJson() {
        const auto read =
            parse_bounded_json(R"( {"b": [1, -2, 3.5, "x", true, null, {}], "a": {"c": []}} )");
        QVERIFY(read);
        QCOMPARE(read->dump(), std::string(R"({"b":[1,-2,3.5,"x",true,null,{}],"a":{"c":[]}})"));
    }

    void boundedJsonRefuses_data() {
        QTest::addColumn<QString>("json");
        QTest::newRow("empty") << "";
        QTest::newRow("two values") << "1 2";
        QTest::newRow("cut") << R"({"a": [1, )";
        QTest::newRow("twice") << R"({"a": 1, "a": 2})";
        QTest::newRow("huge number") << "1e400";
        QTest::newRow("deep") << QString(1'000'000, '[');
        QTest::newRow("deep and closed") << QString(65, '[') + QString(65, ']');
        QString many = "{\"k\":0";
        for (int i = 0; i < kMaxJsonKeys; ++i) many += QString(",\"%1\":0").arg(i);
        QTest::newRow("many keys") << many + "}";
    }
    void boundedJsonRefuses() {
        QFETCH(QString, json);
        const auto read = parse_bounded_json(json.toStdString());
        QVERIFY(!read);
        QVERIFY(!read.error().message.empty());
    }
};

QTEST_APPLESS_MAIN(TestMessage)
#include "tst_message.moc"
