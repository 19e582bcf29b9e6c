#include "app/cli/serve/openai_response.h"
#include "app/cli/serve/request_gate.h"
#include "app/cli/serve/stop_text.h"

#include <QTest>

using namespace lares;
using namespace lares::cli;

namespace {

GateRequest request(const char* host = "127.0.0.1:8080") {
    return {"POST", {host}, {}, "", "application/json", "", {"2"}};
}

int statusOf(const GateRules& rules, const GateRequest& of) {
    const auto problem = objection(rules, of);
    return problem ? problem->status : 200;
}

/// The data of each event.
std::vector<std::string> dataOf(const std::string& events) {
    const std::string before = "data: ";
    std::vector<std::string> data;
    for (std::size_t at = 0; at < events.size();) {
        const std::size_t end = events.find("\n\n", at);
        data.push_back(events.substr(at + before.size(), end - at - before.size()));
        at = end + 2;
    }
    return data;
}

}  // namespace

/// What is around the engine, without a connection.
class ServePartsTest : public QObject {
    Q_OBJECT

private slots:
    void stopsBeforeTheFirstStopString_data();
    void stopsBeforeTheFirstStopString();

    void onlyOwnHostsComeIn_data();
    void onlyOwnHostsComeIn();
    void webPagesStayOut();
    void theKeyIsAskedFor();
    void bodiesAreJson();
    void bodiesHaveALength();

    void aWholeAnswer();
    void aStreamedAnswer();
    void anErrorInMidStreamIsAnEvent();
};

void ServePartsTest::stopsBeforeTheFirstStopString_data() {
    QTest::addColumn<QByteArrayList>("stops");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("shown");
    using List = QByteArrayList;
    QTest::newRow("none") << List{} << QByteArray("abc") << QByteArray("abc");
    QTest::newRow("not there") << List{"x"} << QByteArray("abc") << QByteArray("abc");
    QTest::newRow("in the middle") << List{"bc"} << QByteArray("abcd") << QByteArray("a");
    QTest::newRow("at once") << List{"ab"} << QByteArray("abcd") << QByteArray("");
    QTest::newRow("begins twice") << List{"aab"} << QByteArray("xaaab") << QByteArray("xa");
    QTest::newRow("only begins") << List{"abc"} << QByteArray("xab") << QByteArray("xab");
    QTest::newRow("the first one") << List{"c", "b"} << QByteArray("abcd") << QByteArray("a");
    QTest::newRow("one in the other")
        << List{"abcd", "bc"} << QByteArray("xabcd") << QByteArray("xa");
    QTest::newRow("two end together") << List{"c", "bc"} << QByteArray("abcd") << QByteArray("a");
    QTest::newRow("two bytes") << List{"é"} << QByteArray("caféé") << QByteArray("caf");
}

/// However the text is cut.
void ServePartsTest::stopsBeforeTheFirstStopString() {
    QFETCH(QByteArrayList, stops);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, shown);
    std::vector<std::string> list;
    for (const QByteArray& stop : stops) list.push_back(stop.toStdString());
    for (qsizetype step = 1; step <= text.size(); ++step) {
        StopText stopText(list);
        std::string all;
        for (qsizetype at = 0; at < text.size(); at += step)
            all += stopText.push(text.mid(at, step).toStdString());
        all += stopText.flush();
        QCOMPARE(QByteArray::fromStdString(all), shown);
        QCOMPARE(stopText.isHit(), shown != text);
    }
}

void ServePartsTest::onlyOwnHostsComeIn_data() {
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("status");
    QTest::newRow("address") << QByteArray("127.0.0.1:8080") << 200;
    QTest::newRow("name") << QByteArray("LocalHost:8080") << 200;
    QTest::newRow("IPv6") << QByteArray("[::1]:8080") << 200;
    QTest::newRow("another port") << QByteArray("127.0.0.1:8081") << 403;
    QTest::newRow("no port") << QByteArray("127.0.0.1") << 403;
    QTest::newRow("a page's name") << QByteArray("evil.example:8080") << 403;
    QTest::newRow("like a number") << QByteArray("127.0.0.1.evil.example:8080") << 403;
    QTest::newRow("like the name") << QByteArray("localhost.evil.example:8080") << 403;
    QTest::newRow("empty") << QByteArray("") << 403;
}

void ServePartsTest::onlyOwnHostsComeIn() {
    QFETCH(QByteArray, host);
    QFETCH(int, status);
    QCOMPARE(statusOf({8080}, request(host.constData())), status);
    // Where other machines may come, the key decides and not the name.
    QCOMPARE(statusOf({8080, false}, request(host.constData())), 200);
    GateRequest twice = request(host.constData());
    twice.hosts.push_back("127.0.0.1:8080");
    QCOMPARE(statusOf({8080}, twice), 400);
}

void ServePartsTest::webPagesStayOut() {
    GateRequest page = request();
    page.origins = {"https://a.example"};
    QCOMPARE(statusOf({8080}, page), 403);
    QCOMPARE(statusOf({8080, true, {"https://a.example"}}, page), 200);
    QCOMPARE(statusOf({8080, true, {"https://b.example"}}, page), 403);
    page.origins = {"null"};
    QCOMPARE(statusOf({8080, true, {"https://a.example"}}, page), 403);
}

void ServePartsTest::theKeyIsAskedFor() {
    const GateRules rules = {8080, true, {}, "secret"};
    GateRequest asking = request();
    QCOMPARE(statusOf(rules, asking), 401);
    for (const char* wrong : {"secret", "Bearer", "Bearer ", "Bearer secre", "Bearer secretsecret",
                              "Bearer secreT", "Basic secret"}) {
        asking.authorization = wrong;
        QCOMPARE(statusOf(rules, asking), 401);
    }
    asking.authorization = "bearer secret";
    QCOMPARE(statusOf(rules, asking), 200);
    asking.authorization.clear();
    asking.method = "OPTIONS";
    QCOMPARE(statusOf(rules, asking), 200);
}

void ServePartsTest::bodiesAreJson() {
    GateRequest asking = request();
    asking.contentType = "Application/JSON ; charset=utf-8";
    QCOMPARE(statusOf({8080}, asking), 200);
    asking.contentEncoding = "gzip";
    QCOMPARE(statusOf({8080}, asking), 415);
    for (const char* type : {"", "text/plain", "multipart/form-data", "application/jsonx"}) {
        GateRequest other = request();
        other.contentType = type;
        QCOMPARE(statusOf({8080}, other), 415);
    }
}

/// Else the library waits for the end of what never comes, or takes "abc" for nothing.
void ServePartsTest::bodiesHaveALength() {
    GateRequest asking = request();
    for (const char* wrong : {"", "abc", "-1", "+2", "2 2", "0x2", "99999999999999999999"}) {
        asking.contentLengths = {wrong};
        QCOMPARE(statusOf({8080}, asking), 400);
    }
    asking.contentLengths = {"2", "3"};
    QCOMPARE(statusOf({8080}, asking), 400);
    asking.contentLengths.clear();
    QCOMPARE(statusOf({8080}, asking), 411);
    asking.transferEncoding = "chunked";
    QCOMPARE(statusOf({8080}, asking), 200);
    asking = request();
    asking.contentLengths.clear();
    asking.method = "GET";
    QCOMPARE(statusOf({8080}, asking), 200);
}

void ServePartsTest::aWholeAnswer() {
    WholeResponse response;
    response.add(ThinkingDelta{"hm"});
    response.add(ToolCall{"f", {{"a", 1}}});
    const Json json = response.finish({"id", "m", 7}, {FinishReason::ToolCalls, {10, 4, 3}});
    const Json& choice = json["choices"][0];
    QCOMPARE(choice["finish_reason"].get<std::string>(), std::string("tool_calls"));
    QVERIFY(choice["message"]["content"].is_null());
    QCOMPARE(choice["message"]["reasoning_content"].get<std::string>(), std::string("hm"));
    const Json& call = choice["message"]["tool_calls"][0];
    QCOMPARE(call["function"]["arguments"].get<std::string>(), std::string(R"({"a":1})"));
    QVERIFY(call["id"].get<std::string>().starts_with("call_"));
    QCOMPARE(json["usage"]["total_tokens"].get<int>(), 13);
    QCOMPARE(json["usage"]["prompt_tokens_details"]["cached_tokens"].get<int>(), 4);

    // One without a word has a text all the same, and a full context is a length.
    const Json empty = WholeResponse().finish({"id", "m", 7}, {FinishReason::Context, {}});
    QCOMPARE(empty["choices"][0]["message"]["content"].get<std::string>(), std::string());
    QCOMPARE(empty["choices"][0]["finish_reason"].get<std::string>(), std::string("length"));
}

void ServePartsTest::aStreamedAnswer() {
    StreamedResponse response({"id", "m", 7}, true);
    const auto first = dataOf(response.events(TextDelta{"a"}));
    QCOMPARE(first.size(), std::size_t{2});
    const Json role = Json::parse(first[0]);
    QCOMPARE(role["choices"][0]["delta"]["role"].get<std::string>(), std::string("assistant"));
    QVERIFY(role["usage"].is_null() && role["choices"][0]["finish_reason"].is_null());
    const auto call = dataOf(response.events(ToolCall{"f", Json::object()}));
    QCOMPARE(Json::parse(call.at(0))["choices"][0]["delta"]["tool_calls"][0]["index"].get<int>(),
             0);
    const auto last = dataOf(response.events(AnswerEnd{FinishReason::Stop, {10, 4, 3}}));
    QCOMPARE(last.size(), std::size_t{3});
    QCOMPARE(Json::parse(last[0])["choices"][0]["finish_reason"].get<std::string>(),
             std::string("stop"));
    QVERIFY(Json::parse(last[1])["choices"].empty());
    QCOMPARE(Json::parse(last[1])["usage"]["completion_tokens"].get<int>(), 3);
    QCOMPARE(last[2], std::string("[DONE]"));
}

void ServePartsTest::anErrorInMidStreamIsAnEvent() {
    StreamedResponse response({"id", "m", 7}, false);
    QCOMPARE(dataOf(response.events(ThinkingDelta{"a"})).size(), std::size_t{2});
    const auto last = dataOf(response.events(ApiError{500, "broken", "server_error"}));
    const Json error = Json::parse(last.at(0))["error"];
    QCOMPARE(error["message"].get<std::string>(), std::string("broken"));
    QVERIFY(error["param"].is_null());
    QCOMPARE(last.at(1), std::string("[DONE]"));
}

QTEST_APPLESS_MAIN(ServePartsTest)
#include "tst_serve_parts.moc"
