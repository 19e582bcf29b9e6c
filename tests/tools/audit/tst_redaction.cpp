#include "tools/audit/recorded_arguments.h"
#include "tools/audit/redaction.h"

#include <QTest>

#include <random>

using namespace lares;

namespace {

QByteArray redactedOf(const QByteArray& text) {
    return QByteArray::fromStdString(redacted(text.toStdString()));
}

}  // namespace

class RedactionTest : public QObject {
    Q_OBJECT

private slots:
    void takesSecretsOut_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("kept");
        const auto row = [](const char* name, const char* text, const char* kept) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(kept);
        };
        row("nothing", "", "");
        row("an ordinary sentence", "the token of my esteem, a secret garden",
            "the token of my esteem, a secret garden");
        row("a path", "/home/ann/passwords/list.txt", "/home/ann/passwords/list.txt");
        row("a GitHub token", "use ghp_0123456789abcdefghijABCDEFGHIJ012345 now",
            "use [redacted] now");
        row("a short word with its beginning", "ghp_short", "ghp_short");
        row("an OpenAI key", "sk-proj-abcdefghijklmnopqrstuvwx", "[redacted]");
        row("a Hugging Face token", "hf_abcdefghijklmnopqrstuvwxyz", "[redacted]");
        row("an AWS key", "AKIAIOSFODNN7EXAMPLE", "[redacted]");
        row("a JSON Web Token",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
            "[redacted]");
        row("an assignment", "DB_PASSWORD=hunter2 next", "DB_PASSWORD=[redacted] next");
        row("an assignment with spaces", "password = hunter2", "password = [redacted]");
        row("a quoted value", "token: 'a b c' end", "token: '[redacted]' end");
        row("a quote in the value", "token=\"a\\\"b\" end", "token=\"[redacted]\" end");
        row("JSON", "{\"api_key\": \"abc\", \"n\": 1}", "{\"api_key\": \"[redacted]\", \"n\": 1}");
        row("JSON in a text", "{\\\"password\\\":\\\"abc\\\",\\\"n\\\":1}",
            "{\\\"password\\\":\\\"[redacted]\\\",\\\"n\\\":1}");
        row("a value without an end", "secret=\"abc", "secret=\"[redacted]");
        row("an option with =", "curl --api-key=abc /x", "curl --api-key=[redacted] /x");
        row("an option with a word", "tool --password abc /x", "tool --password [redacted] /x");
        row("the option at the end", "tool --password", "tool --password");
        row("a parameter of an address", "https://x/?access_token=abc&n=1",
            "https://x/?access_token=[redacted]&n=1");
        row("a password of an address", "https://ann:pw@host/x", "https://ann:[redacted]@host/x");
        row("a name without a password", "https://ann@host/x", "https://ann@host/x");
        row("a port", "http://host:80/x@y", "http://host:80/x@y");
        row("a header", "Authorization: Bearer abcdef0123456789",
            "Authorization: Bearer [redacted]");
        row("Basic with a word", "Basic arithmetic", "Basic arithmetic");
        row("a private key",
            "x\n-----BEGIN OPENSSH PRIVATE KEY-----\nabc\ndef\n-----END OPENSSH PRIVATE "
            "KEY-----\ny",
            "x\n-----BEGIN OPENSSH PRIVATE KEY[redacted]-----END OPENSSH PRIVATE KEY-----\ny");
        row("one that is cut off", "\\n-----BEGIN RSA PRIVATE KEY-----\\nabc",
            "\\n-----BEGIN RSA PRIVATE KEY[redacted]");
        row("a public key", "-----BEGIN PUBLIC KEY-----\nabc", "-----BEGIN PUBLIC KEY-----\nabc");
        row("two", "token=a password=b", "token=[redacted] password=[redacted]");
    }
    void takesSecretsOut() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, kept);
        QCOMPARE(redactedOf(text), kept);
    }

    /// Whatever bytes come: it ends, and never grows out of bounds.
    void takesAnyBytes() {
        std::mt19937 random(20261128);
        const std::vector<std::string> pieces = {
            "password",   "token=",       "\"",
            "'",          "\\",           ":",
            "//",         "://",          "@",
            "-----BEGIN", " PRIVATE KEY", "eyJ",
            ".",          "Bearer",       " ",
            "sk-",        "\xff",         "\0",
            "-",          "-----END ",    "aaaaaaaaaaaaaaaaaaaaaaaa",
            "\n",         "ghp_",         "--token",
            "="};
        for (int round = 0; round < 20'000; ++round) {
            std::string text;
            for (std::size_t n = random() % 12; n > 0; --n)
                text += pieces[random() % pieces.size()];
            QVERIFY(redacted(text).size() <= text.size() * 11 + 10);
        }
    }
    /// A megabyte of what begins a secret and never ends.
    void isLinear_data() {
        QTest::addColumn<QByteArray>("piece");
        for (const char* piece : {"eyJ.", "token", "token:", "password=\"", "-----BEGIN ",
                                  "://a:", "bearer ", "sk-", "a", "'", "\\\"", "--token "})
            QTest::newRow(piece) << QByteArray(piece);
    }
    void isLinear() {
        QFETCH(QByteArray, piece);
        const QByteArray text = piece.repeated(static_cast<int>(1'000'000 / piece.size()));
        QVERIFY(!redactedOf(text).isEmpty());
    }

    void argumentsAreBounded() {
        const std::string big(5'000'000, 'x');
        const std::string content =
            recorded_arguments({{"path", "/a"}, {"content", "hello"}}, {"content"});
        QCOMPARE(content, std::string("{\"content\":{\"bytes\":5,\"sha256\":\""
                                      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b"
                                      "9824\"},\"path\":\"/a\"}"));
        for (const Json& arguments :
             {Json(big), Json{{"x", big}}, Json{{big, big}}, Json{{"password", big}}}) {
            QVERIFY(recorded_arguments(arguments, {}).size() < 1'000);
        }
        Json many = Json::object();
        for (int i = 0; i < 10'000; ++i) many["field" + std::to_string(i)] = std::string(3000, 'y');
        QVERIFY(recorded_arguments(many, {}).size() < 66'000);
        Json controls = Json::object();
        for (int i = 0; i < 8; ++i) controls["field" + std::to_string(i)] = std::string(2000, 1);
        QVERIFY(recorded_arguments(controls, {}).size() < 200);
        Json deep = Json::array();
        for (int i = 0; i < 100'000; ++i) deep = Json::array({std::move(deep)});
        QCOMPARE(recorded_arguments({{"x", std::move(deep)}}, {}),
                 std::string("{\"x\":{\"kind\":\"array\",\"size\":1}}"));
        QCOMPARE(recorded_arguments({{"password", "hunter2"}, {"n", 1}, {"b", nullptr}}, {}),
                 std::string("{\"b\":null,\"n\":1,\"password\":\"[redacted]\"}"));
    }
};

QTEST_GUILESS_MAIN(RedactionTest)
#include "tst_redaction.moc"
