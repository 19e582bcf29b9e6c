#include "engine/session/engine.h"
#include "tests/engine/backend/cuda/fake_cards.h"
#include "tests/support/test_data.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <memory>
#include <optional>

using namespace lares;
using namespace lares::test;

namespace {

std::filesystem::path mini() {
    return source_file("resources/mini_model/lares-mini.gguf");
}

Engine::Options options_for(int n_ctx) {
    Engine::Options options;
    options.session.n_threads = 1;
    options.session.n_ctx = n_ctx;
    return options;
}

Engine must_load(const std::filesystem::path& path, const Engine::Options& options) {
    auto engine = Engine::load(path, options);
    if (!engine) qFatal("%s", engine.error().message.c_str());
    return std::move(engine).value();
}

GenerationRequest question(int max_tokens) {
    GenerationRequest request;
    request.conversation.messages = {
        {.role = "system", .content = "You are brief.", .reasoning = {}, .tool_calls = {}},
        {.role = "user",
         .content = "What can you do for me on this computer, and how do I begin?",
         .reasoning = {},
         .tool_calls = {}}};
    request.sampling = SamplingParams::greedy();
    request.max_tokens = max_tokens;
    request.owner = "7";
    return request;
}

Generation must_answer(Engine& engine, const GenerationRequest& request) {
    auto answer = engine.generate(request);
    if (!answer) qFatal("%s", answer.error().message.c_str());
    return std::move(answer).value();
}

/// Bytes of this process that are no file's; nothing where the system does not say.
std::optional<qint64> anonymous_bytes() {
    QFile status("/proc/self/status");
    if (!status.open(QIODevice::ReadOnly)) return {};
    for (const QByteArray& line : status.readAll().split('\n')) {
        if (!line.startsWith("RssAnon:")) continue;
        return line.mid(8).simplified().split(' ').front().toLongLong() * 1024;
    }
    return {};
}

}  // namespace

/// An engine that ends so that others can have its memory.
class EngineUnloadTest : public QObject {
    Q_OBJECT

private slots:
    void theMachinesMemoryIsGivenBack();
    void theCardsMemoryIsGivenBackWithItsContext();
    void whatWasReadIsNotReadAgain();
    void whoSharesItsBeginningLosesNothing();
    void theBranchThatWasUsedLastIsKept();
    void theFolderSaysWhatItHoldsWithoutAnEngine();
};

void EngineUnloadTest::theMachinesMemoryIsGivenBack() {
    if (!anonymous_bytes()) QSKIP("this system does not say what a process holds");
    const auto once = [] {
        Engine engine = must_load(mini(), options_for(2048));
        must_answer(engine, question(16));
        const qint64 loaded = *anonymous_bytes();
        Engine::unload(std::move(engine));
        return loaded;
    };
    once();  // what the program itself needs for the first time is not the model's
    const qint64 before = *anonymous_bytes();
    const qint64 taken = once() - before;
    const qint64 left = *anonymous_bytes() - before;
    const auto model = static_cast<qint64>(std::filesystem::file_size(mini()));
    QVERIFY2(taken > model / 2, qPrintable(QString::number(taken)));
    QVERIFY2(left < taken / 10,
             qPrintable(QString("%1 of %2 bytes are still held").arg(left).arg(taken)));
}

void EngineUnloadTest::theCardsMemoryIsGivenBackWithItsContext() {
    FakeCard card;
    card.n_multiprocessor = 8;
    FakeDriver driver({card});
    const std::size_t before = driver.free_bytes(0);
    Engine::Options options = options_for(256);
    options.session.device = "auto";
    options.session.device_provider = std::make_shared<FakeCards>(driver);
    for (int time = 0; time < 2; ++time) {
        Engine engine = must_load(data_file("golden/t-MIX.gguf"), options);
        QCOMPARE(engine.session().device(), std::string("Fake 4060"));
        const Result<std::size_t> free = engine.session().free_card_bytes();
        QVERIFY(free);
        QCOMPARE(*free, driver.free_bytes(0));
        QVERIFY(*free < before - card.context_bytes);
        must_answer(engine, question(4));
        Engine::unload(std::move(engine));
        QCOMPARE(driver.leaks(), std::string());
        QCOMPARE(driver.free_bytes(0), before);
    }
    Engine on_cpu = must_load(data_file("golden/t-MIX.gguf"), options_for(256));
    QCOMPARE(on_cpu.session().free_card_bytes().error().code, ErrorCode::Unsupported);
}

void EngineUnloadTest::whatWasReadIsNotReadAgain() {
    const QTemporaryDir home;
    Engine::Options options = options_for(2048);
    options.snapshot_folder = std::filesystem::path(home.path().toStdString()) / "snapshots";
    Engine engine = must_load(mini(), options);
    GenerationRequest next = question(24);
    const Generation said = must_answer(engine, next);
    next.conversation.messages.push_back(
        {.role = "assistant", .content = said.text, .reasoning = said.thinking, .tool_calls = {}});
    QVERIFY(engine.read_ahead(next));
    next.conversation.messages.push_back(
        {.role = "user", .content = "And then?", .reasoning = {}, .tool_calls = {}});
    Engine::unload(std::move(engine));

    Engine again = must_load(mini(), options);
    const Generation answer = must_answer(again, next);
    // Only the new message and what opens the answer are read.
    const int n_new = answer.stats.prompt_tokens - answer.stats.cached_tokens;
    QVERIFY2(n_new < 20 && answer.stats.cached_tokens > 2 * n_new,
             qPrintable(QString("%1 of %2").arg(n_new).arg(answer.stats.prompt_tokens)));

    // And it is the answer that an engine gives which stayed.
    Engine stayed = must_load(mini(), options_for(2048));
    QCOMPARE(must_answer(stayed, next).text, answer.text);
}

/// A conversation whose beginning, here the tools alone, another one used after it.
void EngineUnloadTest::whoSharesItsBeginningLosesNothing() {
    const QTemporaryDir home;
    Engine::Options options = options_for(2048);
    options.snapshot_folder = std::filesystem::path(home.path().toStdString()) / "snapshots";
    GenerationRequest one = question(4);
    one.conversation.messages.erase(one.conversation.messages.begin());
    one.conversation.tools = {*parse_json(R"({"name":"get_time"})")};
    GenerationRequest other = one;
    other.owner = "8";
    other.conversation.messages.back().content = "Which day is it?";
    Engine engine = must_load(mini(), options);
    must_answer(engine, one);
    QVERIFY(must_answer(engine, other).stats.cached_tokens > 0);
    Engine::unload(std::move(engine));

    Engine again = must_load(mini(), options);
    for (const GenerationRequest& request : {one, other}) {
        const GenerationStats stats = must_answer(again, request).stats;
        QVERIFY2(stats.prompt_tokens - stats.cached_tokens < 10,
                 qPrintable(QString::number(stats.cached_tokens)));
    }
}

/// Also where it had been kept before, and another one took its place.
void EngineUnloadTest::theBranchThatWasUsedLastIsKept() {
    const QTemporaryDir home;
    Engine::Options options = options_for(2048);
    options.snapshot_folder = std::filesystem::path(home.path().toStdString()) / "snapshots";
    const GenerationRequest one = question(4);
    GenerationRequest edited = one;
    edited.conversation.messages.back().content = "Where do I find my papers on this computer?";
    Engine engine = must_load(mini(), options);
    must_answer(engine, one);
    engine.keep_snapshots();
    must_answer(engine, edited);
    engine.keep_snapshots();
    const GenerationStats back = must_answer(engine, one).stats;
    QCOMPARE(back.cached_tokens, back.prompt_tokens);
    Engine::unload(std::move(engine));

    Engine again = must_load(mini(), options);
    const GenerationStats stats = must_answer(again, one).stats;
    QCOMPARE(stats.cached_tokens, stats.prompt_tokens);
}

void EngineUnloadTest::theFolderSaysWhatItHoldsWithoutAnEngine() {
    const QTemporaryDir home;
    Engine::Options options = options_for(2048);
    options.snapshot_folder = std::filesystem::path(home.path().toStdString()) / "snapshots";
    QCOMPARE(Engine::snapshot_use_on_disk(options.snapshot_folder).disk_bytes, std::uint64_t{0});
    Engine engine = must_load(mini(), options);
    must_answer(engine, question(8));
    Engine::unload(std::move(engine));
    QVERIFY(Engine::snapshot_use_on_disk(options.snapshot_folder).disk_bytes > 0);
    Engine::forget_all_on_disk(options.snapshot_folder);
    QCOMPARE(Engine::snapshot_use_on_disk(options.snapshot_folder).disk_bytes, std::uint64_t{0});
}

QTEST_APPLESS_MAIN(EngineUnloadTest)
#include "tst_engine_unload.moc"
