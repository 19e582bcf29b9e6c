// Drafts change how many steps an answer takes, and nothing else of it.

#include "engine/model/model.h"
#include "engine/session/drafter.h"
#include "engine/session/engine.h"
#include "engine/session/token_picker.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <vector>

using namespace lares;

namespace {

using Tokens = std::vector<TokenId>;

std::shared_ptr<const Model> load(const std::filesystem::path& path) {
    auto model = Model::load(path);
    if (!model) qFatal("%s", model.error().message.c_str());
    return std::move(model).value();
}

Session session_of(const std::shared_ptr<const Model>& model, SessionOptions options) {
    options.n_threads = 2;
    options.n_ctx = 512;
    auto session = Session::create(model, options);
    if (!session) qFatal("%s", session.error().message.c_str());
    return std::move(session).value();
}

/// A text of `period` tokens, again and again.
Tokens repeated(int period, int n) {
    Tokens tokens;
    for (int i = 0; i < n; ++i) tokens.push_back(3 + 7 * (i % period));
    return tokens;
}

struct Answer {
    Tokens tokens;
    int n_drafted = 0;
    int n_accepted = 0;
    std::vector<float> last;  // logits
};

/// What decode does, with nothing of a chat.
Answer answer_of(Session& session, const SamplingParams& sampling, int n, bool drafts) {
    const auto prompt = repeated(9, 60);
    if (!session.read(prompt)) qFatal("prompt");
    auto picker = TokenPicker::create(session, sampling, prompt);
    if (!picker) qFatal("picker");
    Drafter drafter(session);
    Answer answer;
    for (int i = 0; i < n; ++i) {
        const auto token = picker->pick();
        if (!token) qFatal("%s", token.error().message.c_str());
        answer.tokens.push_back(*token);
        if (drafts && drafter.try_read(*token, n - i - 1)) continue;
        if (!session.read({&*token, 1})) qFatal("read");
    }
    answer.n_drafted = drafter.n_drafted();
    answer.n_accepted = drafter.n_accepted();
    answer.last.assign(session.logits().begin(), session.logits().end());
    return answer;
}

Message message(std::string role, std::string content) {
    Message m;
    m.role = std::move(role);
    m.content = std::move(content);
    return m;
}

}  // namespace

class TestDrafter : public QObject {
    Q_OBJECT

private slots:
    void tokensAreThoseWithoutDrafts_data();
    void tokensAreThoseWithoutDrafts();
    void answersAreThoseWithoutDrafts_data();
    void answersAreThoseWithoutDrafts();
    void aRepeatedTextTakesFarFewerStepsThanTokens();
    void textThatNeverRepeatsIsNotDrafted();
    void wrongDraftsEnd();
    void draftsEndWithTheAnswer();
    void whatMustComeIsDrafted();
    void whereNothingIsComputedAheadNothingIsDrafted();
    void sameTokensSameDrafts();
};

void TestDrafter::tokensAreThoseWithoutDrafts_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("kv");
    for (const char* file : {"t-F32", "t-BF16", "t-Q4_K", "t-Q5_0", "t-Q8_0", "t-MIX"})
        for (const KvType kv : {KvType::F16, KvType::F32, KvType::Int8})
            QTest::addRow("%s %s", file, to_string(kv).data()) << file << static_cast<int>(kv);
}

void TestDrafter::tokensAreThoseWithoutDrafts() {
    QFETCH(QString, file);
    QFETCH(int, kv);
    const auto model = load(test::data_file("golden/" + file.toStdString() + ".gguf"));
    Session session = session_of(model, {.kv_type = static_cast<KvType>(kv)});
    std::vector<SamplingParams> all{SamplingParams::greedy()};
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        SamplingParams drawn;
        drawn.seed = seed;
        drawn.temperature = 0.1F * static_cast<float>(seed);
        drawn.top_k = seed % 2 == 0 ? 3 : 0;
        drawn.repeat_penalty = seed % 3 == 0 ? 1.1F : 1.0F;
        drawn.frequency_penalty = seed % 4 == 0 ? 0.05F : 0.0F;
        all.push_back(drawn);
    }
    int n_accepted = 0;
    int n_drafted = 0;
    for (const SamplingParams& sampling : all) {
        session.clear();
        const Answer with = answer_of(session, sampling, 60, true);
        session.clear();
        const Answer without = answer_of(session, sampling, 60, false);
        QVERIFY(with.tokens == without.tokens);
        QVERIFY(with.last == without.last);
        n_accepted += with.n_accepted;
        n_drafted += with.n_drafted;
    }
    QVERIFY(n_accepted > 0);          // some drafts were right
    QVERIFY(n_drafted > n_accepted);  // and some wrong, so both ends were tried
}

void TestDrafter::answersAreThoseWithoutDrafts_data() {
    QTest::addColumn<int>("max_tokens");
    QTest::addColumn<int>("n_ctx");
    QTest::addColumn<int>("thinking_budget");  // below 0: no thinking
    QTest::newRow("to the stop token") << 200 << 1024 << -1;
    QTest::newRow("limit of tokens") << 17 << 1024 << -1;
    QTest::newRow("full context") << 400 << 120 << -1;
    QTest::newRow("thinking") << 160 << 1024 << 200;
    QTest::newRow("budget of thinking") << 160 << 1024 << 10;
}

/// Lares Mini, asked again what it has answered, which it may answer in the same words.
void TestDrafter::answersAreThoseWithoutDrafts() {
    QFETCH(int, max_tokens);
    QFETCH(int, n_ctx);
    QFETCH(int, thinking_budget);
    const auto model = load(test::source_file("resources/mini_model/lares-mini.gguf"));
    Engine::Options options;
    options.session.n_threads = 2;
    options.session.n_ctx = n_ctx;
    auto with = Engine::create(model, options);
    options.session.look_ahead = false;
    auto without = Engine::create(model, options);
    QVERIFY(with && without);

    int n_drafted = 0;
    for (const char* text : {"hi", "who are you?", "what can you do?"}) {
        GenerationRequest before;
        before.conversation.messages = {message("system", "You are Lares."), message("user", text)};
        before.prompt.enable_thinking = false;
        before.sampling = SamplingParams::greedy();
        before.max_tokens = 60;
        const auto answered = without->generate(before);
        QVERIFY(answered);
        for (std::uint64_t seed = 0; seed < 4; ++seed) {
            GenerationRequest request = before;
            request.conversation.messages.push_back(message("assistant", answered->text));
            request.conversation.messages.push_back(message("user", text));
            request.prompt.enable_thinking = thinking_budget >= 0;
            if (thinking_budget >= 0) request.thinking_budget = thinking_budget;
            request.max_tokens = max_tokens;
            request.sampling.seed = seed;
            request.sampling.top_p = 0.95F;
            // At the higher one it rambles, so that limits are reached and drafts are wrong.
            request.sampling.temperature = seed == 0 ? 0.0F : 0.6F * static_cast<float>(seed);
            const auto a = with->generate(request);
            const auto b = without->generate(request);
            QVERIFY(a && b);
            QCOMPARE(a->text, b->text);
            QCOMPARE(a->thinking, b->thinking);
            QCOMPARE(a->tool_calls.size(), b->tool_calls.size());
            QCOMPARE(a->finish_reason, b->finish_reason);
            QCOMPARE(a->stats.generated_tokens, b->stats.generated_tokens);
            QVERIFY(std::ranges::equal(with->session().tokens(), without->session().tokens()));
            QVERIFY(a->stats.accepted_tokens <= a->stats.drafted_tokens);
            QCOMPARE(b->stats.drafted_tokens, 0);
            n_drafted += a->stats.drafted_tokens;
        }
    }
    QVERIFY(n_drafted > 0);
}

/// Counted, not timed. The text is given, as if it had been picked.
void TestDrafter::aRepeatedTextTakesFarFewerStepsThanTokens() {
    Session session = session_of(load(test::data_file("golden/t-MIX.gguf")), {});
    const auto text = repeated(40, 200);
    QVERIFY(session.read(std::span(text).first(40)));
    Drafter drafter(session);
    int n_steps = 0;
    for (std::size_t i = 40; i < text.size(); ++i) {
        const bool was_there = session.expects(text[i]);
        if (!drafter.try_read(text[i], static_cast<int>(text.size() - i) - 1))
            QVERIFY(session.read({&text[i], 1}));
        n_steps += was_there ? 0 : 1;
    }
    QCOMPARE(session.position(), 200);
    QVERIFY2(n_steps <= 160 / 5, qPrintable(QString::number(n_steps)));
    QCOMPARE(drafter.n_accepted(), 160 - n_steps);
}

void TestDrafter::textThatNeverRepeatsIsNotDrafted() {
    Session session = session_of(load(test::data_file("golden/t-MIX.gguf")), {});
    const auto text = repeated(54, 54);
    QVERIFY(session.read(std::span(text).first(4)));
    Drafter drafter(session);
    for (std::size_t i = 4; i < text.size(); ++i) {
        QVERIFY(!drafter.try_read(text[i], 100));
        QVERIFY(session.read({&text[i], 1}));
    }
    QCOMPARE(drafter.n_drafted(), 0);
}

/// A text whose words are known but always go on differently: few tokens are computed in vain.
void TestDrafter::wrongDraftsEnd() {
    Session session = session_of(load(test::data_file("golden/t-MIX.gguf")), {});
    Drafter drafter(session);
    int n_read = 0;
    for (TokenId next = 100; next < 230; ++next)
        for (const TokenId token : {1, 2, 3, 4, 5, next}) {
            if (session.position() + 1 >= session.n_ctx()) break;
            // All but the ends are forced to be read one by one, so that each draft is a wrong one.
            if (token != 5 || !drafter.try_read(token, 100)) QVERIFY(session.read({&token, 1}));
            ++n_read;
        }
    QCOMPARE(drafter.n_accepted(), 0);
    QVERIFY2(drafter.n_drafted() < n_read / 8, qPrintable(QString::number(drafter.n_drafted())));
}

void TestDrafter::draftsEndWithTheAnswer() {
    Session session = session_of(load(test::data_file("golden/t-MIX.gguf")), {});
    const auto text = repeated(10, 60);
    QVERIFY(session.read(text));
    Drafter drafter(session);
    const TokenId next = repeated(10, 1).front();
    QVERIFY(!drafter.try_read(next, 0));
    QCOMPARE(drafter.n_drafted(), 0);
    QVERIFY(drafter.try_read(next, 1));
    QCOMPARE(drafter.n_drafted(), 1);
}

/// A call with one way to write most of it: its tokens come with those that were picked, and are
/// the ones that would have been picked alone.
void TestDrafter::whatMustComeIsDrafted() {
    const auto model = load(test::source_file("resources/mini_model/lares-mini.gguf"));
    GenerationRequest request;
    request.conversation.messages = {message("user", "hi")};
    request.conversation.tools = {*parse_json(R"({"name":"set_colour","parameters":{"type":"object",
        "properties":{"colour":{"enum":["vermilion","aquamarine"]}},"required":["colour"]}})")};
    request.prompt.enable_thinking = false;
    request.form.kind = AnswerForm::Kind::Call;
    request.max_tokens = 120;
    std::string calls[2];
    int n_accepted = 0;
    for (const bool looks_ahead : {false, true}) {
        Engine::Options options;
        options.session.n_threads = 2;
        options.session.n_ctx = 1024;
        options.session.look_ahead = looks_ahead;
        auto engine = Engine::create(model, options);
        QVERIFY(engine);
        const auto answer = engine->generate(request);
        QVERIFY(answer);
        QVERIFY(!answer->tool_calls.empty());
        for (const ToolCall& call : answer->tool_calls)
            calls[looks_ahead ? 1 : 0] += to_json(call).dump();
        n_accepted = answer->stats.accepted_tokens;
    }
    QCOMPARE(QString::fromStdString(calls[1]), QString::fromStdString(calls[0]));
    QVERIFY2(n_accepted >= 10, qPrintable(QString::number(n_accepted)));
}

void TestDrafter::whereNothingIsComputedAheadNothingIsDrafted() {
    Session session = session_of(load(test::data_file("golden/t-MIX.gguf")), {.look_ahead = false});
    QCOMPARE(session.max_expected(), 0);
    const Answer answer = answer_of(session, SamplingParams::greedy(), 40, true);
    QCOMPARE(answer.n_drafted, 0);
}

void TestDrafter::sameTokensSameDrafts() {
    const auto model = load(test::data_file("golden/t-MIX.gguf"));
    SamplingParams sampling;
    sampling.seed = 5;
    Session a = session_of(model, {}), b = session_of(model, {});
    const Answer first = answer_of(a, sampling, 80, true);
    const Answer second = answer_of(b, sampling, 80, true);
    QVERIFY(first.tokens == second.tokens);
    QCOMPARE(first.n_drafted, second.n_drafted);
    QCOMPARE(first.n_accepted, second.n_accepted);
}

QTEST_APPLESS_MAIN(TestDrafter)
#include "tst_drafter.moc"
