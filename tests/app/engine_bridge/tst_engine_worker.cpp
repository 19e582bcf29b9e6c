#include "app/engine_bridge/engine_worker.h"
#include "tests/support/test_data.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <memory>
#include <optional>

using namespace lares;
using namespace lares::app;

namespace {

constexpr int kPatienceMs = 60'000;  // of a machine that is busy with other things

std::filesystem::path tinyModel() {
    return test::data_file("golden/t-F32.gguf");
}

Engine::Options options() {
    Engine::Options options;
    options.session.n_threads = 1;
    options.session.n_ctx = 1 << 20;
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
    void aPromptIsShownAsTheEngineReadsIt();
    void aPromptDoesNotWaitForAnAnswer();

    void whatWasReadIsKnownAfterARestart();
    void restingIsEnoughForTheDisk();
    void anAnswerDoesNotWaitForReadingAhead();
    void forgetsOnTheDiskWithoutAModel();
    void keepsNothingWhereThatIsOff();
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

    auto engine = Engine::load(tinyModel(), options());
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

// --- what is done while nobody waits ------------------------------------------------------------

namespace {

/// Lares Mini, which has a prompt format, on a folder of its own.
struct Kept {
    QTemporaryDir home;
    [[nodiscard]] std::filesystem::path folder() const {
        return std::filesystem::path(home.path().toStdString()) / "snapshots";
    }
    [[nodiscard]] std::unique_ptr<EngineWorker> worker() const {
        Engine::Options all = options();
        all.session.n_ctx = 2048;
        all.snapshot_folder = folder();
        return std::make_unique<EngineWorker>(all);
    }
    [[nodiscard]] int files() const {
        std::error_code error;
        int n = 0;
        for (const auto& entry : std::filesystem::directory_iterator(folder(), error))
            n += entry.path().extension() == ".snapshot" ? 1 : 0;
        return n;
    }
};

void load(EngineWorker& worker) {
    QSignalSpy loaded(&worker, &TokenSource::loaded);
    worker.load(test::source_file("resources/mini_model/lares-mini.gguf"));
    QTRY_COMPARE_WITH_TIMEOUT(loaded.count(), 1, kPatienceMs);
}

Generation answer(EngineWorker& worker, const GenerationRequest& request) {
    std::optional<Generation> got;
    const auto connection = QObject::connect(&worker, &TokenSource::finished,
                                             [&](const Generation& one) { got = one; });
    worker.generate(request);
    [&] { QTRY_VERIFY_WITH_TIMEOUT(got.has_value(), kPatienceMs); }();
    QObject::disconnect(connection);
    return got.value_or(Generation());
}

GenerationRequest firstTurn() {
    GenerationRequest request = question(24);
    request.conversation.messages.front().content = "What can you do for me on this computer?";
    request.sampling = SamplingParams::greedy();
    request.owner = "7";
    return request;
}

GenerationRequest withAnswer(GenerationRequest request, const Generation& said) {
    request.conversation.messages.push_back(
        {.role = "assistant", .content = said.text, .reasoning = said.thinking, .tool_calls = {}});
    return request;
}

GenerationRequest withQuestion(GenerationRequest request) {
    request.conversation.messages.push_back(
        {.role = "user", .content = "And then?", .reasoning = {}, .tool_calls = {}});
    return request;
}

}  // namespace

void EngineWorkerTest::aPromptIsShownAsTheEngineReadsIt() {
    EngineWorker worker(options());
    auto none = worker.viewPrompt(question(8));
    none.waitForFinished();
    QVERIFY(!none.result());
    QCOMPARE(none.result().error().code, ErrorCode::NotFound);

    Listener heard(worker);
    worker.load(tinyModel());
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatienceMs);
    auto shown = worker.viewPrompt(question(8));
    shown.waitForFinished();
    const Result<PromptView> view = shown.result();
    QVERIFY2(view, view ? "" : view.error().message.c_str());
    QCOMPARE(view->n_ctx, 1 << 20);
    worker.generate(question(8));
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 2, kPatienceMs);
    QVERIFY(heard.generation.has_value());
    QCOMPARE(heard.generation->stats.prompt_key, view->key);
    QCOMPARE(std::size_t(heard.generation->stats.prompt_tokens), view->ids.size());
}

void EngineWorkerTest::aPromptDoesNotWaitForAnAnswer() {
    EngineWorker worker(options());
    Listener heard(worker);
    worker.load(tinyModel());
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatienceMs);
    worker.generate(longQuestion());
    QTRY_VERIFY_WITH_TIMEOUT(heard.batches > 0, kPatienceMs);
    auto shown = worker.viewPrompt(question(8));
    worker.waitForViews();
    QVERIFY(shown.isFinished() && shown.result());
    QVERIFY(worker.isBusy());
    QCOMPARE(heard.ends, 1);
    worker.stop();
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 2, kPatienceMs);
    // And loading another model waits for what still looks at this one.
    auto last = worker.viewPrompt(longQuestion());
    worker.load(tinyModel());
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 3, kPatienceMs);
    last.waitForFinished();
}

void EngineWorkerTest::whatWasReadIsKnownAfterARestart() {
    const Kept kept;
    GenerationRequest next;
    Generation want;
    {
        const auto worker = kept.worker();
        load(*worker);
        next = withAnswer(firstTurn(), answer(*worker, firstTurn()));
        worker->readAhead(next);
        QVERIFY(!worker->isBusy());
        next = withQuestion(next);
        want = answer(*worker, next);
    }  // its end waits for the disk
    QVERIFY(kept.files() > 0);
    const auto worker = kept.worker();
    load(*worker);
    const Generation got = answer(*worker, next);
    QCOMPARE(got.text, want.text);
    QCOMPARE(got.stats.cached_tokens, got.stats.prompt_tokens);  // it was answered before
    QVERIFY(worker->snapshotUse().disk_bytes > 0);
}

void EngineWorkerTest::restingIsEnoughForTheDisk() {
    const Kept kept;
    const auto worker = kept.worker();
    worker->setKeepDelay(0);
    load(*worker);
    QSignalSpy changed(worker.get(), &TokenSource::snapshotUseChanged);
    answer(*worker, firstTurn());
    QTRY_VERIFY_WITH_TIMEOUT(kept.files() > 0, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(changed.count() > 0, kPatienceMs);
}

void EngineWorkerTest::anAnswerDoesNotWaitForReadingAhead() {
    EngineWorker worker(options());
    Listener heard(worker);
    worker.load(tinyModel());
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatienceMs);
    // A conversation that takes minutes to read: the test would never end if it were waited for.
    GenerationRequest endless = longQuestion();
    worker.readAhead(endless);
    worker.generate(question(8));
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 2, kPatienceMs);
    QVERIFY(heard.generation.has_value());
    worker.readAhead(endless);  // and neither does the end
}

void EngineWorkerTest::forgetsOnTheDiskWithoutAModel() {
    const Kept kept;
    {
        const auto worker = kept.worker();
        load(*worker);
        answer(*worker, firstTurn());
    }
    QVERIFY(kept.files() > 0);
    kept.worker()->forget("7");  // which ends at once: it is done nevertheless
    QCOMPARE(kept.files(), 0);
}

void EngineWorkerTest::keepsNothingWhereThatIsOff() {
    const Kept kept;
    {
        const auto worker = kept.worker();
        worker->setKeeping(false);
        load(*worker);
        answer(*worker, firstTurn());
    }
    QCOMPARE(kept.files(), 0);
    {
        const auto worker = kept.worker();
        load(*worker);
        answer(*worker, firstTurn());
        worker->setKeeping(false);
        worker->forgetAll();
    }
    QCOMPARE(kept.files(), 0);
}

QTEST_GUILESS_MAIN(EngineWorkerTest)
#include "tst_engine_worker.moc"
