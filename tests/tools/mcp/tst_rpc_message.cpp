#include "tools/mcp/rpc_message.h"

#include <QTest>

using namespace lares;

/// The lines that go between the program and a tool server.
class RpcMessageTest : public QObject {
    Q_OBJECT

private slots:
    void readsAnswers() {
        const auto answer = parse_rpc(R"({"jsonrpc":"2.0","id":3,"result":{"tools":[1]}})");
        QVERIFY(answer);
        QCOMPARE(answer->kind, RpcMessage::Kind::Answer);
        QCOMPARE(answer->number, 3);
        QVERIFY(answer->result == Json({{"tools", {1}}}));
        QVERIFY(!answer->error);
        const auto error =
            parse_rpc(R"({"jsonrpc":"2.0","id":4,"error":{"code":-32602,"message":"no"}})");
        QVERIFY(error && error->error);
        QCOMPARE(error->error->code, -32602);
        QCOMPARE(error->error->message, std::string("no"));
    }
    void readsRequestsAndNotifications() {
        const auto request = parse_rpc(R"({"jsonrpc":"2.0","id":"a","method":"ping"})");
        QVERIFY(request);
        QCOMPARE(request->kind, RpcMessage::Kind::Request);
        QCOMPARE(request->method, std::string("ping"));
        QVERIFY(request->id == Json("a"));
        const auto note = parse_rpc(R"({"jsonrpc":"2.0","method":"x","params":{"a":1}})");
        QVERIFY(note);
        QCOMPARE(note->kind, RpcMessage::Kind::Notification);
        QVERIFY(note->params == Json({{"a", 1}}));
    }
    void nothingElseIsAMessage_data() {
        QTest::addColumn<QByteArray>("line");
        const auto row = [](const char* line) { QTest::addRow("%.40s", line) << QByteArray(line); };
        row("");
        row("starting up");
        row("[]");
        row(R"({"id":1,"result":{}})");
        row(R"({"jsonrpc":"1.0","id":1,"result":{}})");
        row(R"({"jsonrpc":"2.0"})");
        row(R"({"jsonrpc":"2.0","id":1})");
        row(R"({"jsonrpc":"2.0","id":null,"result":{}})");
        row(R"({"jsonrpc":"2.0","id":1.5,"result":{}})");
        row(R"({"jsonrpc":"2.0","id":"1","result":{}})");
        row(R"({"jsonrpc":"2.0","id":18446744073709551615,"result":{}})");
        row(R"({"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"x"}})");
        row(R"({"jsonrpc":"2.0","id":1,"error":"x"})");
        row(R"({"jsonrpc":"2.0","id":1,"error":{"code":1}})");
        row(R"({"jsonrpc":"2.0","id":{},"method":"ping"})");
        row(R"({"jsonrpc":"2.0","method":7})");
        row(R"({"jsonrpc":"2.0","id":1,"id":2,"result":{}})");
        row(R"({"jsonrpc":"2.0","id":1,"result":{}} x)");
        row("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"\xff\"}");
    }
    void nothingElseIsAMessage() {
        QFETCH(QByteArray, line);
        const auto message = parse_rpc(std::string_view(line.data(), line.size()));
        QVERIFY(!message);
        QCOMPARE(message.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!message.error().message.empty());
    }
    void depthIsBounded() {
        const std::string deep = R"({"jsonrpc":"2.0","id":1,"result":)" + std::string(100, '[') +
                                 std::string(100, ']') + "}";
        QVERIFY(!parse_rpc(deep));
    }
    void writesOneLineEach() {
        const std::string lines[] = {
            rpc_request(7, "tools/call", {{"text", "a\nb"}}), rpc_notification("x", Json::object()),
            rpc_answer(Json("id\n"), Json::object()), rpc_refusal(Json(5), -32601, "no")};
        for (const std::string& line : lines) {
            QCOMPARE(line.find('\n'), line.size() - 1);
            QVERIFY(parse_rpc(std::string_view(line).substr(0, line.size() - 1)) ||
                    line.find("id\\n") != std::string::npos);  // an answer to somebody else's id
        }
    }
    void putsLinesTogether() {
        LineSplitter splitter;
        QVERIFY(splitter.add("ab").empty());
        QCOMPARE(splitter.add("c\r\n\n\nde\nf"), (std::vector<std::string>{"abc", "de"}));
        QCOMPARE(splitter.add("\n"), (std::vector<std::string>{"f"}));
    }
    void aLineWithoutEndIsDropped() {
        LineSplitter splitter;
        for (int i = 0; i < 100; ++i) QVERIFY(splitter.add(std::string(50, 'x'), 64).empty());
        QCOMPARE(splitter.n_dropped(), 1U);
        QCOMPARE(splitter.add("y\nz\n", 64), (std::vector<std::string>{"z"}));
        QCOMPARE(splitter.add(std::string(65, 'x') + "\nok\n", 64),
                 (std::vector<std::string>{"ok"}));
        QCOMPARE(splitter.n_dropped(), 2U);
    }
};

QTEST_APPLESS_MAIN(RpcMessageTest)
#include "tst_rpc_message.moc"
