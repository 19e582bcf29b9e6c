#include "app/engine_bridge/engine_worker.h"
#include "tests/support/test_data.h"

#include <QSignalSpy>
#include <QTest>

using namespace lares;
using namespace lares::app;

namespace {

constexpr int kPatienceMs = 60'000;  // of a machine that is busy with other things

std::filesystem::path tinyModel() {
    return test::data_file("golden/t-F32.gguf");
}

SessionOptions options() {
    SessionOptions options;
    options.n_threads = 1;
    options.n_ctx = 1 << 20;
    return options;
}

GenerationRequest question(int maxTokens) {
    GenerationRequest request;
    request.conversation.messages = {
        {.role = "user", .content = "Hello", .reasoning = {}, .tool_calls = {}}};
    request.sampling = SamplingParams::greedy();
    request.max_tokens = maxTokens;
    return request;
}

/// Something to read for far longer than a test waits before it stops: answers of the tiny model
/// are short, and soon over on a fast machine.
GenerationRequest longQuestion() {
    GenerationRequest request = question(8);
    request.conversation.messages[0].content = std::string(500'000, 'a');
    return request;
}

/// Everything a source said, in order.
struct Listener {
    explicit Listener(TokenSource& source) {
        QObject::connect(&source, &TokenSource::loaded, &context, [this](const ModelInfo& i) {
            info = i;
            ++ends;
        });
        QObject::connect(&source, &TokenSource::loadFailed, &context, [this](const Error& e) {
            error = e;
            ++ends;
        });
        QObject::connect(&source, &TokenSource::events, &context,
                         [this](const std::vector<EngineEvent>& batch) {
                             ++batches;
                             for (const EngineEvent& event : batch) {
                                 if (const auto* t = std::get_if<TextDelta>(&event))
                                     text += t->text;
                                 if (const auto* t = std::get_if<ThinkingDelta>(&event))
                                     thinking += t->text;
                             }
                         });
        QObject::connect(&source, &TokenSource::finished, &context, [this](const Generation& g) {
            generation = g;
            ++ends;
        });
        QObject::connect(&source, &TokenSource::failed, &context, [this](const Error& e) {
            error = e;
            ++ends;
        });
    }

    QObject context;
    ModelInfo info;
    std::optional<Error> error;
    std::optional<Generation> generation;
    std::string text, thinking;
    int batches = 0;
    int ends = 0;
};

}  // namespace

class EngineWorkerTest : public QObject {
    Q_OBJECT

private slots:
    void answersAsTheEngineDoes();
    void stopEndsAnAnswerAndTheNextOneWorks();
    void aLoadCanBeCancelled();
    void failuresNameTheFile();
    void answeringWithoutAModelIsAnError();
    void itCanBeDestroyedInMidAnswer();
};

void EngineWorkerTest::answersAsTheEngineDoes() {
    EngineWorker worker(options());
    Listener heard(worker);
    worker.load(tinyModel());
    QVERIFY(worker.isBusy());
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatienceMs);
    QVERIFY(!heard.error);
    QVERIFY(!worker.isBusy());
    QVERIFY(!heard.info.name.isEmpty());
    QCOMPARE(heard.info.contextLength, 1 << 20);

    worker.generate(question(64));
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 2, kPatienceMs);
    QVERIFY(heard.generation.has_value());
    QCOMPARE(heard.text, heard.generation->text);  // nothing is lost between the threads
    QCOMPARE(heard.thinking, heard.generation->thinking);

    auto engine = Engine::load(tinyModel(), {.session = options()});
    QVERIFY(engine.has_value());
    const auto direct = engine->generate(question(64));
    QVERIFY(direct.has_value());
    QCOMPARE(heard.generation->text, direct->text);
    QCOMPARE(heard.generation->thinking, direct->thinking);
}

void EngineWorkerTest::stopEndsAnAnswerAndTheNextOneWorks() {
    EngineWorker worker(options());
    Listener heard(worker);
    worker.load(tinyModel());
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatienceMs);
    worker.generate(longQuestion());
    QTRY_VERIFY_WITH_TIMEOUT(heard.batches > 0, kPatienceMs);
    worker.stop();
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 2, kPatienceMs);
    QVERIFY(heard.error.has_value());
    QCOMPARE(heard.error->code, ErrorCode::Cancelled);

    heard.error.reset();
    worker.generate(question(8));
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 3, kPatienceMs);
    QVERIFY(!heard.error);
    QVERIFY(heard.generation.has_value());
}

void EngineWorkerTest::aLoadCanBeCancelled() {
    EngineWorker worker(options());
    Listener heard(worker);
    worker.load(tinyModel());
    worker.stop();
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatienceMs);
    // The file is small: it may have been read before the stop was seen.
    if (heard.error) QCOMPARE(heard.error->code, ErrorCode::Cancelled);
    heard.error.reset();
    worker.load(tinyModel());
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 2, kPatienceMs);
    QVERIFY(!heard.error);
}

void EngineWorkerTest::failuresNameTheFile() {
    EngineWorker worker(options());
    Listener heard(worker);
    worker.load("/nowhere/model.gguf");
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatienceMs);
    QVERIFY(heard.error.has_value());
    QVERIFY(heard.error->message.find("/nowhere/model.gguf") != std::string::npos);
}

void EngineWorkerTest::answeringWithoutAModelIsAnError() {
    EngineWorker worker(options());
    Listener heard(worker);
    worker.generate(question(8));
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatienceMs);
    QVERIFY(heard.error.has_value());
    QCOMPARE(heard.error->code, ErrorCode::NotFound);
}

void EngineWorkerTest::itCanBeDestroyedInMidAnswer() {
    auto worker = std::make_unique<EngineWorker>(options());
    Listener heard(*worker);
    worker->load(tinyModel());
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatienceMs);
    worker->generate(longQuestion());
    QTRY_VERIFY_WITH_TIMEOUT(heard.batches > 0, kPatienceMs);
    worker.reset();
    QCOMPARE(heard.ends, 1);
}

QTEST_GUILESS_MAIN(EngineWorkerTest)
#include "tst_engine_worker.moc"
