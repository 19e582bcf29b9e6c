#include "app/cli/serve/answer_queue.h"
#include "tests/support/seeds.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <QThread>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

using namespace lares;
using namespace lares::cli;
using namespace std::chrono_literals;

namespace {

constexpr int kPatienceMs = 60'000;  // of a machine that is busy with other things
constexpr auto kPatience = std::chrono::milliseconds(kPatienceMs);

Engine::Options options() {
    Engine::Options options;
    options.session.n_threads = 1;
    options.session.n_ctx = 512;
    return options;
}

Result<Engine> loadMini(std::stop_token stop) {
    return Engine::load(test::source_file("resources/mini_model/lares-mini.gguf"), options(),
                        std::move(stop));
}

Engine mustLoad() {
    auto engine = loadMini({});
    if (!engine) qFatal("%s", engine.error().message.c_str());
    return std::move(engine).value();
}

AnswerRequest hello() {
    AnswerRequest request;
    request.generation.conversation.messages = {
        {.role = "user", .content = "Hello", .reasoning = {}, .tool_calls = {}}};
    request.generation.sampling = SamplingParams::greedy();
    request.generation.max_tokens = 4;
    return request;
}

/// Nothing: it did not come in time.
std::optional<AnswerPiece> lastPiece(PendingAnswer& answer) {
    while (auto piece = answer.next(kPatience)) {
        if (std::holds_alternative<AnswerEnd>(*piece) || std::holds_alternative<ApiError>(*piece))
            return piece;
    }
    return {};
}

bool isAnswered(AnswerQueue& queue) {
    const auto answer = queue.submitOrNull(hello());
    const auto last = answer ? lastPiece(*answer) : std::nullopt;
    return last && std::holds_alternative<AnswerEnd>(*last);
}

/// A load that lasts until it is stopped.
class EndlessLoad {
public:
    Result<Engine> operator()(const std::stop_token& stop) {
        std::unique_lock lock(m_mutex);
        m_hasBegun = true;
        m_changed.wait(lock, stop, [] { return false; });
        return Error{ErrorCode::Cancelled, "the load was stopped"};
    }
    bool hasBegun() {
        const std::lock_guard lock(m_mutex);
        return m_hasBegun;
    }

private:
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    bool m_hasBegun = false;
};

}  // namespace

/// Many connections, one engine, which rests while nobody asks.
class AnswerQueueTest : public QObject {
    Q_OBJECT

private slots:
    void restsAfterAWhileAndIsLoadedForTheNext();
    void withoutATimeItNeverRests();
    void aClientThatGoesDuringTheLoadIsNotWaitedFor();
    void aLoadThatFailsIsTriedAgain();
    void closingDuringTheLoadEndsIt();
    void whoComesAfterTheEndHearsOfIt();
    void anyOrderGivesTheSameAnswers();
};

void AnswerQueueTest::restsAfterAWhileAndIsLoadedForTheNext() {
    std::atomic<int> nLoad = 0;
    RestingEngine engine(mustLoad(), [&](std::stop_token stop) {
        ++nLoad;
        return loadMini(std::move(stop));
    });
    AnswerQueue queue(engine, 4, 1ms);
    for (int i = 0; i < 3; ++i) {
        QTRY_VERIFY_WITH_TIMEOUT(!queue.load().isLoaded, kPatienceMs);
        QCOMPARE(nLoad, i);
        QVERIFY(isAnswered(queue));
    }
    QCOMPARE(nLoad, 3);
}

void AnswerQueueTest::withoutATimeItNeverRests() {
    std::atomic<int> nLoad = 0;
    RestingEngine engine(mustLoad(), [&](std::stop_token stop) {
        ++nLoad;
        return loadMini(std::move(stop));
    });
    AnswerQueue queue(engine, 4);
    QVERIFY(isAnswered(queue));
    QVERIFY(isAnswered(queue));
    QVERIFY(queue.load().isLoaded);
    QCOMPARE(nLoad, 0);
}

void AnswerQueueTest::aClientThatGoesDuringTheLoadIsNotWaitedFor() {
    EndlessLoad endless;
    std::atomic<bool> isEndless = true;
    RestingEngine engine(mustLoad(), [&](const std::stop_token& stop) {
        return isEndless ? endless(stop) : loadMini(stop);
    });
    AnswerQueue queue(engine, 4, 1ms);
    QTRY_VERIFY_WITH_TIMEOUT(!queue.load().isLoaded, kPatienceMs);
    const auto gone = queue.submitOrNull(hello());
    QTRY_VERIFY_WITH_TIMEOUT(endless.hasBegun(), kPatienceMs);
    const auto next = queue.submitOrNull(hello());  // waits behind it
    isEndless = false;
    gone->cancel();
    const auto last = lastPiece(*next);
    QVERIFY(last && std::holds_alternative<AnswerEnd>(*last));
    const auto left = lastPiece(*gone);
    QVERIFY(left && std::holds_alternative<ApiError>(*left));
}

void AnswerQueueTest::aLoadThatFailsIsTriedAgain() {
    std::atomic<bool> isGone = true;
    RestingEngine engine(mustLoad(), [&](std::stop_token stop) -> Result<Engine> {
        if (isGone) return Error{ErrorCode::NotFound, "model.gguf is not there"};
        return loadMini(std::move(stop));
    });
    AnswerQueue queue(engine, 4, 1ms);
    QTRY_VERIFY_WITH_TIMEOUT(!queue.load().isLoaded, kPatienceMs);
    const auto answer = queue.submitOrNull(hello());
    const auto last = lastPiece(*answer);
    QVERIFY(last && std::holds_alternative<ApiError>(*last));
    QCOMPARE(std::get<ApiError>(*last).status, 500);
    QCOMPARE(std::get<ApiError>(*last).message, std::string("model.gguf is not there"));
    isGone = false;
    QVERIFY(isAnswered(queue));
}

void AnswerQueueTest::closingDuringTheLoadEndsIt() {
    EndlessLoad endless;
    RestingEngine engine(mustLoad(), [&](const std::stop_token& stop) { return endless(stop); });
    AnswerQueue queue(engine, 4, 1ms);
    QTRY_VERIFY_WITH_TIMEOUT(!queue.load().isLoaded, kPatienceMs);
    const auto answer = queue.submitOrNull(hello());
    QTRY_VERIFY_WITH_TIMEOUT(endless.hasBegun(), kPatienceMs);
    queue.close();
    const auto last = lastPiece(*answer);
    QVERIFY(last && std::holds_alternative<ApiError>(*last));
    QCOMPARE(std::get<ApiError>(*last).status, 503);
}

/// Not that too many wait.
void AnswerQueueTest::whoComesAfterTheEndHearsOfIt() {
    RestingEngine engine(mustLoad(), loadMini);
    AnswerQueue queue(engine, 0);
    queue.close();
    const auto answer = queue.submitOrNull(hello());
    QVERIFY(answer);
    const auto last = lastPiece(*answer);
    QVERIFY(last && std::holds_alternative<ApiError>(*last));
    QCOMPARE(std::get<ApiError>(*last).code, std::string("shutting_down"));
}

/// Several clients, of whom some leave, and an engine that rests in between.
void AnswerQueueTest::anyOrderGivesTheSameAnswers() {
    RestingEngine engine(mustLoad(), loadMini);
    AnswerQueue queue(engine, 8, 1ms);
    std::atomic<int> nAnswered = 0;
    std::atomic<int> nWrong = 0;
    const auto ask = [&](unsigned seed) {
        std::mt19937 random(seed);
        for (int i = 0; i < 30; ++i) {
            const auto answer = queue.submitOrNull(hello());
            if (!answer) {
                ++nWrong;
            } else if (random() % 3 == 0) {
                if (random() % 2 == 0) (void)answer->next(kPatience);
                answer->cancel();
                if (random() % 4 == 0) QThread::msleep(5);  // long enough to rest
            } else {
                std::string text;
                auto piece = answer->next(kPatience);
                while (piece && !std::holds_alternative<AnswerEnd>(*piece)) {
                    if (const auto* delta = std::get_if<TextDelta>(&*piece)) text += delta->text;
                    if (const auto* delta = std::get_if<ThinkingDelta>(&*piece))
                        text += delta->text;
                    if (std::holds_alternative<ApiError>(*piece)) break;
                    piece = answer->next(kPatience);
                }
                const bool isWhole = piece && std::holds_alternative<AnswerEnd>(*piece);
                if (!isWhole || text != "A greeting. I") ++nWrong;
                ++nAnswered;
            }
        }
    };
    std::vector<std::thread> clients;
    for (const unsigned seed : lares::test::seeds(4)) clients.emplace_back(ask, seed);
    for (std::thread& client : clients) client.join();
    QCOMPARE(nWrong, 0);
    QVERIFY(nAnswered > 40);
}

QTEST_GUILESS_MAIN(AnswerQueueTest)
#include "tst_answer_queue.moc"
