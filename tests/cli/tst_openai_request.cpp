#include "app/cli/serve/openai_request.h"

#include <QTest>

using namespace lares;
using namespace lares::cli;

namespace {

ParsedRequest parse(const std::string& body) {
    return parseChatRequest(body, {});
}

/// A request with one question and `fields`: "\"n\":2".
std::string withFields(const std::string& fields) {
    return R"({"messages":[{"role":"user","content":"hi"}])" +
           (fields.empty() ? "" : "," + fields) + "}";
}

std::string withMessages(const std::string& messages) {
    return "{\"messages\":[" + messages + "]}";
}

}  // namespace

class OpenaiRequestTest : public QObject {
    Q_OBJECT

private slots:
    void readsWhatClientsSend();
    void leavesDefaultsWhereNothingIsSaid();
    void joinsTextParts();
    void readsCallsAndOrdersTheirResults();
    void readsTools();
    void readsWhatTheAnswerMustBe();
    void thinkingIsAskedFor_data();
    void thinkingIsAskedFor();
    void namesWhatIsWrong_data();
    void namesWhatIsWrong();
    void readsATextThatGoesOn();
    void namesWhatIsWrongWithAText_data();
    void namesWhatIsWrongWithAText();
};

void OpenaiRequestTest::readsATextThatGoesOn() {
    const auto parsed = parseCompletionRequest(
        R"({"prompt":["Once upon"],"echo":true,"stop":".","n":1,"best_of":1,"logprobs":null,
        "suffix":null,"stream":true,"user":"u"})",
        {});
    QVERIFY(std::holds_alternative<AnswerRequest>(parsed));
    const auto& asked = std::get<AnswerRequest>(parsed);
    QVERIFY(asked.endpoint == Endpoint::Completion);
    QCOMPARE(asked.generation.raw_prompt.value_or(""), std::string("Once upon"));
    QCOMPARE(asked.generation.max_tokens, 16);
    QVERIFY(asked.wantsEcho && asked.isStream);
    QCOMPARE(asked.stops, std::vector<std::string>{"."});
}

void OpenaiRequestTest::namesWhatIsWrongWithAText_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("param");
    QTest::newRow("none") << QByteArray("{}") << QByteArray("prompt");
    QTest::newRow("empty") << QByteArray(R"({"prompt":""})") << QByteArray("prompt");
    QTest::newRow("tokens") << QByteArray(R"({"prompt":[1,2]})") << QByteArray("prompt");
    QTest::newRow("two") << QByteArray(R"({"prompt":["a","b"]})") << QByteArray("prompt");
    QTest::newRow("object") << QByteArray(R"({"prompt":{}})") << QByteArray("prompt");
    QTest::newRow("n") << QByteArray(R"({"prompt":"a","best_of":2})") << QByteArray("best_of");
    QTest::newRow("logprobs") << QByteArray(R"({"prompt":"a","logprobs":1})")
                              << QByteArray("logprobs");
    QTest::newRow("suffix") << QByteArray(R"({"prompt":"a","suffix":"b"})") << QByteArray("suffix");
    QTest::newRow("bias") << QByteArray(R"({"prompt":"a","logit_bias":{"1":1}})")
                          << QByteArray("logit_bias");
}

void OpenaiRequestTest::namesWhatIsWrongWithAText() {
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, param);
    const auto parsed = parseCompletionRequest(body.toStdString(), {});
    QVERIFY(std::holds_alternative<ApiError>(parsed));
    QCOMPARE(std::get<ApiError>(parsed).param, param.toStdString());
}

void OpenaiRequestTest::readsWhatClientsSend() {
    const auto parsed = parse(withFields(
        R"("model":"m","temperature":0,"top_p":0.5,"top_k":-1,"min_p":0.1,"seed":-1,"n":1,
        "presence_penalty":1,"frequency_penalty":2,"repetition_penalty":1.5,"stop":["a","b"],
        "max_tokens":5,"max_completion_tokens":7,"stream":true,"user":"u","parallel_tool_calls":true,
        "stream_options":{"include_usage":true},"response_format":{"type":"text"},"logprobs":null)"));
    QVERIFY(std::holds_alternative<AnswerRequest>(parsed));
    const auto& chat = std::get<AnswerRequest>(parsed);
    const SamplingParams& sampling = chat.generation.sampling;
    QCOMPARE(chat.model, std::string("m"));
    QCOMPARE(sampling.temperature, 0.0F);
    QCOMPARE(sampling.top_p, 0.5F);
    QCOMPARE(sampling.top_k, 0);
    QCOMPARE(sampling.min_p, 0.1F);
    QCOMPARE(sampling.seed, ~std::uint64_t{0});
    QCOMPARE(sampling.presence_penalty, 1.0F);
    QCOMPARE(sampling.frequency_penalty, 2.0F);
    QCOMPARE(sampling.repeat_penalty, 1.5F);
    QVERIFY(validate(sampling));
    QCOMPARE(chat.generation.max_tokens, 7);
    QVERIFY((chat.stops == std::vector<std::string>{"a", "b"}));
    QVERIFY(chat.isStream && chat.wantsUsage);
}

void OpenaiRequestTest::leavesDefaultsWhereNothingIsSaid() {
    const auto parsed = parseChatRequest(withFields(R"("stop":null,"stream":null)"), {false, 99});
    const auto& chat = std::get<AnswerRequest>(parsed);
    QCOMPARE(chat.generation.max_tokens, 99);
    QCOMPARE(chat.generation.prompt.enable_thinking, false);
    QCOMPARE(chat.generation.sampling.temperature, SamplingParams{}.temperature);
    QVERIFY(chat.stops.empty() && !chat.isStream && chat.model.empty());
}

void OpenaiRequestTest::joinsTextParts() {
    const auto parsed = parse(withMessages(
        R"({"role":"developer","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
        {"role":"user","content":[]})"));
    const auto& messages = std::get<AnswerRequest>(parsed).generation.conversation.messages;
    QCOMPARE(messages[0].role, std::string("system"));
    QCOMPARE(messages[0].content, std::string("ab"));
    QCOMPARE(messages[1].content, std::string());
}

void OpenaiRequestTest::readsCallsAndOrdersTheirResults() {
    const auto parsed = parse(withMessages(
        R"({"role":"user","content":"q"},{"role":"assistant","content":null,"reasoning_content":"r",
        "tool_calls":[{"id":"x","type":"function","function":{"name":"f","arguments":"{\"b\":1,\"a\":2}"}},
        {"id":"y","type":"function","function":{"name":"g","arguments":""}}]},
        {"role":"tool","tool_call_id":"y","content":"of g"},
        {"role":"tool","tool_call_id":"x","content":"of f"},{"role":"user","content":"next"})"));
    const auto& messages = std::get<AnswerRequest>(parsed).generation.conversation.messages;
    QCOMPARE(messages.size(), std::size_t{5});
    QCOMPARE(messages[1].reasoning.value(), std::string("r"));
    QCOMPARE(messages[1].tool_calls[0].arguments.dump(), std::string(R"({"b":1,"a":2})"));
    QCOMPARE(messages[1].tool_calls[1].arguments.dump(), std::string("{}"));
    QCOMPARE(messages[2].content, std::string("of f"));
    QCOMPARE(messages[3].content, std::string("of g"));
    QCOMPARE(messages[4].content, std::string("next"));
}

void OpenaiRequestTest::readsTools() {
    const std::string tools =
        R"("tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"type":"object"}}}])";
    const auto parsed = parse(withFields(tools));
    const auto& offered = std::get<AnswerRequest>(parsed).generation.conversation.tools;
    QCOMPARE(offered.size(), std::size_t{1});
    QCOMPARE(offered[0].dump(),
             std::string(
                 R"({"type":"function","function":{"name":"f","parameters":{"type":"object"}}})"));
    const auto none = parse(withFields(tools + R"(,"tool_choice":"none")"));
    QVERIFY(std::get<AnswerRequest>(none).generation.conversation.tools.empty());
}

void OpenaiRequestTest::readsWhatTheAnswerMustBe() {
    const auto form = [](const std::string& fields) {
        return std::get<AnswerRequest>(parse(withFields(fields))).generation.form;
    };
    QVERIFY(form(R"("response_format":{"type":"text"})").kind == AnswerForm::Kind::Free);
    const AnswerForm object = form(R"("response_format":{"type":"json_object"})");
    QVERIFY(object.kind == AnswerForm::Kind::JsonValue);
    QCOMPARE(object.schema.dump(), std::string(R"({"type":"object"})"));
    const AnswerForm schema = form(
        R"("response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"array"}}})");
    QCOMPARE(schema.schema.dump(), std::string(R"({"type":"array"})"));

    const std::string tools = R"("tools":[{"type":"function","function":{"name":"f"}}],)";
    QVERIFY(form(tools + R"("tool_choice":"auto")").kind == AnswerForm::Kind::Free);
    QVERIFY(form(tools + R"("tool_choice":"required")").kind == AnswerForm::Kind::Call);
    const AnswerForm named =
        form(tools + R"("tool_choice":{"type":"function","function":{"name":"f"}})");
    QVERIFY(named.kind == AnswerForm::Kind::Call);
    QCOMPARE(named.function, std::string("f"));
}

void OpenaiRequestTest::thinkingIsAskedFor_data() {
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<bool>("isThinking");
    QTest::newRow("nothing") << QByteArray(R"("x":1)") << true;
    QTest::newRow("none") << QByteArray(R"("reasoning_effort":"none")") << false;
    QTest::newRow("high") << QByteArray(R"("reasoning_effort":"high")") << true;
    QTest::newRow("template") << QByteArray(R"("chat_template_kwargs":{"enable_thinking":false})")
                              << false;
    QTest::newRow("the template decides")
        << QByteArray(
               R"("reasoning_effort":"none","chat_template_kwargs":{"enable_thinking":true})")
        << true;
}

void OpenaiRequestTest::thinkingIsAskedFor() {
    QFETCH(QByteArray, fields);
    QFETCH(bool, isThinking);
    const auto parsed = parse(withFields(fields.toStdString()));
    QCOMPARE(std::get<AnswerRequest>(parsed).generation.prompt.enable_thinking, isThinking);
}

void OpenaiRequestTest::namesWhatIsWrong_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("param");
    const auto row = [](const char* name, const std::string& body, const char* param) {
        QTest::newRow(name) << QByteArray::fromStdString(body) << QByteArray(param);
    };
    row("no JSON", "{", "");
    row("a list", "[]", "");
    row("twice", R"({"n":1,"n":2})", "");
    row("deep", std::string(100'000, '['), "");
    row("no messages", "{}", "messages");
    row("no message", withMessages(""), "messages");
    row("message is text", withMessages("\"hi\""), "messages[0]");
    row("no role", withMessages(R"({"content":"x"})"), "messages[0].role");
    row("role", withMessages(R"({"role":"root","content":"x"})"), "messages[0].role");
    row("no content", withMessages(R"({"role":"user"})"), "messages[0].content");
    row("content", withMessages(R"({"role":"user","content":1})"), "messages[0].content");
    row("image", withMessages(R"({"role":"user","content":[{"type":"image_url"}]})"),
        "messages[0].content");
    row("result of nothing", withMessages(R"({"role":"tool","tool_call_id":"x","content":"1"})"),
        "messages[0].tool_call_id");
    row("call without id",
        withMessages(R"({"role":"assistant","tool_calls":[{"function":{"name":"f"}}]})"),
        "messages[0].tool_calls[0].id");
    row("arguments",
        withMessages(
            R"({"role":"assistant","tool_calls":[{"id":"x","function":{"name":"f","arguments":"[]"}}]})"),
        "messages[0].tool_calls[0].function.arguments");
    row("temperature", withFields(R"("temperature":"hot")"), "temperature");
    row("too hot", withFields(R"("temperature":11)"), "temperature");
    row("top_p", withFields(R"("top_p":1.5)"), "top_p");
    row("max_tokens", withFields(R"("max_tokens":0)"), "max_tokens");
    row("half a token", withFields(R"("max_tokens":1.5)"), "max_tokens");
    row("huge seed", withFields(R"("seed":18446744073709551615)"), "seed");
    row("n", withFields(R"("n":2)"), "n");
    row("stream", withFields(R"("stream":"yes")"), "stream");
    row("usage", withFields(R"("stream_options":{"include_usage":1})"),
        "stream_options.include_usage");
    row("stop", withFields(R"("stop":[1])"), "stop");
    row("empty stop", withFields(R"("stop":"")"), "stop");
    row("five stops", withFields(R"("stop":["a","b","c","d","e"])"), "stop");
    row("tools", withFields(R"("tools":[{"type":"retrieval"}])"), "tools[0].type");
    row("tool name", withFields(R"("tools":[{"type":"function","function":{}}])"),
        "tools[0].function.name");
    row("a call without tools", withFields(R"("tool_choice":"required")"), "tool_choice");
    row("tool choice", withFields(R"("tool_choice":"perhaps")"), "tool_choice");
    row("tool choice without a name", withFields(R"("tool_choice":{"type":"function"})"),
        "tool_choice");
    row("format", withFields(R"("response_format":{"type":"xml"})"), "response_format");
    row("format without a schema", withFields(R"("response_format":{"type":"json_schema"})"),
        "response_format");
    row("format beside a call",
        withFields(
            R"("tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"required",)"
            R"("response_format":{"type":"json_object"})"),
        "response_format");
    row("logprobs", withFields(R"("logprobs":true)"), "logprobs");
    row("effort", withFields(R"("reasoning_effort":"max")"), "reasoning_effort");
}

void OpenaiRequestTest::namesWhatIsWrong() {
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, param);
    const auto parsed = parse(body.toStdString());
    QVERIFY(std::holds_alternative<ApiError>(parsed));
    const auto& error = std::get<ApiError>(parsed);
    QCOMPARE(error.status, 400);
    QCOMPARE(error.param, param.toStdString());
    QVERIFY(!error.message.empty() && !error.code.empty());
}

QTEST_APPLESS_MAIN(OpenaiRequestTest)
#include "tst_openai_request.moc"
