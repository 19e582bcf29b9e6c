#include "tests/engine/session/engine_user.h"

#include "engine/session/prompt_tokens.h"

#include <set>

namespace lares::test {
namespace {

Message message(std::string role, std::string content) {
    Message made;
    made.role = std::move(role);
    made.content = std::move(content);
    return made;
}

constexpr const char* kPersonas[] = {
    "You are Lares, an assistant that lives on this computer and nowhere else. You answer briefly.",
    "You are a poet."};
constexpr const char* kQuestions[] = {
    "hi",
    "What can you do for me?",
    "Tell me a joke about a house and a mouse.",
    "Who made you?",
    "Repeat after me: the cat sat on the mat, the cat sat on the mat, the cat sat on the mat.",
    ""};

QString difference(const Generation& a, const Generation& b) {
    if (a.text != b.text) return "text";
    if (a.thinking != b.thinking) return "thinking";
    if (a.tool_calls != b.tool_calls) return "calls";
    if (a.malformed_calls.size() != b.malformed_calls.size()) return "malformed calls";
    if (a.finish_reason != b.finish_reason) return "end";
    if (a.stats.prompt_tokens != b.stats.prompt_tokens) return "length of the prompt";
    if (a.stats.generated_tokens != b.stats.generated_tokens) return "length";
    return a.stats.prompt_key != b.stats.prompt_key ? "key" : "";
}

}  // namespace

EngineUser::EngineUser(const std::filesystem::path& folder, unsigned seed)
    : m_dice(seed), m_folder(folder) {
    m_model = must(Model::load(source_file("resources/mini_model/lares-mini.gguf")));
    constexpr int kBatches[] = {8, 32, 256};
    SessionOptions& session = m_options.session;
    session = options_on("cpu", {}, m_dice.one_in(3) ? 180 : 640);
    session.n_threads = 1 + m_dice.below(2);
    session.prefill_batch = m_dice.any(kBatches);
    session.kv_type = m_dice.one_in(3) ? KvType::Int8 : KvType::F16;
    session.input_observer = &m_stop;
    const std::size_t one = must(must(Session::create(m_model, session)).snapshot()).size_bytes();
    m_known.is_whole = !m_dice.one_in(3);
    if (!m_known.is_whole)
        m_options.snapshot_budget_bytes = (one + 4096) * std::size_t(m_dice.below(6));
    m_options.snapshot_folder = folder;
    if (m_dice.one_in(3))
        m_options.snapshot_folder_bytes = (one + 400000) * std::size_t(m_dice.below(5));
    m_reference.emplace(m_model, session);
    for (const char* owner : {"1", "2", "3", "4", ""}) {
        m_chats.push_back({owner, std::string(owner) == "4", {}});
        begin_chat(m_chats.back());
    }
    begin();
}

void EngineUser::begin_chat(Chat& chat) {
    chat.conversation = {};
    chat.last.reset();
    chat.thinks = m_dice.one_in(2);
    if (!m_dice.one_in(6))
        chat.conversation.messages.push_back(message("system", m_dice.any(kPersonas)));
    if (m_dice.one_in(4))
        chat.conversation.tools = {*parse_json(R"({"name":"get_time","parameters":{"type":"object",
            "properties":{"zone":{"enum":["UTC","CET"]}},"required":["zone"]}})")};
    if (m_dice.one_in(8)) chat.conversation.messages.push_back(message("tool", "A secret: 17."));
}

GenerationRequest EngineUser::request_of(const Chat& chat) {
    GenerationRequest request;
    request.conversation = chat.conversation;
    request.prompt.enable_thinking = chat.thinks;
    request.owner = chat.owner;
    request.is_temporary = chat.is_temporary;
    request.sampling = SamplingParams::greedy();
    if (m_dice.one_in(2)) request.sampling = drawing(std::uint64_t(1 + m_dice.below(3)));
    if (m_dice.one_in(5)) request.sampling.repeat_penalty = 1.2F;
    request.max_tokens = m_dice.one_in(8) ? 1 : 2 + m_dice.below(40);
    if (chat.thinks && m_dice.one_in(2)) request.thinking_budget = m_dice.below(12);
    if (m_dice.one_in(8))
        request.form = {
            AnswerForm::Kind::JsonValue,
            *parse_json(R"({"type":"object","properties":{"city":{"enum":["Rome","Cairo"]}},
                            "required":["city"]})")};
    else if (!chat.conversation.tools.empty() && m_dice.one_in(4))
        request.form.kind = AnswerForm::Kind::Call;
    if (m_dice.one_in(12)) {
        request.form = {};
        request.raw_prompt = std::string("A private diary: ") + m_dice.any(kQuestions);
    }
    return request;
}

void EngineUser::act() {
    const int what = m_dice.below(100);
    m_did.append(QString::number(what));
    if (what < 34)
        ask();
    else if (what < 48)
        answer_again();
    else if (what < 56)
        edit();
    else if (what < 72)
        read_ahead();
    else if (what < 78)
        m_engine->keep_snapshots();
    else if (what < 85)
        forget();
    else if (what < 89)
        m_engine->use_disk(m_uses_disk = !m_uses_disk);
    else if (what < 91)
        begin_chat(m_dice.any(m_chats));
    else
        restart();
}

// ---- conversations ------------------------------------------------------------------------------

void EngineUser::ask() {
    Chat& chat = m_dice.any(m_chats);
    chat.conversation.messages.push_back(message("user", m_dice.any(kQuestions)));
    answer(chat, request_of(chat), m_dice.one_in(4));
}

/// The same again, perhaps drawn otherwise.
void EngineUser::answer_again() {
    Chat& chat = m_dice.any(m_chats);
    if (!chat.last) return;
    GenerationRequest request = *chat.last;
    if (m_dice.one_in(2)) request.sampling = drawing(std::uint64_t(1 + m_dice.below(3)));
    chat.conversation = request.conversation;
    answer(chat, request, m_dice.one_in(6));
}

void EngineUser::edit() {
    Chat& chat = m_dice.any(m_chats);
    auto& messages = chat.conversation.messages;
    std::vector<std::size_t> asked;
    for (std::size_t i = 0; i < messages.size(); ++i)
        if (messages[i].role == "user") asked.push_back(i);
    if (asked.empty()) return;
    messages.resize(m_dice.any(asked) + 1);
    messages.back().content = m_dice.any(kQuestions);
    answer(chat, request_of(chat), false);
}

/// What the engine may have started from.
std::vector<Steps> EngineUser::starts_at(const PromptTokens& prompt, int n_known) {
    const Tokens prefix(prompt.ids.begin(), prompt.ids.begin() + n_known);
    std::vector<Steps> starts = m_known.ways_to(prefix, m_uses_disk);
    if (joined(m_live.front()) == prefix) starts.insert(starts.end(), m_live.begin(), m_live.end());
    if (n_known == 0) starts.emplace_back();
    expect(!starts.empty(), QString("goes on from %1 tokens that nobody keeps").arg(n_known));
    return starts;
}

/// What the engine keeps when it has read the prompt's tokens `from` to `until`.
void EngineUser::remember(const PromptTokens& prompt,
                          const GenerationRequest& request,
                          const std::vector<Steps>& starts,
                          int from,
                          int until) {
    const auto& messages = request.conversation.messages;
    const bool has_system =
        !request.raw_prompt && !messages.empty() && messages.front().role == "system";
    for (const int end : kept_boundaries(prompt)) {
        if (end <= from || end > until) continue;
        std::vector<Steps> ways;
        for (const Steps& start : starts)
            ways.push_back(read_until(prompt, start, end, m_options.session.prefill_batch));
        // Of all that is read only the persona's turn is everybody's.
        const bool is_shared = has_system && end == system_turn_tokens(*m_model, request);
        m_known.add({{prompt.ids.begin(), prompt.ids.begin() + end},
                     is_shared ? "" : request.owner,
                     ways,
                     is_shared || (!request.owner.empty() && !request.is_temporary)});
    }
}

/// How an answer's tokens may have been read after the prompt: one by one, and what closes the
/// thinking at once.
std::vector<Steps> EngineUser::with_answer(const std::vector<Steps>& ways, std::size_t n_prompt) {
    const Tokens all = here();
    std::vector<Steps> tails;
    const Tokens tail(all.begin() + static_cast<std::ptrdiff_t>(n_prompt), all.end());
    Steps plain;
    add_steps(plain, tail, 1);
    tails.push_back(plain);
    for (const char* text : {"</think>\n", "\n</think>\n"}) {
        const Tokens closing = m_model->tokenizer().encode_with_special(text);
        auto found = std::search(tail.begin(), tail.end(), closing.begin(), closing.end());
        if (found == tail.end()) continue;
        Steps steps;
        const auto at = static_cast<std::size_t>(found - tail.begin());
        add_steps(steps, std::span(tail).first(at), 1);
        add_steps(steps, closing, m_options.session.prefill_batch);
        add_steps(steps, std::span(tail).subspan(at + closing.size()), 1);
        tails.push_back(steps);
    }
    std::vector<Steps> together;
    for (const Steps& way : ways)
        for (const Steps& more : tails) {
            together.push_back(way);
            together.back().insert(together.back().end(), more.begin(), more.end());
        }
    return together;
}

void EngineUser::answer(Chat& chat, const GenerationRequest& request, bool is_stopped) {
    const RenderedPrompt rendered =
        request.raw_prompt
            ? as_prompt(*request.raw_prompt)
            : must(render_prompt(m_model->prompt_format(), request.conversation, request.prompt));
    const PromptTokens prompt = encode_prompt(m_model->tokenizer(), rendered);
    const int n_prompt = static_cast<int>(prompt.ids.size());
    const Tokens before = here();
    const bool is_live_whole = session().has_logits();
    const int at_least =
        std::max(m_known.certainly_known(prompt.ids), live_tokens(before, is_live_whole, prompt));

    std::stop_token stop;
    if (is_stopped) stop = m_stop.set(m_dice.below(1500));
    std::optional<PrefillProgress> first;
    const auto result = m_engine->generate(request, stop, [&](const EngineEvent& event) {
        if (const auto* progress = std::get_if<PrefillProgress>(&event); progress && !first)
            first = *progress;
    });
    m_stop.clear();
    ++m_n_answers;
    if (n_prompt > session().n_ctx()) {
        expect(!result && result.error().code == ErrorCode::ContextFull, "no end of the context");
        expect(!first, "read a prompt that does not fit");
        expect(here() == before, "lost what it held to a prompt that does not fit");
        return begin_chat(chat);
    }
    expect(result || (is_stopped && result.error().code == ErrorCode::Cancelled),
           QString("no answer: %1").arg(result ? "" : result.error().message.c_str()));
    if (!m_wrong.isEmpty()) return;

    const int position = session().position();
    const int n_known = result ? result->stats.cached_tokens
                               : (first ? n_prompt - first->total : std::min(position, n_prompt));
    m_n_cached += n_known;
    expect(n_known <= n_prompt && (!first || first->total == n_prompt - n_known), "other counts");
    expect(n_known >= at_least, QString("read again: %1 of %2 tokens, %3 were there")
                                    .arg(n_known)
                                    .arg(n_prompt)
                                    .arg(at_least));
    std::vector<Steps> starts = starts_at(prompt, n_known);
    if (!m_wrong.isEmpty()) return;
    if (result) compare(request, *result, starts);
    m_known.used(Tokens(prompt.ids.begin(), prompt.ids.begin() + n_known));
    const int read = std::min(position, n_prompt);
    remember(prompt, request, starts, n_known, read);
    m_live.clear();
    for (const Steps& start : starts)
        m_live.push_back(read_until(prompt, start, read, m_options.session.prefill_batch));
    if (position > n_prompt) m_live = with_answer(m_live, prompt.ids.size());
    check_logits();

    m_due.erase(chat.owner);
    if (!result) return;
    if (!request.raw_prompt) m_due[chat.owner] = request;
    chat.last = request;
    if (request.raw_prompt) return;
    Message said = message("assistant", result->text);
    said.reasoning = result->thinking;
    said.tool_calls = result->tool_calls;
    chat.conversation.messages.push_back(said);
    if (!said.tool_calls.empty())
        chat.conversation.messages.push_back(message("tool", "It is 12:00."));
    if (n_prompt > 420) begin_chat(chat);
}

/// The answer of an engine that keeps nothing and drafts nothing, from any of the starts; those
/// that it is not from go.
void EngineUser::compare(const GenerationRequest& request,
                         const Generation& got,
                         std::vector<Steps>& ways) {
    expect(got.stats.accepted_tokens <= got.stats.drafted_tokens &&
               got.stats.accepted_tokens <= got.stats.generated_tokens,
           "more drafts accepted than made");
    Engine::Options options;
    options.session = m_options.session;
    options.session.n_threads = 1;
    options.session.look_ahead = false;
    options.session.input_observer = nullptr;
    options.snapshot_budget_bytes = 0;
    QString what;
    for (const Steps& way : ways) {
        Engine plain = must(Engine::create(m_model, options));
        for (const Tokens& step : way) must(plain.session().read(step));
        const Generation want = must(plain.generate(request));
        expect(want.stats.cached_tokens == static_cast<int>(joined(way).size()), "not compared");
        what = difference(got, want);
        if (!what.isEmpty()) continue;
        if (!std::ranges::equal(plain.session().tokens(), session().tokens()))
            what = "tokens";
        else if (copy_of(plain.session().logits()) != copy_of(session().logits()))
            what = "logits";
        if (!what.isEmpty()) continue;
        ways = {Steps(way)};
        return;
    }
    expect(
        false,
        QString("an answer of another %1, from %2 tokens").arg(what).arg(got.stats.cached_tokens));
}

/// The session's logits are those of one of the ways that it may have taken.
void EngineUser::check_logits() {
    if (!session().has_logits() || session().position() == 0 || !m_wrong.isEmpty()) return;
    const Logits got = copy_of(session().logits());
    const auto is_other = [&](const Steps& way) { return m_reference->after(way) != got; };
    std::vector<Steps> left = m_live;
    std::erase_if(left, is_other);
    expect(!left.empty(), "other logits");
    if (!left.empty()) m_live = left;
}

void EngineUser::read_ahead() {
    Chat& chat = m_dice.any(m_chats);
    if (chat.conversation.messages.empty()) return;
    GenerationRequest request = request_of(chat);
    request.raw_prompt.reset();
    const PromptTokens prefix =
        must(certain_prefix(*m_model, request.conversation, request.prompt));
    const int n = static_cast<int>(prefix.ids.size());
    const Tokens before = here();
    const int at_least = std::max(m_known.certainly_known(prefix.ids),
                                  live_tokens(before, session().has_logits(), prefix));
    std::stop_token stop;
    const bool is_stopped = m_dice.one_in(3);
    if (is_stopped) stop = m_stop.set(m_dice.below(200));
    const auto read = m_engine->read_ahead(request, stop);
    m_stop.clear();
    m_due.erase(chat.owner);
    if (n == 0 || n >= session().n_ctx()) {
        expect(read && *read == 0 && here() == before, "read ahead what does not fit");
        return;
    }
    expect(read || (is_stopped && read.error().code == ErrorCode::Cancelled), "did not read ahead");
    if (!m_wrong.isEmpty()) return;
    const int position = session().position();
    expect(std::ranges::equal(session().tokens(), std::span(prefix.ids).first(size_t(position))),
           "read something else ahead");
    expect(!read || position == n, "did not read to the end");
    expect(position >= at_least && (!read || n - *read >= at_least), "read again, ahead");
    // Where a stopped one began is not said: wherever it can have.
    std::vector<Steps> ends;
    std::set<int> lengths;
    for (int from = at_least; from <= position; ++from) {
        if (read && from != n - *read) continue;
        const Tokens start(prefix.ids.begin(), prefix.ids.begin() + from);
        if (from > 0 && m_known.ways_to(start, m_uses_disk).empty() &&
            joined(m_live.front()) != start)
            continue;
        lengths.insert(from);
    }
    const bool was_certain = m_known.is_whole;
    m_known.is_whole = was_certain && lengths.size() == 1;
    std::vector<std::pair<int, std::vector<Steps>>> starts;
    for (const int from : lengths) starts.emplace_back(from, starts_at(prefix, from));
    expect(!starts.empty(), "read ahead from nowhere");
    for (const auto& [from, ways] : starts) {
        for (const Steps& way : ways)
            ends.push_back(read_until(prefix, way, position, m_options.session.prefill_batch));
        if (lengths.size() == 1)
            m_known.used(Tokens(prefix.ids.begin(), prefix.ids.begin() + from));
        remember(prefix, request, ways, from, position);
    }
    m_known.is_whole = was_certain;
    m_live = ends;
    check_logits();
}

}  // namespace lares::test
