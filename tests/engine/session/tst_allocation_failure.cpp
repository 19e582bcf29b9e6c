// Every allocation of the engine fails once: the answer is OutOfMemory, nothing is lost, and the
// next request works. operator new is replaced, so this is a program of its own.

#include "engine/session/engine.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <new>
#include <string>
#include <vector>

namespace {

/// Allocations from now on until one fails; 0: none will.
std::atomic<long> g_countdown = 0;

void* allocate(std::size_t size, std::size_t alignment) {
    if (g_countdown.load(std::memory_order_relaxed) > 0 && g_countdown.fetch_sub(1) == 1)
        return nullptr;
    if (alignment <= alignof(std::max_align_t)) return std::malloc(size ? size : 1);
    return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}
void* allocate_or_throw(std::size_t size, std::size_t alignment) {
    if (void* memory = allocate(size, alignment)) return memory;
    throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) {
    return allocate_or_throw(size, 1);
}
void* operator new[](std::size_t size) {
    return allocate_or_throw(size, 1);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return allocate(size, 1);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return allocate(size, 1);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}

using namespace lares;

namespace {

/// Runs `work` with its first, second, third … allocation failing, until it succeeds without one
/// that failed. `after` runs each time, with memory again. How often it failed.
int fail_each(const std::function<Result<void>()>& work, const std::function<void()>& after) {
    int n_failed = 0;
    for (long n = 1;; ++n) {
        g_countdown = n;
        const Result<void> result = work();
        const bool has_failed = g_countdown == 0;
        g_countdown = 0;
        if (!result) {
            if (result.error().code != ErrorCode::OutOfMemory || result.error().message.empty())
                qFatal("allocation %ld: %s", n, result.error().message.c_str());
            ++n_failed;
        }
        after();
        if (!has_failed) return n_failed;
    }
}

std::filesystem::path tiny_file() {
    return test::data_file("golden/t-MIX.gguf");
}

Engine::Options options() {
    Engine::Options options;
    options.session.n_threads = 2;
    options.session.n_ctx = 512;
    options.session.prefill_batch = 32;
    return options;
}

GenerationRequest request(const std::string& text) {
    GenerationRequest request;
    request.conversation.messages = {
        {.role = "system", .content = "Be brief.", .reasoning = {}, .tool_calls = {}},
        {.role = "user", .content = text, .reasoning = {}, .tool_calls = {}}};
    request.sampling = SamplingParams::greedy();
    request.max_tokens = 5;
    return request;
}

std::string answer_of(Engine& engine, const GenerationRequest& request) {
    const auto answer = engine.generate(request);
    if (!answer) qFatal("%s", answer.error().message.c_str());
    return answer->thinking + answer->text;
}

std::vector<float> append(Session& session, std::span<const TokenId> tokens) {
    const auto logits = session.append(tokens);
    if (!logits) qFatal("%s", logits.error().message.c_str());
    return {logits->begin(), logits->end()};
}

}  // namespace

class TestAllocationFailure : public QObject {
    Q_OBJECT

private slots:
    void whileLoading();
    void whileMakingASession();
    void whileReadingAPrompt();
    void whileDecoding();
    void whileTakingAndRestoringSnapshots();
    void whileAnswering();
};

void TestAllocationFailure::whileLoading() {
    const std::filesystem::path file = tiny_file();
    std::optional<Engine> engine;
    const int n_failed = fail_each(
        [&]() -> Result<void> {
            ASSIGN_OR_RETURN(engine, Engine::load(file, options()));
            return {};
        },
        [] {});
    QVERIFY2(n_failed > 100, qPrintable(QString::number(n_failed)));
    QVERIFY(engine);
    QVERIFY(!answer_of(*engine, request("Hello")).empty());
}

void TestAllocationFailure::whileMakingASession() {
    const auto model = Model::load(tiny_file());
    QVERIFY(model);
    const int n_failed = fail_each(
        [&]() -> Result<void> {
            ASSIGN_OR_RETURN(const Session session, Session::create(*model, options().session));
            return {};
        },
        [] {});
    QVERIFY(n_failed > 10);
}

void TestAllocationFailure::whileReadingAPrompt() {
    const auto model = Model::load(tiny_file());
    QVERIFY(model);
    const std::vector<TokenId> tokens(100, 7);
    auto plain = Session::create(*model, options().session);
    QVERIFY(plain);
    const auto want = append(*plain, tokens);
    const std::stop_source stop;
    std::optional<Session> session;
    const int n_failed = fail_each(
        [&]() -> Result<void> {
            const long countdown = g_countdown.exchange(0);
            session.emplace(Session::create(*model, options().session).value());
            g_countdown = countdown;
            ASSIGN_OR_RETURN(const auto logits, session->append(tokens, stop.get_token()));
            static_cast<void>(logits);
            return {};
        },
        [&] {
            // Whatever it had read before is kept, and the rest follows.
            const auto position = static_cast<std::size_t>(session->position());
            QCOMPARE(position % 32 == 0 || position == tokens.size(), true);
            if (position < tokens.size())
                QCOMPARE(append(*session, std::span(tokens).subspan(position)), want);
        });
    QVERIFY(n_failed > 2);
}

void TestAllocationFailure::whileDecoding() {
    const auto model = Model::load(tiny_file());
    QVERIFY(model);
    auto plain = Session::create(*model, options().session);
    auto session = Session::create(*model, options().session);
    QVERIFY(plain && session);
    // Across the border of a block of keys and values.
    for (TokenId token = 1; token < 140; ++token) {
        const auto want = append(*plain, {&token, 1});
        fail_each(
            [&]() -> Result<void> {
                if (session->position() == plain->position()) return {};
                ASSIGN_OR_RETURN(const auto logits, session->append({&token, 1}));
                static_cast<void>(logits);
                return {};
            },
            [] {});
        QCOMPARE(session->position(), plain->position());
        const auto got = session->logits();
        QCOMPARE(std::vector<float>(got.begin(), got.end()), want);
    }
}

void TestAllocationFailure::whileTakingAndRestoringSnapshots() {
    const auto model = Model::load(tiny_file());
    QVERIFY(model);
    auto session = Session::create(*model, options().session);
    QVERIFY(session);
    const std::vector<TokenId> tokens(100, 7);
    append(*session, std::span(tokens).first(70));
    std::optional<SessionSnapshot> snapshot;
    int n_failed = fail_each(
        [&]() -> Result<void> {
            ASSIGN_OR_RETURN(snapshot, session->snapshot());
            return {};
        },
        [] {});
    QVERIFY(n_failed > 2);
    const auto want = append(*session, std::span(tokens).subspan(70));
    n_failed = fail_each([&] { return session->restore(*snapshot); },
                         [&] {
                             const int position = session->position();
                             QVERIFY(position == 70 || position == 100);
                             if (position == 70)
                                 QCOMPARE(append(*session, std::span(tokens).subspan(70)), want);
                         });
    QVERIFY(n_failed > 0);
    QCOMPARE(session->position(), 100);
}

void TestAllocationFailure::whileAnswering() {
    auto model = Model::load(tiny_file());
    QVERIFY(model);
    auto plain = Engine::create(*model, options());
    QVERIFY(plain);
    const std::string first = answer_of(*plain, request("Hello"));
    const std::string second = answer_of(*plain, request("Good bye"));
    std::optional<Engine> engine;
    const int n_failed = fail_each(
        [&]() -> Result<void> {
            const long countdown = g_countdown.exchange(0);
            engine.emplace(Engine::create(*model, options()).value());
            const GenerationRequest hello = request("Hello");
            g_countdown = countdown;
            ASSIGN_OR_RETURN(const Generation answer, engine->generate(hello));
            static_cast<void>(answer);
            return {};
        },
        [&] {
            // From the snapshots that it could make, or without them.
            QCOMPARE(answer_of(*engine, request("Hello")), first);
            QCOMPARE(answer_of(*engine, request("Good bye")), second);
        });
    QVERIFY2(n_failed > 50, qPrintable(QString::number(n_failed)));
}

QTEST_APPLESS_MAIN(TestAllocationFailure)
#include "tst_allocation_failure.moc"
