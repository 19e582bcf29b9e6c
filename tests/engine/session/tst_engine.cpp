// The engine as a program uses it, on Lares Mini: a real prompt format, vocabulary and model.

#include "engine/session/engine.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <string>
#include <variant>
#include <vector>

using namespace lares;

namespace {

Message message(std::string role, std::string content) {
    Message m;
    m.role = std::move(role);
    m.content = std::move(content);
    return m;
}

GenerationRequest request(std::vector<Message> messages, int max_tokens = 48) {
    GenerationRequest r;
    r.conversation.messages = std::move(messages);
    r.prompt.enable_thinking = false;
    r.sampling = SamplingParams::greedy();
    r.max_tokens = max_tokens;
    return r;
}

GenerationRequest hello() {
    return request({message("system", "You are Lares."), message("user", "hi")});
}

}  // namespace

class TestEngine : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void eventsAddUpToTheAnswer();
    void greedyAnswersAreRepeatable();
    void regeneratingReadsNothingAgain();
    void nextTurnReadsOnlyWhatIsNew();
    void editingAMessageKeepsWhatIsBeforeIt();
    void restoredAnswerEqualsTheFreshOne();
    void branchesDoNotDisturbEachOther();
    void systemTurnIsSharedByConversations();
    void stopsAtTheLimitOfTokens();
    void stopsWhereTheContextEnds();
    void refusesAPromptLongerThanTheContextAndWorksOn();
    void honoursAStopAndWorksOn();
    void closesThinkingAtItsBudget();
    void anAnswerIsHeldToItsSchema();
    void aCallThatIsAskedForIsMade();
    void callsAreOfToolsThatThereAre();
    void refusesNonsense();

private:
    Engine fresh(int n_ctx = 1024) const {
        Engine::Options options;
        options.session.n_ctx = n_ctx;
        options.session.n_threads = 2;
        auto engine = Engine::create(m_model, options);
        if (!engine) qFatal("%s", engine.error().message.c_str());
        return std::move(engine).value();
    }

    std::shared_ptr<const Model> m_model;
};

#define ANSWER(name, engine, ...)                                                        \
    auto name##_result = (engine).generate(__VA_ARGS__);                                 \
    QVERIFY2(name##_result, name##_result ? "" : name##_result.error().message.c_str()); \
    [[maybe_unused]] Generation& name = *name##_result

void TestEngine::initTestCase() {
    auto model = Model::load(test::source_file("resources/mini_model/lares-mini.gguf"));
    QVERIFY2(model, model ? "" : model.error().message.c_str());
    m_model = std::move(model).value();
    QCOMPARE(m_model->prompt_format(), PromptFormat::Nemotron3);
    QVERIFY2(m_model->template_notice().empty(), m_model->template_notice().c_str());
}

void TestEngine::eventsAddUpToTheAnswer() {
    Engine engine = fresh();
    std::string text, thinking;
    std::vector<PrefillProgress> progress;
    auto with_thinking = hello();
    with_thinking.prompt.enable_thinking = true;
    with_thinking.max_tokens = 160;
    ANSWER(answer, engine, with_thinking, {}, [&](const EngineEvent& event) {
        if (const auto* t = std::get_if<TextDelta>(&event)) text += t->text;
        if (const auto* t = std::get_if<ThinkingDelta>(&event)) thinking += t->text;
        if (const auto* p = std::get_if<PrefillProgress>(&event)) progress.push_back(*p);
    });
    QCOMPARE(text, answer.text);
    QCOMPARE(thinking, answer.thinking);
    QVERIFY(!answer.text.empty());
    QVERIFY(!progress.empty());
    QCOMPARE(progress.back().done, progress.back().total);
    QCOMPARE(progress.back().total, answer.stats.prompt_tokens);
    QVERIFY(answer.text.find("<|im_end|>") == std::string::npos);
    QVERIFY(answer.text.find("</think>") == std::string::npos);
}

void TestEngine::greedyAnswersAreRepeatable() {
    Engine a = fresh(), b = fresh();
    ANSWER(first, a, hello());
    ANSWER(second, b, hello());
    QCOMPARE(first.text, second.text);
}

void TestEngine::regeneratingReadsNothingAgain() {
    Engine engine = fresh();
    ANSWER(first, engine, hello());
    QCOMPARE(first.stats.cached_tokens, 0);
    ANSWER(again, engine, hello());
    QCOMPARE(again.stats.cached_tokens, again.stats.prompt_tokens);
    QCOMPARE(again.text, first.text);
}

void TestEngine::nextTurnReadsOnlyWhatIsNew() {
    Engine engine = fresh();
    ANSWER(first, engine, hello());
    QCOMPARE(first.finish_reason, FinishReason::Stop);
    auto next = hello();
    next.conversation.messages.push_back(message("assistant", first.text));
    next.conversation.messages.push_back(message("user", "who are you?"));
    ANSWER(second, engine, next);
    // All of the first prompt and answer is there; new are its end of turn, the question and the
    // next turn's start.
    QVERIFY2(second.stats.cached_tokens >= first.stats.prompt_tokens,
             "the first prompt was read again");
    const auto question = m_model->tokenizer().encode_with_special(
        "<|im_end|>\n<|im_start|>user\nwho are "
        "you?<|im_end|>\n<|im_start|>assistant\n<think></think>");
    QVERIFY(second.stats.prompt_tokens - second.stats.cached_tokens <=
            static_cast<int>(question.size()));
}

void TestEngine::editingAMessageKeepsWhatIsBeforeIt() {
    Engine engine = fresh();
    auto conversation =
        request({message("system", "You are Lares."), message("user", "hi"),
                 message("assistant", "Hello!"), message("user", "what can you do?")});
    ANSWER(first, engine, conversation);
    conversation.conversation.messages.back().content = "who made you?";
    ANSWER(edited, engine, conversation);
    QVERIFY2(edited.stats.cached_tokens > 0, "nothing of the conversation was kept");
    Engine other = fresh();
    ANSWER(without_detour, other, conversation);
    QCOMPARE(edited.text, without_detour.text);
}

void TestEngine::restoredAnswerEqualsTheFreshOne() {
    Engine engine = fresh();
    ANSWER(first, engine, hello());
    ANSWER(other, engine,
           request({message("system", "You are Lares."), message("user", "what is 2 + 2?")}));
    ANSWER(again, engine, hello());
    QCOMPARE(again.stats.cached_tokens, again.stats.prompt_tokens);
    QCOMPARE(again.text, first.text);
}

void TestEngine::branchesDoNotDisturbEachOther() {
    Engine engine = fresh();
    std::vector<GenerationRequest> branches;
    for (const char* text : {"hi", "thanks", "tell me a joke"})
        branches.push_back(request({message("system", "You are Lares."), message("user", "hello"),
                                    message("assistant", "Hello!"), message("user", text)}));
    std::vector<std::string> answers;
    for (const auto& branch : branches) {
        ANSWER(answer, engine, branch);
        answers.push_back(answer.text);
    }
    for (std::size_t i = branches.size(); i-- > 0;) {
        ANSWER(again, engine, branches[i]);
        QCOMPARE(again.text, answers[i]);
        QCOMPARE(again.stats.cached_tokens, again.stats.prompt_tokens);
    }
}

void TestEngine::systemTurnIsSharedByConversations() {
    Engine engine = fresh();
    ANSWER(first, engine, hello());
    ANSWER(other, engine,
           request({message("system", "You are Lares."), message("user", "what time is it?")}));
    const auto system =
        m_model->tokenizer().encode_with_special("<|im_start|>system\nYou are Lares.<|im_end|>\n");
    QVERIFY(other.stats.cached_tokens >= static_cast<int>(system.size()));
}

void TestEngine::stopsAtTheLimitOfTokens() {
    Engine engine = fresh();
    auto limited = hello();
    limited.max_tokens = 2;
    ANSWER(answer, engine, limited);
    QCOMPARE(answer.stats.generated_tokens, 2);
    QCOMPARE(answer.finish_reason, FinishReason::Length);
}

void TestEngine::stopsWhereTheContextEnds() {
    auto long_answer = hello();
    long_answer.max_tokens = 500;
    Engine probe = fresh();
    ANSWER(free_answer, probe, long_answer);
    const int needed = free_answer.stats.prompt_tokens + 3;
    QVERIFY(free_answer.stats.generated_tokens > 3);
    Engine engine = fresh(needed);
    ANSWER(answer, engine, long_answer);
    QCOMPARE(answer.finish_reason, FinishReason::Context);
    QVERIFY(answer.stats.generated_tokens >= 3);
}

void TestEngine::refusesAPromptLongerThanTheContextAndWorksOn() {
    Engine engine = fresh(64);
    std::string text;
    for (int i = 0; i < 200; ++i) text += "hello ";
    const auto too_long = request({message("system", "You are Lares."), message("user", text)});
    bool has_read = false;
    const auto refused =
        engine.generate(too_long, {}, [&](const EngineEvent&) { has_read = true; });
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::ContextFull);
    QVERIFY(refused.error().message.find("64") != std::string::npos);
    // Nobody waits for a part of it, and the sentence counts all of it.
    QVERIFY(!has_read);
    QCOMPARE(engine.session().position(), 0);
    const int needed = static_cast<int>(
        m_model->tokenizer().encode_with_special(engine.render(too_long).value()).size());
    QVERIFY(refused.error().message.find(std::to_string(needed)) != std::string::npos);
    ANSWER(answer, engine, request({message("user", "hi")}, 4));
}

void TestEngine::honoursAStopAndWorksOn() {
    Engine engine = fresh();
    ANSWER(whole, engine, hello());
    std::stop_source stop;
    int n_pieces = 0;
    const auto stopped = engine.generate(hello(), stop.get_token(), [&](const EngineEvent& event) {
        if (std::holds_alternative<TextDelta>(event) && ++n_pieces == 2) stop.request_stop();
    });
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    QVERIFY(n_pieces <= 3);
    ANSWER(again, engine, hello());
    QCOMPARE(again.text, whole.text);
}

void TestEngine::closesThinkingAtItsBudget() {
    Engine engine = fresh();
    auto thinking = hello();
    thinking.prompt.enable_thinking = true;
    thinking.max_tokens = 200;
    thinking.thinking_budget = 0;
    ANSWER(answer, engine, thinking);
    QCOMPARE(answer.thinking, std::string());
    QVERIFY(!answer.text.empty());
}

/// Whatever is drawn, also far from what the model would say: the answer is of the form.
void TestEngine::anAnswerIsHeldToItsSchema() {
    Engine engine = fresh();
    GenerationRequest r = request({message("user", "Where is it warm?")}, 300);
    r.form = {AnswerForm::Kind::JsonValue, *parse_json(R"({"type":"object","properties":{
        "city":{"enum":["Rome","Cairo"]},"degrees":{"type":"integer","minimum":-20,"maximum":50}},
        "required":["city","degrees"]})")};
    r.sampling = SamplingParams{};
    r.sampling.temperature = 3.0F;
    r.sampling.top_p = 1.0F;
    for (const bool thinks : {false, true}) {
        r.prompt.enable_thinking = thinks;
        r.thinking_budget = 20;
        for (std::uint64_t seed = 1; seed <= 6; ++seed) {
            r.sampling.seed = seed;
            ANSWER(answer, engine, r);
            QCOMPARE(answer.finish_reason, FinishReason::Stop);
            const auto json = parse_json(answer.text);
            QVERIFY2(json, answer.text.c_str());
            QVERIFY(json->at("city") == "Rome" || json->at("city") == "Cairo");
            QVERIFY(json->at("degrees") >= -20 && json->at("degrees") <= 50);
        }
    }
}

void TestEngine::aCallThatIsAskedForIsMade() {
    Engine engine = fresh();
    GenerationRequest r = request({message("user", "hi")}, 200);
    r.conversation.tools = {*parse_json(R"({"name":"get_time","parameters":{"type":"object",
        "properties":{"zone":{"enum":["UTC","CET"]}},"required":["zone"]}})"),
                            *parse_json(R"({"name":"get_date"})")};
    r.form.kind = AnswerForm::Kind::Call;
    r.form.function = "get_time";
    ANSWER(answer, engine, r);
    QCOMPARE(answer.finish_reason, FinishReason::ToolCalls);
    QCOMPARE(answer.tool_calls.front().name, std::string("get_time"));
    QVERIFY(answer.tool_calls.front().arguments.contains("zone"));
}

/// A model that draws at random writes a call as soon as it has begun one.
void TestEngine::callsAreOfToolsThatThereAre() {
    Engine engine = fresh(2048);
    GenerationRequest r = request({message("user", "What time is it?")}, 250);
    r.conversation.tools = {*parse_json(R"({"name":"get_time",
        "description":"The current local date and time.",
        "parameters":{"type":"object","properties":{}}})")};
    r.sampling = SamplingParams{};
    r.sampling.temperature = 1.3F;
    r.sampling.top_p = 1.0F;
    std::size_t n_calls = 0;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        r.sampling.seed = seed;
        ANSWER(answer, engine, r);
        if (answer.finish_reason == FinishReason::Length) continue;
        QCOMPARE(answer.malformed_calls.size(), std::size_t{0});
        n_calls += answer.tool_calls.size();
        for (const ToolCall& call : answer.tool_calls) QCOMPARE(call.name, std::string("get_time"));
    }
    QVERIFY(n_calls > 0);
}

void TestEngine::refusesNonsense() {
    Engine engine = fresh();
    QVERIFY(!engine.generate(request({})));
    auto bad = hello();
    bad.max_tokens = 0;
    QVERIFY(!engine.generate(bad));
    bad = hello();
    bad.thinking_budget = -1;
    QVERIFY(!engine.generate(bad));
    bad = hello();
    bad.sampling.top_p = 2.0F;
    QVERIFY(!engine.generate(bad));
    Engine::Options options;
    options.session.n_ctx = 0;
    QVERIFY(!Engine::create(m_model, options));
}

QTEST_APPLESS_MAIN(TestEngine)
#include "tst_engine.moc"
