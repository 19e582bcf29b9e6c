// The engine on its thread, when its model leaves the memory and comes back.

#include "app/engine_bridge/engine_worker.h"
#include "tests/engine/backend/cuda/fake_cards.h"
#include "tests/support/test_data.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <memory>
#include <optional>

using namespace lares;
using namespace lares::app;
using namespace lares::test;

namespace {

constexpr int kPatienceMs = 60'000;  // of a machine that is busy with other things

GenerationRequest question(const std::string& text, int maxTokens) {
    GenerationRequest request;
    request.conversation.messages = {
        {.role = "user", .content = text, .reasoning = {}, .tool_calls = {}}};
    request.sampling = SamplingParams::greedy();
    request.max_tokens = maxTokens;
    request.owner = "7";
    return request;
}

/// A worker with Lares Mini or the tiny model, and what it said last.
struct Bench {
    explicit Bench(Engine::Options options = {}) {
        options.session.n_threads = 1;
        if (options.session.n_ctx == SessionOptions().n_ctx)
            options.session.n_ctx = isTiny ? 256 : 2048;
        worker = std::make_unique<EngineWorker>(options);
        QObject::connect(worker.get(), &TokenSource::loaded, &context,
                         [this](const ModelInfo& one) { info = one; });
        QObject::connect(worker.get(), &TokenSource::finished, &context,
                         [this](const Generation& one) { generation = one; });
        QObject::connect(worker.get(), &TokenSource::failed, &context,
                         [this](const Error& one) { error = one; });
        QObject::connect(worker.get(), &TokenSource::cardMeasured, &context,
                         [this](quint64 bytes) { free = bytes; });
    }
    static inline bool isTiny = false;

    void load() {
        QSignalSpy loaded(worker.get(), &TokenSource::loaded);
        worker->load(isTiny ? data_file("golden/t-MIX.gguf")
                            : source_file("resources/mini_model/lares-mini.gguf"));
        QTRY_COMPARE_WITH_TIMEOUT(loaded.size(), 1, kPatienceMs);
    }
    void unload() {
        QSignalSpy unloaded(worker.get(), &TokenSource::unloaded);
        worker->unload();
        QVERIFY(worker->isBusy());
        QTRY_COMPARE_WITH_TIMEOUT(unloaded.size(), 1, kPatienceMs);
        QVERIFY(!worker->isBusy());
    }
    void ask(const GenerationRequest& request) {
        generation.reset();
        worker->generate(request);
        QTRY_VERIFY_WITH_TIMEOUT(generation.has_value(), kPatienceMs);
    }

    std::unique_ptr<EngineWorker> worker;
    QObject context;
    ModelInfo info;
    std::optional<Generation> generation;
    std::optional<Error> error;
    std::optional<quint64> free;
};

}  // namespace

class WorkerMemoryTest : public QObject {
    Q_OBJECT

private slots:
    void init() { Bench::isTiny = false; }
    void withoutAModelNothingIsLost();
    void whatWasReadIsThereWhenItComesBack();
    void withoutTheDiskItReadsAgain();
    void aReadingAheadDoesNotDelayIt();
    void aPromptIsShownOnlyWithAModel();
    void whatIsForgottenMeanwhileIsGone();
    void canEndInTheMiddle();

    void theCardIsLeftAsIfNobodyHadBeenThere();
    void theCardIsMeasuredWhileNobodyWaits();
    void aCardThatIsFullMeanwhileLeavesTheProcessor();
};

void WorkerMemoryTest::withoutAModelNothingIsLost() {
    Bench bench;
    bench.unload();
    bench.load();
    bench.unload();
    bench.unload();
    bench.worker->generate(question("Hello", 4));
    QTRY_VERIFY_WITH_TIMEOUT(bench.error.has_value(), kPatienceMs);
    QCOMPARE(bench.error->code, ErrorCode::NotFound);
    bench.load();
    bench.ask(question("Hello", 4));
}

void WorkerMemoryTest::whatWasReadIsThereWhenItComesBack() {
    const QTemporaryDir home;
    Engine::Options options;
    options.snapshot_folder = std::filesystem::path(home.path().toStdString()) / "snapshots";
    Bench bench(options);
    bench.load();
    GenerationRequest next = question("What can you do for me on this computer?", 24);
    bench.ask(next);
    next.conversation.messages.push_back({.role = "assistant",
                                          .content = bench.generation->text,
                                          .reasoning = bench.generation->thinking,
                                          .tool_calls = {}});
    bench.worker->readAhead(next);
    QTRY_VERIFY_WITH_TIMEOUT(!bench.worker->isReadingAhead(), kPatienceMs);
    next.conversation.messages.push_back(
        {.role = "user", .content = "And then?", .reasoning = {}, .tool_calls = {}});
    bench.unload();
    QVERIFY(bench.worker->snapshotUse().disk_bytes > 0);

    bench.load();
    bench.ask(next);
    const GenerationStats& stats = bench.generation->stats;
    const int nNew = stats.prompt_tokens - stats.cached_tokens;
    QVERIFY2(nNew < 20 && stats.cached_tokens > 2 * nNew, qPrintable(QString::number(nNew)));
}

void WorkerMemoryTest::withoutTheDiskItReadsAgain() {
    const QTemporaryDir home;
    Engine::Options options;
    options.snapshot_folder = std::filesystem::path(home.path().toStdString()) / "snapshots";
    Bench bench(options);
    bench.worker->setKeeping(false);
    bench.load();
    bench.ask(question("What can you do for me on this computer?", 4));
    bench.unload();
    QCOMPARE(bench.worker->snapshotUse().disk_bytes, std::uint64_t{0});
    bench.load();
    bench.ask(question("What can you do for me on this computer?", 4));
    QCOMPARE(bench.generation->stats.cached_tokens, 0);
}

void WorkerMemoryTest::aReadingAheadDoesNotDelayIt() {
    Bench::isTiny = true;
    Engine::Options options;
    options.session.n_ctx = 1 << 20;
    Bench bench(options);
    bench.load();
    // A conversation that takes minutes to read: the test would never end if it were waited for.
    bench.worker->readAhead(question(std::string(500'000, 'a'), 4));
    QVERIFY(bench.worker->isReadingAhead());
    bench.unload();
    QVERIFY(!bench.worker->isReadingAhead());
}

void WorkerMemoryTest::aPromptIsShownOnlyWithAModel() {
    Bench bench;
    bench.load();
    auto view = bench.worker->viewPrompt(question("Hello", 4));  // the unload waits for it
    bench.unload();
    view.waitForFinished();
    auto none = bench.worker->viewPrompt(question("Hello", 4));
    none.waitForFinished();
    QCOMPARE(none.result().error().code, ErrorCode::NotFound);
}

void WorkerMemoryTest::whatIsForgottenMeanwhileIsGone() {
    const QTemporaryDir home;
    Engine::Options options;
    options.snapshot_folder = std::filesystem::path(home.path().toStdString()) / "snapshots";
    Bench bench(options);
    bench.load();
    bench.ask(question("What can you do for me on this computer?", 4));
    bench.unload();
    QVERIFY(bench.worker->snapshotUse().disk_bytes > 0);
    QSignalSpy changed(bench.worker.get(), &TokenSource::snapshotUseChanged);
    bench.worker->forgetAll();
    QTRY_VERIFY_WITH_TIMEOUT(bench.worker->snapshotUse().disk_bytes == 0, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), kPatienceMs);
}

void WorkerMemoryTest::canEndInTheMiddle() {
    const QTemporaryDir home;
    Engine::Options options;
    options.snapshot_folder = std::filesystem::path(home.path().toStdString()) / "snapshots";
    {
        Bench bench(options);
        bench.load();
        bench.ask(question("What can you do for me on this computer?", 4));
        bench.worker->unload();
    }
    QVERIFY(Engine::snapshot_use_on_disk(options.snapshot_folder).disk_bytes > 0);
    Bench bench(options);
    bench.load();
    bench.unload();
    bench.worker->load(source_file("resources/mini_model/lares-mini.gguf"));
}

// --- on a card ----------------------------------------------------------------------------------

namespace {

FakeCard card() {
    FakeCard made;
    made.n_multiprocessor = 8;
    return made;
}

Engine::Options onCard(FakeDriver& driver) {
    Bench::isTiny = true;
    Engine::Options options;
    options.session.device = "auto";
    options.session.device_provider = std::make_shared<FakeCards>(driver);
    return options;
}

}  // namespace

void WorkerMemoryTest::theCardIsLeftAsIfNobodyHadBeenThere() {
    FakeDriver driver({card()});
    const std::size_t before = driver.free_bytes(0);
    Bench bench(onCard(driver));
    for (int time = 0; time < 2; ++time) {
        bench.load();
        QVERIFY(bench.info.device.memory.has_value());
        bench.ask(question("Hi", 3));
        QVERIFY(driver.free_bytes(0) < before - card().context_bytes);
        bench.unload();
        QCOMPARE(driver.leaks(), std::string());
        QCOMPARE(driver.free_bytes(0), before);
    }
}

void WorkerMemoryTest::theCardIsMeasuredWhileNobodyWaits() {
    FakeDriver driver({card()});
    Bench bench(onCard(driver));
    bench.load();
    bench.worker->measureCard();
    QTRY_VERIFY_WITH_TIMEOUT(bench.free.has_value(), kPatienceMs);
    QCOMPARE(*bench.free, quint64(driver.free_bytes(0)));
    bench.unload();
    bench.free.reset();
    bench.worker->measureCard();
    bench.load();  // after it
    QVERIFY(!bench.free);
}

/// What a game leaves: the plan is made again at every load.
void WorkerMemoryTest::aCardThatIsFullMeanwhileLeavesTheProcessor() {
    FakeDriver driver({card()});
    Bench bench(onCard(driver));
    bench.load();
    QVERIFY(bench.info.device.memory.has_value());
    bench.ask(question("Hi", 3));
    bench.unload();
    driver.set_used_bytes(0, card().total_bytes - card().context_bytes - 1'000'000);
    bench.load();
    QVERIFY(!bench.info.device.memory);
    QVERIFY2(bench.info.device.whyCpu.contains("are free"), qPrintable(bench.info.device.whyCpu));
    bench.ask(question("Hi", 3));
    // And back, once there is room again.
    bench.unload();
    driver.set_used_bytes(0, 0);
    bench.load();
    QVERIFY(bench.info.device.memory.has_value());
}

QTEST_GUILESS_MAIN(WorkerMemoryTest)
#include "tst_worker_memory.moc"
