#include "tests/cli/serve_asked.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::Literals;

namespace lares::test {
namespace {

constexpr const char* kChat = "/v1/chat/completions";
constexpr const char* kText = "/v1/completions";

QJsonObject fromText(const QByteArray& text) {
    return QJsonDocument::fromJson(text).object();
}

QByteArray jsonOf(const QJsonObject& object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// {"messages":[…]} and `fields`.
QJsonObject chat(const QString& content, const QByteArray& fields) {
    QJsonObject body = fromText(fields);
    body["messages"_L1] = QJsonArray{QJsonObject{{"role", "user"}, {"content", content}}};
    if (!body.contains("max_tokens"_L1)) body["max_tokens"_L1] = 60;
    return body;
}

QByteArray schema(const QByteArray& text) {
    return R"({"seed":3,"temperature":0,"response_format":{"type":"json_schema","json_schema":{"schema":)" +
           text + "}}}";
}

const QByteArray kTool =
    R"("tools":[{"type":"function","function":{"name":"get_time","description":"The current date and time.","parameters":{"type":"object","properties":{}}}}])";

/// The parts of an answer, of one message or of the chunks of a stream.
struct Parts {
    QString thinking;
    QString text;
    QString calls;
    QString reason;
    QString usage;

    void add(const QJsonObject& choice, QLatin1StringView of) {
        const QJsonObject said = choice[of].toObject();
        thinking += said["reasoning_content"_L1].toString();
        text += said["content"_L1].toString() + choice["text"_L1].toString();
        for (const QJsonValue call : said["tool_calls"_L1].toArray()) {
            const QJsonObject function = call["function"_L1].toObject();
            calls += function["name"_L1].toString() + function["arguments"_L1].toString() + ";";
        }
        reason += choice["finish_reason"_L1].toString();
    }
    void count(const QJsonObject& figures) {
        usage = QString("%1+%2")
                    .arg(figures["prompt_tokens"_L1].toInt())
                    .arg(figures["completion_tokens"_L1].toInt());
    }
    [[nodiscard]] QString joined() const {
        return QStringList{thinking, text, calls, reason, usage}.join(" | ");
    }
};

Said saidInStream(const HttpAnswer& answer) {
    Said said;
    Parts parts;
    const QList<QByteArray> events = answer.events();
    if (events.isEmpty() || events.last() != "[DONE]") said.problem = "no [DONE]";
    for (const QByteArray& event : events) {
        if (event == "[DONE]") continue;
        const QJsonObject chunk = fromText(event);
        const QString id = chunk["id"_L1].toString();
        if (said.id.isEmpty()) said.id = id;
        if (id.isEmpty() || id != said.id) said.problem = "a chunk of another answer: " + event;
        for (const QJsonValue choice : chunk["choices"_L1].toArray())
            parts.add(choice.toObject(), "delta"_L1);
        if (chunk["usage"_L1].isObject()) parts.count(chunk["usage"_L1].toObject());
    }
    said.text = parts.joined();
    return said;
}

QByteArray post(const QByteArray& headers,
                const QByteArray& body,
                const QByteArray& type = "application/json",
                const QByteArray& path = kChat) {
    return "POST " + path + " HTTP/1.1\r\n" + headers + "Content-Type: " + type +
           "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

QByteArray chunked(const QByteArray& headers, const QByteArray& chunks) {
    return "POST " + QByteArray(kChat) + " HTTP/1.1\r\n" + headers +
           "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks;
}

QByteArray get(const QByteArray& headers, const QByteArray& path) {
    return "GET " + path + " HTTP/1.1\r\n" + headers + "\r\n";
}

/// A valid body with one field of another type or out of range.
QList<Refused> wrongFields(const QByteArray& headers) {
    QList<Refused> all;
    const QByteArray rest = R"("messages":[{"role":"user","content":"Hello"}])";
    for (const char* wrong :
         {R"("temperature":"hot")", R"("temperature":-1)", R"("top_p":2)", R"("max_tokens":0)",
          R"("max_tokens":1.5)", R"("stop":[""])", R"("stop":7)", R"("stream":"yes")",
          R"("seed":"one")", R"("n":2)", R"("tools":{})", R"("tool_choice":"required")",
          R"("response_format":{"type":"xml"})", R"("reasoning_effort":"huge")",
          R"("stream_options":[])", R"("logprobs":true)", R"("model":5)"}) {
        const QByteArray name = QByteArray(wrong).mid(1).split('"').first();
        all.append(
            {wrong, post(headers, "{" + QByteArray(wrong) + "," + rest + "}"), 400, "'" + name});
    }
    return all;
}

QList<Refused> wrongBodies(const QByteArray& headers) {
    const QByteArray hello = jsonOf(chat("Hello", "{}"));
    const QByteArray words = jsonOf(chat(QString("word ").repeated(9000), "{}"));
    const QByteArray large(9 << 20, ' ');
    QByteArray utf8 = hello;
    utf8.replace("Hello", "He\xff\xfello");
    QByteArray null = hello;
    null.replace("Hello", QByteArray("He\0llo", 6));
    return {
        {"half a body", post(headers, hello.chopped(3)), 400, "no JSON"},
        {"no body", post(headers, ""), 400, "no JSON"},
        {"a list", post(headers, "[1]"), 400, "must be a JSON object"},
        {"no messages", post(headers, "{}"), 400, "'messages' is missing"},
        {"wrong UTF-8", post(headers, utf8), 400, "no JSON"},
        {"a NUL", post(headers, null), 400, "no JSON"},
        {"deep", post(headers, QByteArray("[").repeated(100'000)), 400, "no JSON"},
        {"another model", post(headers, R"({"model":"gpt",)" + hello.mid(1)), 404,
         "'lares-mini' is"},
        {"a long prompt", post(headers, words), 400, "4096"},
        {"a long text", post(headers, R"({"prompt":7})", "application/json", kText), 400,
         "'prompt'"},
        {"large", post(headers, large), 413, "8 MiB"},
        {"large chunks", chunked(headers, "900000\r\n" + large + "\r\n0\r\n\r\n"), 413, "8 MiB"},
        {"no chunks", chunked(headers, "zz\r\n{}\r\n0\r\n\r\n"), 400, "as a whole"}};
}

QList<Refused> wrongHeads(const QByteArray& host, const QByteArray& key) {
    const QByteArray headers = host + key;
    const QByteArray bare = "POST " + QByteArray(kChat) + " HTTP/1.1\r\n" + headers +
                            "Content-Type: application/json\r\n";
    return {{"no such page", get(headers, "/v1/nothing?a=b"), 404, "there is no GET"},
            {"strange page", get(headers, "/v1/%00\x1b[31m"), 404, "there is no GET"},
            {"a method", "PUT /v1/models HTTP/1.1\r\n" + headers + "Content-Length: 0\r\n\r\n", 404,
             "there is no PUT"},
            {"TRACE", "TRACE / HTTP/1.1\r\n" + headers + "\r\n", 404, "there is no TRACE"},
            {"no method", "FOO / HTTP/1.1\r\n" + headers + "\r\n", 400, "does not begin with"},
            {"no HTTP", "\x16\x03\x01 hello\r\n\r\n", 400, "does not begin with"},
            {"a long line", get(headers + "X: " + QByteArray(9000, 'a') + "\r\n", "/health"), 400,
             "8 KiB"},
            {"a long address", get(headers, "/" + QByteArray(9000, 'a')), 414, "too long"},
            {"a wrong range", get(headers + "Range: bytes=x\r\n", "/health"), 416, "Range"},
            {"no host", get(key, "/health"), 400, "one Host"},
            {"two hosts", get(host + headers, "/health"), 400, "one Host"},
            {"a stranger", get("Host: evil.example\r\n" + key, "/health"), 403, "Host header"},
            {"a page", get(headers + "Origin: https://evil.example\r\n", "/health"), 403, "pages"},
            {"a form", post(headers, "a=b", "text/plain"), 415, "application/json"},
            {"packed", post(headers + "Content-Encoding: gzip\r\n", "{}"), 415, "compressed"},
            {"no length", bare + "\r\n", 411, "Content-Length"},
            {"no number", bare + "Content-Length: abc\r\n\r\n{}", 400, "Content-Length"},
            {"below 0", bare + "Content-Length: -1\r\n\r\n{}", 400, "Content-Length"},
            {"two", bare + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}", 400, "one number"}};
}

}  // namespace

QList<Asked> sameAnswers() {
    QJsonObject talk = chat("Hello", R"({"seed":5})");
    talk["messages"_L1] =
        QJsonArray{QJsonObject{{"role", "system"}, {"content", "Be short."}},
                   QJsonObject{{"role", "user"}, {"content", "Hello"}},
                   QJsonObject{{"role", "assistant"}, {"content", "Hello! How can I help you?"}},
                   QJsonObject{{"role", "user"}, {"content", "What can you do?"}}};
    return {
        {"thinking", kChat, chat("Hello", R"({"seed":1})")},
        {"hot", kChat, chat("Tell me a story.", R"({"seed":7,"temperature":1.5,"top_p":0.9})")},
        {"greedy", kChat, chat("Hello", R"({"temperature":0,"reasoning_effort":"none"})")},
        {"one token", kChat, chat("Hello", R"({"seed":1,"max_tokens":1})")},
        {"a NUL", kChat, chat(QString::fromUtf8("a\0b \xF0\x9F\x98\x80", 8), R"({"seed":2})")},
        {"long", kChat, chat(QString("word ").repeated(300), R"({"seed":2})")},
        {"stop", kChat,
         chat("Hello", R"({"seed":1,"reasoning_effort":"none","stop":["help","@@"]})")},
        {"tool", kChat, chat("What time is it?", R"({"temperature":0,)" + kTool + "}")},
        {"a call", kChat, chat("Hello", R"({"seed":1,"tool_choice":"required",)" + kTool + "}")},
        {"a form", kChat,
         chat("Hello", schema(R"({"type":"object","properties":{"mood":{"enum":["good","bad"]}},)"
                              R"("required":["mood"],"additionalProperties":false})"))},
        {"talk", kChat, talk},
        {"text", kText, fromText(R"({"prompt":"One two three","temperature":0})")},
        {"echo", kText, fromText(R"({"prompt":"<think>\nonce","seed":4,"echo":true})")},
        {"text to a stop", kText, fromText(R"({"prompt":"Hello","seed":4,"stop":"e"})")}};
}

Asked endlessAnswer() {
    QJsonObject body = chat("Hello", schema(R"({"type":"array","items":{"type":"integer"},)"
                                            R"("minItems":1500,"maxItems":1500})"));
    body.remove("max_tokens"_L1);
    return {"endless", kChat, body};
}

QByteArray bodyOf(const Asked& asked, bool isStream) {
    QJsonObject body = asked.body;
    if (isStream) {
        body["stream"_L1] = true;
        body["stream_options"_L1] = QJsonObject{{"include_usage", true}};
    }
    return jsonOf(body);
}

Said saidIn(const HttpAnswer& answer, bool isStream) {
    Said said;
    if (isStream) {
        said = saidInStream(answer);
    } else {
        const QJsonObject json = answer.json();
        Parts parts;
        parts.add(json["choices"_L1][0].toObject(), "message"_L1);
        parts.count(json["usage"_L1].toObject());
        said = {parts.joined(), json["id"_L1].toString(), {}};
    }
    if (answer.status != 200) said.problem = QString("status %1").arg(answer.status);
    if (!answer.isWhole) said.problem = "not whole";
    if (said.id.isEmpty()) said.problem += " no id";
    return said;
}

QList<Refused> refusedRequests(const QByteArray& host, const QByteArray& key) {
    const QByteArray headers = host + key;
    QList<Refused> all = wrongFields(headers) + wrongBodies(headers) + wrongHeads(host, key);
    if (!key.isEmpty()) {
        all.append({"no key", get(host, "/v1/models"), 401, "API key"});
        all.append(
            {"another key", post(host + "Authorization: Bearer open\r\n", "{}"), 401, "API key"});
    }
    return all;
}

}  // namespace lares::test
