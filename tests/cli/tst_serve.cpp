#include "tests/cli/cli_program.h"
#include "tests/cli/serve_client.h"
#include "tests/support/test_data.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QTemporaryFile>
#include <QTest>

#include <csignal>

using namespace Qt::Literals;
using namespace lares::test;

namespace {

const QByteArray kHello = R"({"role":"user","content":"Hello"})";

QByteArray chatBody(const QByteArray& fields, const QByteArray& message = kHello) {
    return "{\"seed\":1,\"max_tokens\":200,\"messages\":[" + message + "]" +
           (fields.isEmpty() ? "" : "," + fields) + "}";
}

/// A prompt that one thread reads for a long time, so that there is something to stop.
QByteArray longBody() {
    return chatBody("",
                    R"({"role":"user","content":")" + QByteArray("word ").repeated(18'000) + "\"}");
}

/// The tiny model takes the longest prompts.
QStringList longReading(const QStringList& more = {}) {
    return QStringList{"-m", dataPath("golden/t-F32.gguf"), "-c", "100000", "-t", "1", "--exact"} +
           more;
}

QJsonObject choice(const HttpAnswer& answer) {
    return answer.json()["choices"_L1][0].toObject();
}

QString textOf(const HttpAnswer& answer) {
    return choice(answer)["message"_L1]["content"_L1].toString();
}

/// The texts of a stream's events under `name`, joined.
QString streamedText(const HttpAnswer& answer, QLatin1StringView name) {
    QString text;
    for (const QByteArray& event : answer.events())
        text += QJsonDocument::fromJson(event)["choices"_L1][0]["delta"_L1][name].toString();
    return text;
}

}  // namespace

/// lares-cli serve as its clients see it, with Lares Mini.
class ServeTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void saysWhatItHas();
    void answersAsAWhole();
    void answersAsAStream();
    void stopStringsEndBothAlike();
    void readsAConversationOnce();
    void returnsCallsToTheClient();
    void goesOnWithAText();
    void answersInTheFormThatIsAskedFor();
    void refusesWhatItCannotRead();
    void saysWhatIsWrongWithAHead();
    void rangesDoNotCutAnswers();
    void refusesTooLargeBodies();
    void refusesTooLongPrompts();
    void refusesStrangers();
    void letsNamedPagesIn();
    void asksForTheKey();
    void needsAKeyForOtherMachines();
    void aTakenPortIsAnError();
    void freesTheMemoryWhereItIsTold();
    void aFullQueueRefuses();
    void aClientThatGoesStopsItsAnswer();
    void aClientThatGoesWithMoreBehindItStopsItToo();
    void interruptEndsTheAnswer();
    void terminationEndsItLikeAnInterrupt();
    void aSlowClientDoesNotKeepItFromEnding();
    void logsNothingOfThePrompt();

private:
    std::unique_ptr<ServeProgram> m_server;
};

void ServeTest::initTestCase() {
    const auto mini = source_file("resources/mini_model/lares-mini.gguf");
    if (!QFileInfo::exists(QString::fromStdString(mini.string()))) QSKIP("Lares Mini is not here");
    if (runCli({"serve", "--host", "999.0.0.1", "--api-key-file", "/dev/null", "--json"})
            .errorCode() == "unsupported")
        QSKIP("this build has no server");
    m_server = std::make_unique<ServeProgram>(QStringList{});
    QVERIFY(m_server->isReady());
}

void ServeTest::saysWhatItHas() {
    QCOMPARE(m_server->get("/health").json()["status"_L1].toString(), "ok");
    QVERIFY(m_server->get("/health").json()["loaded"_L1].toBool());
    const HttpAnswer list = m_server->get("/v1/models");
    QCOMPARE(list.json()["data"_L1][0]["id"_L1].toString(), "lares-mini");
    QCOMPARE(m_server->get("/v1/models/lares-mini").json()["object"_L1].toString(), "model");
    QCOMPARE(m_server->get("/v1/models/gpt").errorCode(), "model_not_found");
    QCOMPARE(readAnswer(*m_server->send("HEAD", "/v1/models/lares-mini")).status, 200);
    QCOMPARE(m_server->chat(chatBody(R"("model":"gpt")")).status, 404);
    QCOMPARE(m_server->get("/v1/nothing").status, 404);
    QCOMPARE(m_server->get("/v1/chat/completions").status, 404);
}

void ServeTest::answersAsAWhole() {
    const HttpAnswer answer = m_server->chat(chatBody(R"("model":"lares-mini")"));
    QCOMPARE(answer.status, 200);
    QVERIFY(!textOf(answer).isEmpty());
    QVERIFY(!choice(answer)["message"_L1]["reasoning_content"_L1].toString().isEmpty());
    QCOMPARE(choice(answer)["finish_reason"_L1].toString(), "stop");
    QVERIFY(answer.json()["usage"_L1]["completion_tokens"_L1].toInt() > 0);

    const HttpAnswer cut =
        m_server->chat(R"({"max_tokens":2,"reasoning_effort":"none","messages":[)" + kHello + "]}");
    QCOMPARE(choice(cut)["finish_reason"_L1].toString(), "length");
    QCOMPARE(cut.json()["usage"_L1]["completion_tokens"_L1].toInt(), 2);
}

void ServeTest::answersAsAStream() {
    const HttpAnswer whole = m_server->chat(chatBody(""));
    const HttpAnswer stream =
        m_server->chat(chatBody(R"("stream":true,"stream_options":{"include_usage":true})"));
    QCOMPARE(stream.status, 200);
    QVERIFY(stream.head.contains("text/event-stream"));
    const QList<QByteArray> events = stream.events();
    QVERIFY(events.size() > 4);
    QVERIFY(events.first().contains(R"("role":"assistant")"));
    QCOMPARE(events.last(), QByteArray("[DONE]"));
    QCOMPARE(streamedText(stream, "content"_L1), textOf(whole));
    QCOMPARE(streamedText(stream, "reasoning_content"_L1),
             choice(whole)["message"_L1]["reasoning_content"_L1].toString());
    const QJsonValue usage = QJsonDocument::fromJson(events[events.size() - 2])["usage"_L1];
    QCOMPARE(usage["completion_tokens"_L1].toInt(),
             whole.json()["usage"_L1]["completion_tokens"_L1].toInt());
}

/// Whatever the tokens' borders are: every two letters of the answer, as a stop string.
void ServeTest::stopStringsEndBothAlike() {
    const QString text = textOf(m_server->chat(chatBody(R"("reasoning_effort":"none")")));
    QVERIFY(text.size() > 4);
    for (qsizetype i = 0; i + 2 <= text.size(); ++i) {
        const QJsonObject asked = {{"stop", QJsonArray{text.mid(i, 2), "@@"}}};
        const QByteArray stop = QJsonDocument(asked).toJson(QJsonDocument::Compact);
        const QByteArray fields = R"("reasoning_effort":"none",)" + stop.mid(1).chopped(1);
        const HttpAnswer answer = m_server->chat(chatBody(fields));
        const QString expected = text.left(text.indexOf(text.mid(i, 2)));
        QCOMPARE(textOf(answer), expected);
        QCOMPARE(choice(answer)["finish_reason"_L1].toString(), "stop");
        const QJsonValue usage = answer.json()["usage"_L1];
        QVERIFY(usage["completion_tokens"_L1].toInt() > 0);
        QVERIFY(usage["cached_tokens"_L1].toInt() <= usage["prompt_tokens"_L1].toInt());
        const HttpAnswer stream = m_server->chat(chatBody(fields + R"(,"stream":true)"));
        QCOMPARE(streamedText(stream, "content"_L1), expected);
        QCOMPARE(stream.events().last(), QByteArray("[DONE]"));
    }
}

void ServeTest::readsAConversationOnce() {
    const QByteArray message = R"({"role":"user","content":"What can you do for me today?"})";
    const auto cached = [&] {
        const QJsonObject answer = m_server->chat(chatBody("", message)).json();
        return answer["usage"_L1]["prompt_tokens_details"_L1]["cached_tokens"_L1].toInt();
    };
    const int first = cached();
    QVERIFY(cached() > first);
}

/// /v1/completions: what a conversation renders to, sent as a text, goes on as its answer does.
void ServeTest::goesOnWithAText() {
    const auto complete = [&](const QJsonObject& body) {
        return readAnswer(*m_server->send("POST", "/v1/completions",
                                          QJsonDocument(body).toJson(QJsonDocument::Compact)));
    };
    const QString wanted =
        textOf(m_server->chat(chatBody(R"("reasoning_effort":"none","temperature":0)")));
    const CliRun rendered = runCli(
        {"render"},
        R"({"messages":[{"role":"user","content":"Hello"}],"kwargs":{"enable_thinking":false}})");
    QVERIFY2(rendered.status == 0, rendered.err);
    const QString prompt = QString::fromUtf8(rendered.out);
    QVERIFY(prompt.contains("<|im_start|>assistant"));
    QJsonObject body = {{"prompt", prompt}, {"temperature", 0}, {"max_tokens", 200}};
    const HttpAnswer whole = complete(body);
    QCOMPARE(whole.status, 200);
    QCOMPARE(whole.json()["object"_L1].toString(), "text_completion");
    QCOMPARE(choice(whole)["text"_L1].toString().trimmed(), wanted);
    QCOMPARE(choice(whole)["finish_reason"_L1].toString(), "stop");
    QVERIFY(whole.json()["usage"_L1]["completion_tokens"_L1].toInt() > 0);

    body["echo"] = true;
    body["stream"] = true;
    body["stream_options"] = QJsonObject{{"include_usage", true}};
    const HttpAnswer stream = complete(body);
    QString streamed;
    for (const QByteArray& event : stream.events())
        streamed += QJsonDocument::fromJson(event)["choices"_L1][0]["text"_L1].toString();
    QCOMPARE(streamed, prompt + choice(whole)["text"_L1].toString());
    QCOMPARE(stream.events().last(), QByteArray("[DONE]"));

    // Tags that a conversation would take out are text here, and it is as long as OpenAI has it.
    const HttpAnswer short_ = complete({{"prompt", "<think>\none two three"}, {"temperature", 0}});
    QCOMPARE(short_.json()["usage"_L1]["completion_tokens"_L1].toInt(), 16);
    QCOMPARE(choice(short_)["finish_reason"_L1].toString(), "length");
    QVERIFY(!choice(short_)["text"_L1].toString().isEmpty());
    QCOMPARE(complete({{"prompt", ""}}).errorCode(), "invalid_value");
    const HttpAnswer tooLong = complete({{"prompt", QString("word ").repeated(200'000)}});
    QCOMPARE(tooLong.errorCode(), "context_length_exceeded");
    QCOMPARE(tooLong.json()["error"_L1]["param"_L1].toString(), "prompt");
}

void ServeTest::returnsCallsToTheClient() {
    const QByteArray tools =
        R"("tools":[{"type":"function","function":{"name":"get_time","description":"The current date and time.","parameters":{"type":"object","properties":{}}}}])";
    const QByteArray question = R"({"role":"user","content":"What time is it?"})";
    const HttpAnswer answer = m_server->chat(chatBody("\"temperature\":0," + tools, question));
    QCOMPARE(choice(answer)["finish_reason"_L1].toString(), "tool_calls");
    const QJsonObject call = choice(answer)["message"_L1]["tool_calls"_L1][0].toObject();
    QCOMPARE(call["function"_L1]["name"_L1].toString(), "get_time");
    QVERIFY(QJsonDocument::fromJson(call["function"_L1]["arguments"_L1].toString().toUtf8())
                .isObject());

    // The result goes back under the call's id, and the model reads it.
    QJsonObject said = choice(answer)["message"_L1].toObject();
    const QByteArray result = oneLine(
        {{"role", "tool"}, {"tool_call_id", call["id"_L1]}, {"content", "2026-01-02 03:04"}});
    const HttpAnswer next = m_server->chat(
        chatBody("\"temperature\":0," + tools, question + "," + oneLine(said) + "," + result));
    QCOMPARE(next.status, 200);
    QVERIFY(!textOf(next).isEmpty());

    const HttpAnswer stream =
        m_server->chat(chatBody("\"temperature\":0,\"stream\":true," + tools, question));
    QVERIFY(stream.body.contains(R"("tool_calls":[{"index":0,"id":"call_)"));
    QVERIFY(stream.body.contains(R"("finish_reason":"tool_calls")"));
}

void ServeTest::answersInTheFormThatIsAskedFor() {
    const QByteArray format =
        R"("response_format":{"type":"json_schema","json_schema":{"name":"mood","schema":{"type":"object","properties":{"mood":{"enum":["good","bad"]},"score":{"type":"integer","minimum":1,"maximum":5}},"required":["mood","score"],"additionalProperties":false}}})";
    for (const char* stream : {"false", "true"}) {
        const HttpAnswer answer =
            m_server->chat(chatBody("\"stream\":" + QByteArray(stream) + "," + format));
        QCOMPARE(answer.status, 200);
        const QString text = *stream == 't' ? streamedText(answer, "content"_L1) : textOf(answer);
        const QJsonObject json = QJsonDocument::fromJson(text.toUtf8()).object();
        QVERIFY2(json["mood"_L1].isString(), qPrintable(text));
        QVERIFY(json["score"_L1].toInt() >= 1 && json["score"_L1].toInt() <= 5);
    }

    const QByteArray forced =
        R"("tools":[{"type":"function","function":{"name":"greet","parameters":{"type":"object","properties":{"loud":{"type":"boolean"}},"required":["loud"]}}}],"tool_choice":"required")";
    const HttpAnswer call = m_server->chat(chatBody(forced));
    QCOMPARE(choice(call)["finish_reason"_L1].toString(), "tool_calls");
    const auto function = choice(call)["message"_L1]["tool_calls"_L1][0]["function"_L1].toObject();
    QCOMPARE(function["name"_L1].toString(), "greet");
    QVERIFY(
        QJsonDocument::fromJson(function["arguments"_L1].toString().toUtf8())["loud"_L1].isBool());

    const HttpAnswer refused = m_server->chat(chatBody(
        R"("response_format":{"type":"json_schema","json_schema":{"schema":{"type":"string","pattern":"x"}}})"));
    QCOMPARE(refused.status, 400);
    QVERIFY(refused.body.contains("'pattern', which is not supported"));
}

void ServeTest::refusesWhatItCannotRead() {
    QCOMPARE(m_server->chat("{").errorCode(), "invalid_json");
    const HttpAnswer wrong = m_server->chat(chatBody(R"("temperature":"hot")"));
    QCOMPARE(wrong.status, 400);
    QCOMPARE(wrong.json()["error"_L1]["param"_L1].toString(), "temperature");
    QCOMPARE(readAnswer(*m_server->sendRaw("nonsense\r\n\r\n")).status, 400);
}

void ServeTest::saysWhatIsWrongWithAHead() {
    const QByteArray host = "Host: localhost:" + QByteArray::number(m_server->port()) + "\r\n";
    // Without a length its end would be waited for.
    const HttpAnswer endless =
        readAnswer(*m_server->sendRaw("POST /v1/chat/completions HTTP/1.1\r\n" + host +
                                      "Content-Type: application/json\r\n\r\n"));
    QCOMPARE(endless.status, 411);
    QCOMPARE(endless.errorCode(), "length_required");
    const HttpAnswer method = readAnswer(*m_server->sendRaw("FOO / HTTP/1.1\r\n" + host + "\r\n"));
    QCOMPARE(method.status, 400);
    QVERIFY2(method.body.contains("begin with a method"), method.body);
    QCOMPARE(readAnswer(*m_server->sendRaw("TRACE / HTTP/1.1\r\n" + host + "\r\n")).errorCode(),
             "not_found");
    const HttpAnswer header = m_server->get("/health", "X: " + QByteArray(9000, 'a') + "\r\n");
    QCOMPARE(header.status, 400);
    QVERIFY2(header.body.contains("8 KiB"), header.body);
}

void ServeTest::rangesDoNotCutAnswers() {
    const HttpAnswer answer = m_server->chat(chatBody(""), "Range: bytes=2-9\r\n");
    QCOMPARE(answer.status, 200);
    QVERIFY(!textOf(answer).isEmpty());
}

void ServeTest::refusesTooLargeBodies() {
    const QByteArray body(9 << 20, ' ');
    QCOMPARE(m_server->chat(body).status, 413);
    // Nobody says how long this one is.
    const QByteArray chunked = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost:" +
                               QByteArray::number(m_server->port()) +
                               "\r\nContent-Type: application/json\r\nTransfer-Encoding: "
                               "chunked\r\n\r\n900000\r\n" +
                               body + "\r\n0\r\n\r\n";
    QCOMPARE(readAnswer(*m_server->sendRaw(chunked)).errorCode(), "body_too_large");
}

void ServeTest::refusesTooLongPrompts() {
    for (const char* stream : {"true", "false"}) {
        const QByteArray fields = QByteArray("\"stream\":") + stream;
        const QByteArray message =
            R"({"role":"user","content":")" + QByteArray("word ").repeated(9000) + "\"}";
        const HttpAnswer answer = m_server->chat(chatBody(fields, message));
        QCOMPARE(answer.status, 400);
        QCOMPARE(answer.errorCode(), "context_length_exceeded");
        QVERIFY(answer.body.contains("4096"));
    }
}

void ServeTest::refusesStrangers() {
    QCOMPARE(m_server->get("/v1/models", "Host: evil.example\r\n").status, 403);
    QCOMPARE(m_server->get("/v1/models", "Origin: https://evil.example\r\n").status, 403);
    QCOMPARE(m_server->chat(chatBody(""), "Origin: null\r\n").status, 403);
    const auto preflight =
        m_server->send("OPTIONS", "/v1/chat/completions", {}, "Origin: https://evil.example\r\n");
    QCOMPARE(readAnswer(*preflight).status, 403);
}

void ServeTest::letsNamedPagesIn() {
    ServeProgram server({"--allow-origin", "https://good.example"});
    QVERIFY(server.isReady());
    const QByteArray origin = "Origin: https://good.example\r\n";
    const HttpAnswer answer = server.get("/v1/models", origin);
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.head.contains("Access-Control-Allow-Origin: https://good.example"));
    const HttpAnswer preflight = readAnswer(
        *server.send("OPTIONS", "/v1/chat/completions", {},
                     origin + "Access-Control-Request-Headers: authorization,x-stainless-os\r\n"));
    QCOMPARE(preflight.status, 204);
    QVERIFY(preflight.head.contains("x-stainless-os"));
    QCOMPARE(server.get("/v1/models", "Origin: https://evil.example\r\n").status, 403);
}

void ServeTest::asksForTheKey() {
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write("sesame\n");
    file.close();
    ServeProgram server({"--api-key-file", file.fileName()});
    QVERIFY(server.isReady());
    QCOMPARE(server.get("/v1/models").status, 401);
    QCOMPARE(server.get("/v1/models", "Authorization: Bearer open\r\n").errorCode(),
             "invalid_api_key");
    QCOMPARE(server.get("/v1/models", "Authorization: Bearer sesame\r\n").status, 200);
}

void ServeTest::needsAKeyForOtherMachines() {
    const CliRun run = runCli({"serve", "--host", "0.0.0.0", "--port", "0"});
    QCOMPARE(run.status, 2);
    QVERIFY(run.err.contains("--api-key-file"));
}

void ServeTest::aTakenPortIsAnError() {
    const CliRun run = runCli({"serve", "--port", QString::number(m_server->port()), "--json"});
    QCOMPARE(run.status, 1);
    QCOMPARE(run.errorCode(), "io");
}

/// When is for a test without a clock (tst_answer_queue): here that the option is one.
void ServeTest::freesTheMemoryWhereItIsTold() {
    const ServeProgram server({"--unload-after", "5"});
    QVERIFY(server.isReady());
    QCOMPARE(server.chat(chatBody("")).status, 200);
    QCOMPARE(server.get("/v1/models").status, 200);
    for (const char* wrong : {"-1", "soon", "99999"})
        QCOMPARE(runCli({"serve", "--unload-after", wrong}).status, 2);
}

void ServeTest::aFullQueueRefuses() {
    ServeProgram server(longReading({"--queue", "1"}));
    QVERIFY(server.isReady());
    const auto running = server.send("POST", "/v1/chat/completions", longBody());
    QVERIFY(server.waitUntil(true, 0));
    auto waiting = server.send("POST", "/v1/chat/completions", chatBody(""));
    QVERIFY(server.waitUntil(true, 1));
    const HttpAnswer refused = server.chat(chatBody(""));
    QCOMPARE(refused.status, 503);
    QCOMPARE(refused.errorCode(), "queue_full");
    QVERIFY(refused.head.contains("Retry-After"));
    // Whoever leaves makes room.
    waiting->abort();
    QVERIFY(server.waitUntil(true, 0));
}

void ServeTest::aClientThatGoesStopsItsAnswer() {
    ServeProgram server(longReading());
    QVERIFY(server.isReady());
    const auto going = server.send("POST", "/v1/chat/completions", longBody());
    QVERIFY(server.waitUntil(true, 0));
    going->abort();
    QVERIFY(server.waitUntil(false, 0));
    QCOMPARE(server.chat(chatBody("")).status, 200);
    ::kill(static_cast<pid_t>(server.process().processId()), SIGINT);
    QVERIFY(server.process().waitForFinished(60'000));
    QVERIFY(server.process().readAllStandardError().contains(" 499,"));
}

/// More than the library reads ahead.
void ServeTest::aClientThatGoesWithMoreBehindItStopsItToo() {
    ServeProgram server(longReading());
    QVERIFY(server.isReady());
    const auto going = server.send("POST", "/v1/chat/completions", longBody());
    QVERIFY(server.waitUntil(true, 0));
    going->write(QByteArray(9000, '\n'));
    QVERIFY(going->waitForBytesWritten());
    going->disconnectFromHost();
    QVERIFY(server.waitUntil(false, 0));
    ::kill(static_cast<pid_t>(server.process().processId()), SIGINT);
    QVERIFY(server.process().waitForFinished(60'000));
    QVERIFY(server.process().readAllStandardError().contains(" 499,"));
}

void ServeTest::interruptEndsTheAnswer() {
    ServeProgram server(longReading());
    QVERIFY(server.isReady());
    const auto running = server.send("POST", "/v1/chat/completions", longBody());
    QVERIFY(server.waitUntil(true, 0));
    const auto waiting = server.send("POST", "/v1/chat/completions", chatBody(""));
    QVERIFY(server.waitUntil(true, 1));
    ::kill(static_cast<pid_t>(server.process().processId()), SIGINT);
    QCOMPARE(readAnswer(*running).errorCode(), "shutting_down");
    QCOMPARE(readAnswer(*waiting).errorCode(), "shutting_down");
    QVERIFY(server.process().waitForFinished(60'000));
    QCOMPARE(server.process().exitStatus(), QProcess::NormalExit);
    QCOMPARE(server.process().exitCode(), 130);
}

/// What a service manager sends.
void ServeTest::terminationEndsItLikeAnInterrupt() {
    ServeProgram server(longReading());
    QVERIFY(server.isReady());
    const auto running = server.send("POST", "/v1/chat/completions", longBody());
    QVERIFY(server.waitUntil(true, 0));
    ::kill(static_cast<pid_t>(server.process().processId()), SIGTERM);
    QCOMPARE(readAnswer(*running).errorCode(), "shutting_down");
    QVERIFY(server.process().waitForFinished(60'000));
    QCOMPARE(server.process().exitStatus(), QProcess::NormalExit);
    QCOMPARE(server.process().exitCode(), 130);
}

void ServeTest::aSlowClientDoesNotKeepItFromEnding() {
    ServeProgram server({});
    QVERIFY(server.isReady());
    const auto slow = server.sendRaw("GET /health HTTP/1.1\r\nX: ");
    QVERIFY(server.waitUntil(false, 0));
    ::kill(static_cast<pid_t>(server.process().processId()), SIGINT);
    // Longer than the server's patience with one that is silent.
    for (int i = 0; i < 200 && !server.process().waitForFinished(100); ++i) {
        slow->write("a");
        slow->waitForBytesWritten(100);
    }
    QCOMPARE(server.process().state(), QProcess::NotRunning);
    QCOMPARE(server.process().exitCode(), 130);
}

void ServeTest::logsNothingOfThePrompt() {
    ServeProgram server({});
    QVERIFY(server.isReady());
    QCOMPARE(server.chat(chatBody("", R"({"role":"user","content":"hush"})")).status, 200);
    QCOMPARE(server.get("/v1/\x1b[31m?key=hush").status, 404);
    ::kill(static_cast<pid_t>(server.process().processId()), SIGINT);
    QVERIFY(server.process().waitForFinished(60'000));
    const QByteArray log = server.process().readAllStandardError();
    QVERIFY(log.startsWith("POST /v1/chat/completions 200, "));
    QVERIFY(log.contains(" tokens, ") && !log.contains("hush") && !log.contains('\x1b'));
}

QTEST_APPLESS_MAIN(ServeTest)
#include "tst_serve.moc"
