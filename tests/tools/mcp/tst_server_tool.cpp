#include "tools/mcp/server_answer.h"
#include "tools/mcp/server_tool.h"

#include <QTest>

using namespace lares;

namespace {

Json tool(const char* name, const Json& properties = Json::object()) {
    return {{"name", name},
            {"description", "Does it."},
            {"inputSchema", {{"type", "object"}, {"properties", properties}}}};
}

ServerTools read(const Json& list) {
    return read_server_tools("notes", list).value();
}

}  // namespace

/// What a server says of its tools, of a call's arguments, and what it answers.
class ServerToolTest : public QObject {
    Q_OBJECT

private slots:
    void becomesADefinitionOfThePrompt() {
        Json one = tool("add", {{"n", {{"type", "integer"}}}});
        one["title"] = "Add";
        one["description"] = "Adds.\x01\x7f\nYes";
        one["inputSchema"]["$schema"] = "x";
        const ServerTools tools = read(Json::array({one}));
        QCOMPARE(tools.tools.size(), 1U);
        const ServerTool& added = *tools.tools.front();
        QCOMPARE(added.definition.name, std::string("notes__add"));
        QCOMPARE(added.own_name, std::string("add"));
        QCOMPARE(added.title, std::string("Add"));
        QCOMPARE(added.definition.effect, ToolEffect::UseServer);
        const Json& function = added.definition.json["function"];
        QVERIFY(function["name"] == "notes__add");
        QVERIFY(function["description"] == "Adds.\nYes");
        QVERIFY(!function["parameters"].contains("$schema"));
        QCOMPARE(added.definitions_sha256, tools.sha256);
        // None of ours could be called by that name.
        for (const ToolDefinition& ours : ToolRegistry::builtin().tools())
            QVERIFY(ours.name.find("__") == std::string::npos);
    }
    void leavesOutWhatCannotBeOffered() {
        Json big = tool("big");
        big["description"] = std::string(20'000, 'x');
        Json text = tool("text");
        text["inputSchema"] = {{"type", "string"}};
        const ServerTools tools = read(Json::array({tool("ok"),
                                                    tool("ok"),
                                                    tool("no way"),
                                                    tool(""),
                                                    big,
                                                    text,
                                                    7,
                                                    tool(std::string(70, 'a').c_str()),
                                                    {{"name", "bare"}}}));
        QCOMPARE(tools.tools.size(), 1U);
        QCOMPARE(tools.left_out.size(), 8U);
        for (const std::string& why : tools.left_out)
            QVERIFY2(why.find(": ") != std::string::npos, why.c_str());
        QVERIFY(!read_server_tools("notes", Json::object()));
    }
    void offersSixtyFourAtMost() {
        Json many = Json::array();
        for (int i = 0; i < 100; ++i) many.push_back(tool(("t" + std::to_string(i)).c_str()));
        const ServerTools tools = read(many);
        QCOMPARE(tools.tools.size(), 64U);
        QCOMPARE(tools.left_out.size(), 36U);
    }
    void theDigestIsOfWhatTheModelReads() {
        const std::string sha = read(Json::array({tool("a"), tool("b")})).sha256;
        QCOMPARE(read(Json::array({tool("b"), tool("a")})).sha256, sha);
        QVERIFY(read(Json::array({tool("a")})).sha256 != sha);
        Json other = tool("a");
        other["description"] = "Does it!";
        QVERIFY(read(Json::array({other, tool("b")})).sha256 != sha);
        other = tool("a", {{"x", {{"description", "…"}}}});
        QVERIFY(read(Json::array({other, tool("b")})).sha256 != sha);
    }
    void checksArguments_data() {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QString>("problem");
        const auto row = [](const char* arguments, const char* problem) {
            QTest::addRow("%.40s", arguments) << arguments << problem;
        };
        row(R"({"s":"x","n":1})", "");
        row(R"({"s":"x","n":1.5,"i":2,"b":true,"l":[1],"o":{},"either":null})", "");
        row(R"({"s":"x","n":2,"i":2.0})", "");
        row(R"({"s":"x"})", "missing argument: n");
        row(R"({"s":1,"n":1})", "argument is not of its type: s");
        row(R"({"s":"x","n":"1"})", "argument is not of its type: n");
        row(R"({"s":"x","n":1,"i":1.5})", "argument is not of its type: i");
        row(R"({"s":"x","n":1,"i":1e300})", "");
        row(R"({"s":"x","n":1,"either":3})", "argument is not of its type: either");
        row(R"({"s":"x","n":1,"more":1})", "unknown argument: more");
        row(R"({"s":"a\u0000b","n":1})", "argument is no text");
        row(R"([])", "arguments are not an object");
    }
    void checksArguments() {
        QFETCH(QString, arguments);
        QFETCH(QString, problem);
        Json one = tool("t", Json::parse(R"({"s":{"type":"string"},"n":{"type":"number"},
            "i":{"type":"integer"},"b":{"type":"boolean"},"l":{"type":"array"},
            "o":{"type":"object"},"either":{"type":["string","null"]}})"));
        one["inputSchema"]["required"] = {"s", "n"};
        const ServerTools tools = read(Json::array({one}));
        const auto found =
            check_server_arguments(*tools.tools.front(), Json::parse(arguments.toStdString()));
        QCOMPARE(found ? QString::fromStdString(found->message) : QString(), problem);
    }
    void anOpenSchemaTakesMore() {
        Json one = tool("t");
        one["inputSchema"]["additionalProperties"] = {{"type", "string"}};
        const ServerTools tools = read(Json::array({one}));
        QVERIFY(!check_server_arguments(*tools.tools.front(), {{"x", "y"}}));
        const auto long_one =
            check_server_arguments(*tools.tools.front(), {{"x", std::string(20'000, 'y')}});
        QVERIFY(long_one && long_one->fault == ArgumentFault::TooLong);
    }
    void answersBecomeText_data() {
        QTest::addColumn<QString>("result");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* result, const char* text) {
            QTest::addRow("%.60s", result) << result << text;
        };
        row(R"({"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]})", "a\nb");
        row(R"({"content":[],"structuredContent":{"n":1}})", R"({"n":1})");
        row(R"({"content":[{"type":"image","mimeType":"image/png","data":"AAAAAAAA"}]})",
            "[image, image/png, 6 B: not shown]");
        row(R"({"content":[{"type":"resource","resource":{"uri":"x:","text":"in it"}}]})", "in it");
        row(R"({"content":[{"type":"resource_link","name":"n","uri":"x:y"}]})", "[n: x:y]");
        row(R"({"content":[]})", "(done; the tool said nothing)");
        row(R"({"content":[{"type":"text","text":"a\u0007b"}]})", "ab");
        row(R"({"content":[{"type":"text","text":"bad\nluck"}],"isError":true})",
            "error: bad luck");
        row(R"({"content":[],"isError":true})", "error: the tool failed");
        row(R"([])", "error: the server gave no result");
        row(R"({"content":[7,{"type":"smell"}]})", "[something that Lares cannot show]");
    }
    void answersBecomeText() {
        QFETCH(QString, result);
        QFETCH(QString, text);
        const ToolText answer = server_answer(Json::parse(result.toStdString()));
        QCOMPARE(QString::fromStdString(answer.result), text);
        QCOMPARE(answer.is_error, text.startsWith("error: "));
    }
    void longAnswersAreCut() {
        std::string text;
        for (int i = 0; i < 9000; ++i) text += "é";
        const ToolText answer = server_answer({{"content", {{{"type", "text"}, {"text", text}}}}});
        QVERIFY(answer.result.ends_with("\n[1000 more characters were left out]"));
        QCOMPARE(answer.detail, std::string("18 kB"));
    }
};

QTEST_APPLESS_MAIN(ServerToolTest)
#include "tst_server_tool.moc"
