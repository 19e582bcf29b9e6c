#include "app/engine_bridge/scripted_token_source.h"
#include "engine/base/json.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace lares;
using namespace lares::app;

namespace {

GenerationRequest ask(const char* what) {
    GenerationRequest request;
    request.conversation.messages = {
        {.role = "user", .content = what, .reasoning = {}, .tool_calls = {}}};
    return request;
}

/// Plays one answer to its end.
struct Played {
    Played(ScriptedTokenSource& source, const char* what) {
        QObject context;
        bool isOver = false;
        QObject::connect(&source, &TokenSource::events, &context,
                         [this](const std::vector<EngineEvent>& batch) {
                             events += static_cast<int>(batch.size());
                         });
        QObject::connect(&source, &TokenSource::finished, &context, [&](const Generation& g) {
            generation = g;
            isOver = true;
        });
        QObject::connect(&source, &TokenSource::failed, &context, [&](const Error& e) {
            error = e;
            isOver = true;
        });
        source.generate(ask(what));
        [&] { QTRY_VERIFY_WITH_TIMEOUT(isOver, 30'000); }();
    }
    Generation generation;
    std::optional<Error> error;
    int events = 0;
};

}  // namespace

class ScriptedTokenSourceTest : public QObject {
    Q_OBJECT

private slots:
    void playsTheSteps();
    void choosesByTheQuestion();
    void failsAndStopsOnRequest();
    void refusesWhatIsNoScript_data();
    void refusesWhatIsNoScript();
};

void ScriptedTokenSourceTest::playsTheSteps() {
    ScriptedTokenSource source(*parse_json(R"([{"steps":[{"prompt":[1,2]},{"thinking":"hm"},
        {"text":"one two ", "words":true},{"call":"get_time","arguments":{}}]}])"));
    const Played played(source, "x");
    QCOMPARE(played.generation.thinking, std::string("hm"));
    QCOMPARE(played.generation.text, std::string("one two "));
    QCOMPARE(played.generation.tool_calls.size(), std::size_t{1});
    QCOMPARE(played.generation.finish_reason, FinishReason::ToolCalls);
    QCOMPARE(played.events, 5);
}

void ScriptedTokenSourceTest::choosesByTheQuestion() {
    ScriptedTokenSource source(*parse_json(R"([{"when":"cats","steps":[{"text":"Cats."}]},
        {"when":"dogs","steps":[{"text":"Dogs."}]}])"));
    QCOMPARE(Played(source, "about dogs").generation.text, std::string("Dogs."));
    QCOMPARE(Played(source, "about dogs").generation.text, std::string("Dogs."));
    QCOMPARE(Played(source, "about cats").generation.text, std::string("Cats."));
    QCOMPARE(Played(source, "birds").generation.text,
             std::string("The script has no answer to this."));
}

void ScriptedTokenSourceTest::failsAndStopsOnRequest() {
    ScriptedTokenSource source(*parse_json(
        R"([{"steps":[{"text":"a"},{"fail":"It broke."}]},{"steps":[{"text":"a"},{"hold":true}]}])"));
    const Played failed(source, "x");
    QVERIFY(failed.error.has_value());
    QCOMPARE(failed.error->message, std::string("It broke."));

    QSignalSpy events(&source, &TokenSource::events);
    QSignalSpy ends(&source, &TokenSource::failed);
    source.generate(ask("x"));
    QTRY_COMPARE(events.count(), 1);
    QCOMPARE(ends.count(), 0);
    source.stop();
    QTRY_COMPARE(ends.count(), 1);
    QVERIFY(!source.isBusy());
}

void ScriptedTokenSourceTest::refusesWhatIsNoScript_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("[{");
    QTest::newRow("no list") << QByteArray("{}");
    QTest::newRow("no answers") << QByteArray("[]");
    QTest::newRow("no steps") << QByteArray("[{}]");
    QTest::newRow("a step that is none") << QByteArray(R"([{"steps":[1]}])");
}

void ScriptedTokenSourceTest::refusesWhatIsNoScript() {
    QFETCH(QByteArray, text);
    QTemporaryDir folder;
    QFile file(folder.filePath("script.json"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
    file.close();
    const auto opened = ScriptedTokenSource::open(file.fileName().toStdString());
    QVERIFY(!opened.has_value());
    QVERIFY(opened.error().message.find("script") != std::string::npos);
}

QTEST_GUILESS_MAIN(ScriptedTokenSourceTest)
#include "tst_scripted_token_source.moc"
