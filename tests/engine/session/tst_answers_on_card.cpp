// Answers of an engine whose tokens are picked on a card, beside those of the CPU's: the same
// tokens, the same end, also where a stop, a full context or a lost card comes in between.

#include "engine/session/engine.h"
#include "tests/engine/session/on_card.h"

#include <QTest>

#include <algorithm>

using namespace lares;
using namespace lares::test;

namespace {

struct Engines {
    explicit Engines(int n_ctx = 256)
        : on_card(must(
              Engine::create(load("t-F32.gguf"), {.session = options_on("auto", cards, n_ctx)})))
        , on_cpu(
              must(Engine::create(load("t-F32.gguf"), {.session = options_on("cpu", {}, n_ctx)}))) {
    }

    std::shared_ptr<OneCard> cards = std::make_shared<OneCard>();
    Engine on_card;
    Engine on_cpu;
};

GenerationRequest request_of(std::string text, int max_tokens, const SamplingParams& sampling) {
    GenerationRequest request;
    request.conversation.messages = {
        {.role = "user", .content = std::move(text), .reasoning = {}, .tool_calls = {}}};
    request.sampling = sampling;
    request.max_tokens = max_tokens;
    return request;
}

std::vector<TokenId> tokens_of(const Engine& engine) {
    const auto tokens = const_cast<Engine&>(engine).session().tokens();
    return {tokens.begin(), tokens.end()};
}

/// Empty if both engines answer alike and are at the same tokens afterwards.
QString difference(Engines& engines, const GenerationRequest& request) {
    const Generation got = must(engines.on_card.generate(request));
    const Generation want = must(engines.on_cpu.generate(request));
    if (got.text != want.text) return "another text";
    if (got.thinking != want.thinking) return "another thinking";
    if (got.finish_reason != want.finish_reason) return "another end";
    if (got.stats.generated_tokens != want.stats.generated_tokens) return "another length";
    auto read = tokens_of(engines.on_card);
    // A card that went on unseen has read a stop token, too: it comes next in the next turn's
    // prompt.
    if (got.finish_reason == FinishReason::Stop && engines.on_card.session().device() != "cpu") {
        const auto stops = engines.on_card.model().tokenizer().stop_ids();
        if (std::ranges::binary_search(stops, read.back())) read.pop_back();
    }
    if (read != tokens_of(engines.on_cpu)) return "other tokens were read";
    return {};
}

}  // namespace

class TestAnswersOnCard : public QObject {
    Q_OBJECT

private slots:
    void answersAreTheCpus_data();
    void answersAreTheCpus();
    void theContextEndsWhereTheCpusDoes();
    void aStopTokenIsReadWithoutHarm();
    void regeneratingRunsNoForwardPass();
    void aStoppedAnswerLeavesTheSessionAsItSays();
    void aLostCardChangesNothingInTheAnswer();
    void draftsChangeNothingInTheAnswer();
};

void TestAnswersOnCard::answersAreTheCpus_data() {
    QTest::addColumn<SamplingParams>("params");
    QTest::addColumn<int>("thinking_budget");
    QTest::addColumn<int>("max_tokens");
    SamplingParams penalized = drawing(3);
    penalized.frequency_penalty = 0.5F;
    penalized.repeat_penalty = 1.2F;
    QTest::newRow("greedy") << SamplingParams::greedy() << -1 << 8;
    QTest::newRow("one token") << SamplingParams::greedy() << -1 << 1;
    QTest::newRow("the defaults") << SamplingParams() << -1 << 8;
    QTest::newRow("penalties") << penalized << -1 << 8;
    QTest::newRow("no thinking") << penalized << 0 << 8;
    QTest::newRow("thinking that is closed") << penalized << 1 << 72;
}

void TestAnswersOnCard::answersAreTheCpus() {
    QFETCH(SamplingParams, params);
    QFETCH(int, thinking_budget);
    QFETCH(int, max_tokens);
    Engines engines;
    GenerationRequest request = request_of("hello", max_tokens, params);
    if (thinking_budget >= 0) request.thinking_budget = thinking_budget;
    QCOMPARE(difference(engines, request), QString());
    // Again, from the snapshot, and the next turn.
    request.max_tokens = 3;
    QCOMPARE(difference(engines, request), QString());
    request.conversation.messages.push_back(
        {.role = "assistant", .content = "oh", .reasoning = {}, .tool_calls = {}});
    request.conversation.messages.push_back(
        {.role = "user", .content = "and?", .reasoning = {}, .tool_calls = {}});
    QCOMPARE(difference(engines, request), QString());
}

void TestAnswersOnCard::theContextEndsWhereTheCpusDoes() {
    Engines large;
    const int n_prompt =
        must(large.on_cpu.generate(request_of("hello", 1, {}))).stats.prompt_tokens;
    Engines engines(n_prompt + 4);
    const auto request = request_of("hello", 100, drawing(2));
    QCOMPARE(difference(engines, request), QString());
    QVERIFY(must(engines.on_card.generate(request)).finish_reason == FinishReason::Context);
}

/// The next turn, which goes on behind it, and another answer to the same are the CPU's.
void TestAnswersOnCard::aStopTokenIsReadWithoutHarm() {
    Engines engines;
    SamplingParams params = drawing(0);
    params.temperature = 10.0F;
    params.top_p = 1.0F;
    int n_stop = 0;
    for (; params.seed < 60 && n_stop < 2; ++params.seed) {
        const auto request = request_of("hello", 60, params);
        if (must(engines.on_cpu.generate(request)).finish_reason != FinishReason::Stop) continue;
        ++n_stop;
        QCOMPARE(difference(engines, request), QString());
        auto other = request;
        other.max_tokens = 4;
        QCOMPARE(difference(engines, other), QString());
        QCOMPARE(difference(engines, request), QString());
        other.conversation.messages.push_back(
            {.role = "assistant", .content = "oh", .reasoning = {}, .tool_calls = {}});
        other.conversation.messages.push_back(
            {.role = "user", .content = "and?", .reasoning = {}, .tool_calls = {}});
        QCOMPARE(difference(engines, other), QString());
    }
    QCOMPARE(n_stop, 2);
}

void TestAnswersOnCard::regeneratingRunsNoForwardPass() {
    Engines engines;
    must(engines.on_card.generate(request_of("hello", 3, drawing(1))));
    const auto before = engines.cards->last->work();
    const auto again = must(engines.on_card.generate(request_of("hello", 1, drawing(1))));
    const auto after = engines.cards->last->work();
    QCOMPARE(again.stats.cached_tokens, again.stats.prompt_tokens);
    QCOMPARE(after.n_kernel - before.n_kernel, std::size_t{3});
    const auto want = must(engines.on_cpu.generate(request_of("hello", 1, drawing(1))));
    QCOMPARE(again.text, want.text);
    QCOMPARE(again.thinking, want.thinking);

    const auto longer = must(engines.on_card.generate(request_of("hello", 5, drawing(1))));
    QCOMPARE(longer.stats.generated_tokens, 5);
    const auto in_the_end = engines.cards->last->work();
    QCOMPARE(in_the_end.downloaded_bytes - after.downloaded_bytes, std::size_t{0});
    QCOMPARE(in_the_end.n_wait - after.n_wait, std::size_t{5});
}

/// With a step still computing when the user stops.
void TestAnswersOnCard::aStoppedAnswerLeavesTheSessionAsItSays() {
    Engines engines;
    std::stop_source source;
    const auto stopped = engines.on_card.generate(
        request_of("hello", 40, drawing(5)), source.get_token(), [&](const EngineEvent& event) {
            if (!std::get_if<PrefillProgress>(&event)) source.request_stop();
        });
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::Cancelled);

    const auto read = tokens_of(engines.on_card);
    Session& session = engines.on_card.session();
    const auto got = must(session.fetch_logits());
    const std::vector<float> logits(got.begin(), got.end());
    // As if exactly these had been read.
    const std::size_t n_prompt =
        engines.on_card.generate(request_of("hello", 1, drawing(5)))->stats.prompt_tokens;
    QVERIFY(read.size() > n_prompt);
    must(session.read(std::span(read).subspan(n_prompt, 1)));
    for (std::size_t i = n_prompt + 1; i < read.size(); ++i)
        must(session.read(std::span(read).subspan(i, 1)));
    const auto want = must(session.fetch_logits());
    QCOMPARE(logits, std::vector<float>(want.begin(), want.end()));
}

/// Not even what is drawn: the chain beside the card's sampler goes on where that one was.
void TestAnswersOnCard::aLostCardChangesNothingInTheAnswer() {
    SamplingParams params = drawing(6);
    params.frequency_penalty = 0.4F;
    const auto request = request_of("hello", 14, params);
    // At the next pick, at the step after it, and a few tokens on.
    for (const int n_kernel : {1, 4, 100}) {
        Engines engines;
        const auto want = must(engines.on_cpu.generate(request));
        int n_event = 0;
        int n_notice = 0;
        const auto got = must(engines.on_card.generate(request, {}, [&](const EngineEvent& event) {
            n_notice += std::get_if<DeviceNotice>(&event) ? 1 : 0;
            if (std::get_if<TextDelta>(&event) || std::get_if<ThinkingDelta>(&event))
                if (++n_event == 2) engines.cards->last->fail_at_launch(n_kernel);
        }));
        QVERIFY(n_event >= 2);
        QCOMPARE(n_notice, 1);
        QCOMPARE(engines.on_card.session().device(), std::string("cpu"));
        QCOMPARE(got.text, want.text);
        QCOMPARE(got.thinking, want.thinking);
        QCOMPARE(got.stats.generated_tokens, want.stats.generated_tokens);
        QCOMPARE(tokens_of(engines.on_card), tokens_of(engines.on_cpu));
    }
}

/// What a form forces is computed ahead on the card, also where it is lost with a draft half taken.
void TestAnswersOnCard::draftsChangeNothingInTheAnswer() {
    auto request = request_of("hello", 24, drawing(1));
    request.prompt.enable_thinking = false;
    request.form.kind = AnswerForm::Kind::JsonValue;
    request.form.schema = *parse_json(R"({"enum":["vermilion","aquamarine"]})");
    Engines engines;
    QCOMPARE(difference(engines, request), QString());
    const auto got = must(engines.on_card.generate(request));
    QVERIFY2(got.stats.accepted_tokens > 0, qPrintable(QString::number(got.stats.drafted_tokens)));

    int n_notice = 0;
    const auto lost = must(engines.on_card.generate(request, {}, [&](const EngineEvent& event) {
        if (std::get_if<TextDelta>(&event) && n_notice == 0) engines.cards->last->fail_at_launch(1);
        n_notice += std::get_if<DeviceNotice>(&event) ? 1 : 0;
    }));
    QCOMPARE(n_notice, 1);
    QCOMPARE(lost.text, got.text);
    QCOMPARE(tokens_of(engines.on_card), tokens_of(engines.on_cpu));
}

QTEST_APPLESS_MAIN(TestAnswersOnCard)
#include "tst_answers_on_card.moc"
