#include "engine/session/engine.h"

#include "engine/base/system_memory.h"
#include "engine/session/answer_stream.h"
#include "engine/session/drafter.h"
#include "engine/session/prompt_tokens.h"
#include "engine/session/snapshot_tiers.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

namespace lares {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}
double per_second(int n, double seconds) {
    return n > 0 && seconds > 0.0 ? n / seconds : 0.0;
}

/// Tokens past the thinking budget after which the thinking is closed in mid-line.
constexpr int kBudgetGrace = 64;
/// Of a prompt's message boundaries, so many at its end get a snapshot, and the first, after the
/// system turn. More would cost more to save than an edit far back saves.
constexpr std::size_t kSnapshotsAtEnd = 3;

/// Tokens of a prompt that say how fast this machine reads.
constexpr int kEnoughToMeasure = 256;

/// The first boundary of such a prompt lies behind the persona's text, which its conversations
/// share.
bool begins_with_system_turn(const GenerationRequest& request) {
    const auto& messages = request.conversation.messages;
    return !request.raw_prompt && !messages.empty() && messages.front().role == "system";
}

/// What closes the thinking for the model (spec: chat-template.md §3.4).
std::string closing_text(PromptFormat format, bool at_line_start) {
    if (format == PromptFormat::Nemotron3) return at_line_start ? "</think>\n" : "\n</think>\n";
    return at_line_start ? "</think>\n\n" : ".\n</think>\n\n";
}

bool ends_in_open_thinking(const RenderedPrompt& prompt) {
    const std::string text = prompt.text();
    return text.ends_with("<think>\n") || text.ends_with("<think>\n\n");
}

Result<void> check(const GenerationRequest& request) {
    if (request.raw_prompt && request.raw_prompt->empty())
        return Error{ErrorCode::InvalidArgument, "the prompt is empty"};
    if (request.raw_prompt && request.form.kind == AnswerForm::Kind::Call)
        return Error{ErrorCode::InvalidArgument, "a text that goes on holds no calls"};
    if (!request.raw_prompt && request.conversation.messages.empty())
        return Error{ErrorCode::InvalidArgument, "the conversation has no messages"};
    if (request.max_tokens < 1)
        return Error{ErrorCode::InvalidArgument, "max_tokens must be at least 1"};
    if (request.thinking_budget && *request.thinking_budget < 0)
        return Error{ErrorCode::InvalidArgument, "the thinking budget must be 0 or more tokens"};
    return validate(request.sampling);
}

}  // namespace

std::string_view to_string(FinishReason reason) {
    switch (reason) {
        case FinishReason::Stop:
            return "stop";
        case FinishReason::ToolCalls:
            return "tool_calls";
        case FinishReason::Length:
            return "length";
        case FinishReason::Context:
            return "context";
    }
    return "";
}

struct Engine::Impl {
    std::shared_ptr<const Model> model;
    Session session;
    SnapshotTiers snapshots;
    GrammarCache grammars;
    std::string folder_notice;  // why there is no folder

    Impl(std::shared_ptr<const Model> of, Session s, SnapshotTiers tiers)
        : model(std::move(of))
        , session(std::move(s))
        , snapshots(std::move(tiers))
        , grammars(model->tokenizer(), model->prompt_format()) {}

    Result<RenderedPrompt> render(const GenerationRequest& request) const {
        if (request.raw_prompt) return as_prompt(*request.raw_prompt);
        return render_prompt(model->prompt_format(), request.conversation, request.prompt);
    }

    Result<void> read(std::span<const TokenId> tokens,
                      const AnswerStream::Sink& sink,
                      std::stop_token stop = {},
                      const Session::Progress& progress = {});
    Result<void> go_on_with_cpu(const Error& failure,
                                std::span<const TokenId> tokens,
                                const AnswerStream::Sink& sink,
                                std::stop_token stop,
                                const Session::Progress& progress);
    struct Picked {
        TokenId id;
        bool is_read;  ///< the session has read it
    };
    Result<Picked> pick(TokenPicker& picker,
                        bool unseen,
                        const AnswerStream::Sink& sink,
                        const std::stop_token& stop);
    using ReadPart =
        std::function<Result<void>(std::span<const TokenId> part, const Session::Progress&)>;
    Result<void> prefill(const PromptTokens& prompt,
                         const GenerationRequest& request,
                         const ReadPart& read_part,
                         const AnswerStream::Sink& sink = {});
    Result<int> read_ahead(const GenerationRequest& request, const std::stop_token& stop);
    Result<void> decode(const GenerationRequest& request,
                        TokenPicker& picker,
                        Drafter& drafter,
                        AnswerStream& answer,
                        std::stop_token stop,
                        const AnswerStream::Sink& sink);
    Result<void> close_thinking(TokenPicker& picker,
                                AnswerStream& answer,
                                const AnswerStream::Sink& sink);
    Result<Generation> generate(const GenerationRequest& request,
                                std::stop_token stop,
                                const AnswerStream::Sink& sink);
};

/// session.read, which goes on where it can: on a card whose memory the snapshots fill, without
/// them; and on the CPU after the card has failed.
Result<void> Engine::Impl::read(std::span<const TokenId> tokens,
                                const AnswerStream::Sink& sink,
                                std::stop_token stop,
                                const Session::Progress& progress) {
    const int start = session.position();
    auto done = session.read(tokens, stop, progress);
    if (!done && done.error().code == ErrorCode::OutOfMemory && !snapshots.is_memory_empty()) {
        snapshots.drop_memory();
        const auto n_read = static_cast<std::size_t>(session.position() - start);  // they stay
        done = session.read(tokens.subspan(n_read), stop, progress);
    }
    if (done || done.error().code != ErrorCode::DeviceFailed) return done;

    const auto before = session.tokens().first(static_cast<std::size_t>(start));
    std::vector<TokenId> all(before.begin(), before.end());
    all.insert(all.end(), tokens.begin(), tokens.end());
    return go_on_with_cpu(done.error(), all, sink, std::move(stop), progress);
}

/// Reads `tokens`, all of the conversation so far, again.
Result<void> Engine::Impl::go_on_with_cpu(const Error& failure,
                                          std::span<const TokenId> tokens,
                                          const AnswerStream::Sink& sink,
                                          std::stop_token stop,
                                          const Session::Progress& progress) {
    snapshots.drop_memory();
    RETURN_IF_ERROR(session.move_to_cpu(failure.message));
    if (sink) sink(DeviceNotice{failure.message + "; the answer goes on with the processor"});
    return session.read(tokens, std::move(stop), progress);
}

/// The next token. A card may read it at once, without waiting for the host to see it (`unseen`).
/// Also a stop token: it comes next in the prompt of the next turn.
/// It goes on where it can, as read() does: a card fails here where it computed while the host went
/// on.
Result<Engine::Impl::Picked> Engine::Impl::pick(TokenPicker& picker,
                                                bool unseen,
                                                const AnswerStream::Sink& sink,
                                                const std::stop_token& stop) {
    const auto once = [&] { return unseen ? picker.pick_and_read() : picker.pick(); };
    auto id = once();
    if (!id && id.error().code == ErrorCode::OutOfMemory && !snapshots.is_memory_empty()) {
        snapshots.drop_memory();
        id = once();
    }
    if (id) return Picked{*id, unseen};
    if (id.error().code != ErrorCode::DeviceFailed) return id.error();
    const std::vector<TokenId> all(session.tokens().begin(), session.tokens().end());
    RETURN_IF_ERROR(go_on_with_cpu(id.error(), all, sink, stop, {}));
    ASSIGN_OR_RETURN(const TokenId again, picker.pick());
    return Picked{again, false};
}

Result<void> Engine::Impl::prefill(const PromptTokens& prompt,
                                   const GenerationRequest& request,
                                   const ReadPart& read_part,
                                   const AnswerStream::Sink& sink) {
    const int start = session.position();
    const int total = static_cast<int>(prompt.ids.size()) - start;
    for (std::size_t i = 0; i < prompt.boundaries.size(); ++i) {
        const bool is_kept = i == 0 || i + kSnapshotsAtEnd >= prompt.boundaries.size();
        if (!is_kept || prompt.boundaries[i] <= session.position()) continue;
        const int from = session.position();
        const auto part = std::span(prompt.ids)
                              .subspan(static_cast<std::size_t>(from),
                                       static_cast<std::size_t>(prompt.boundaries[i] - from));
        RETURN_IF_ERROR(read_part(part, [&](int done, int) {
            if (sink) sink(PrefillProgress{std::min(from - start + done, total), total});
        }));
        const bool is_shared = i == 0 && begins_with_system_turn(request);
        const bool is_due = is_shared || (!request.owner.empty() && !request.is_temporary);
        snapshots.remember(session, is_shared ? "" : request.owner,
                           is_due ? SnapshotCache::Disk::Due : SnapshotCache::Disk::Settled);
    }
    return {};
}

Result<int> Engine::Impl::read_ahead(const GenerationRequest& request,
                                     const std::stop_token& stop) {
    ASSIGN_OR_RETURN(const PromptTokens prompt,
                     certain_prefix(*model, request.conversation, request.prompt));
    if (prompt.ids.empty() || prompt.ids.size() >= static_cast<std::size_t>(session.n_ctx()))
        return 0;
    ASSIGN_OR_RETURN(const int known, snapshots.restore_deepest(session, prompt.ids));
    const auto read_part = [&](std::span<const TokenId> part, const Session::Progress& progress) {
        return session.read(part, stop, progress);
    };
    RETURN_IF_ERROR(prefill(prompt, request, read_part));
    return static_cast<int>(prompt.ids.size()) - known;
}

Result<void> Engine::Impl::close_thinking(TokenPicker& picker,
                                          AnswerStream& answer,
                                          const AnswerStream::Sink& sink) {
    const auto ids = model->tokenizer().encode_with_special(
        closing_text(model->prompt_format(), answer.at_line_start()));
    RETURN_IF_ERROR(read(ids, sink));
    picker.accept(ids);
    for (const TokenId id : ids) answer.push(id);
    answer.generation().stats.generated_tokens += static_cast<int>(ids.size());
    return {};
}

Result<void> Engine::Impl::decode(const GenerationRequest& request,
                                  TokenPicker& picker,
                                  Drafter& drafter,
                                  AnswerStream& answer,
                                  std::stop_token stop,
                                  const AnswerStream::Sink& sink) {
    Generation& generation = answer.generation();
    int& n_generated = generation.stats.generated_tokens;
    const auto stops = model->tokenizer().stop_ids();
    int n_thinking = 0;
    std::vector<TokenId> forced;  // what will probably be picked next
    generation.finish_reason = FinishReason::Length;
    while (n_generated < request.max_tokens) {
        if (stop.stop_requested()) return Error{ErrorCode::Cancelled, "the answer was stopped"};
        if (request.thinking_budget && answer.is_thinking() &&
            n_thinking >= *request.thinking_budget &&
            (answer.at_line_start() || n_thinking >= *request.thinking_budget + kBudgetGrace) &&
            session.position() + 16 < session.n_ctx()) {
            RETURN_IF_ERROR(close_thinking(picker, answer, sink));
            forced.clear();
            continue;
        }
        const bool is_full = session.position() >= session.n_ctx();
        const bool goes_on = !is_full && n_generated + 1 < request.max_tokens;
        picker.allow(answer.allowed_or_null());
        const bool unseen = goes_on && picker.is_on_card() && !drafter.wants_to_see_next(forced);
        ASSIGN_OR_RETURN(const Picked picked, pick(picker, unseen, sink, stop));
        if (std::ranges::binary_search(stops, picked.id)) {
            generation.finish_reason = FinishReason::Stop;
            return {};
        }
        ++n_generated;
        n_thinking += answer.is_thinking() ? 1 : 0;
        answer.push(picked.id);
        if (is_full) {
            generation.finish_reason = FinishReason::Context;
            return {};
        }
        if (!goes_on) continue;
        // Of what is here already, nothing more need be drafted.
        forced = session.expects(picked.id) ? std::vector<TokenId>() : answer.forced_tokens();
        // The processor shows a token first.
        if (picked.is_read) continue;
        const int limit = request.max_tokens - n_generated - 1;
        if (!drafter.try_read(picked.id, limit, forced))
            RETURN_IF_ERROR(read(std::span(&picked.id, 1), sink));
    }
    return {};
}

Result<Generation> Engine::Impl::generate(const GenerationRequest& request,
                                          std::stop_token stop,
                                          const AnswerStream::Sink& sink) {
    const auto start = Clock::now();
    RETURN_IF_ERROR(check(request));
    ASSIGN_OR_RETURN(const RenderedPrompt rendered, render(request));
    const PromptTokens prompt = encode_prompt(model->tokenizer(), rendered);
    // Before anything of it is read.
    if (prompt.ids.size() > static_cast<std::size_t>(session.n_ctx()))
        return context_full(session.n_ctx(), prompt.ids.size());
    ASSIGN_OR_RETURN(TokenPicker picker,
                     TokenPicker::create(session, request.sampling, prompt.ids));

    OutputParser::Options parsing;
    parsing.format = model->prompt_format();
    parsing.is_plain = request.raw_prompt.has_value();
    parsing.starts_in_thinking = !parsing.is_plain && ends_in_open_thinking(rendered);
    if (!parsing.is_plain) parsing.tools = request.conversation.tools;
    ASSIGN_OR_RETURN(AnswerGrammars held_to, grammars.find_or_make(parsing.tools, request.form));
    AnswerStream answer(model->tokenizer(), std::move(parsing), std::move(held_to), sink);
    GenerationStats& stats = answer.generation().stats;

    stats.prompt_tokens = static_cast<int>(prompt.ids.size());
    stats.prompt_key = prompt_key(prompt.ids);
    ASSIGN_OR_RETURN(stats.cached_tokens, snapshots.restore_deepest(session, prompt.ids));
    const auto prefill_start = Clock::now();
    const auto read_part = [&](std::span<const TokenId> part, const Session::Progress& progress) {
        return read(part, sink, stop, progress);
    };
    RETURN_IF_ERROR(prefill(prompt, request, read_part, sink));
    const int n_read = stats.prompt_tokens - stats.cached_tokens;
    stats.prompt_tps = per_second(n_read, seconds_since(prefill_start));
    if (n_read >= kEnoughToMeasure) snapshots.set_tokens_per_second(stats.prompt_tps);
    stats.first_token_ms = seconds_since(start) * 1e3;

    const auto decode_start = Clock::now();
    Drafter drafter(session);
    RETURN_IF_ERROR(decode(request, picker, drafter, answer, stop, sink));
    stats.drafted_tokens = drafter.n_drafted();
    stats.accepted_tokens = drafter.n_accepted();
    stats.decode_tps = per_second(stats.generated_tokens, seconds_since(decode_start));

    answer.finish();
    Generation& generation = answer.generation();
    if (generation.finish_reason == FinishReason::Stop && !generation.tool_calls.empty())
        generation.finish_reason = FinishReason::ToolCalls;
    return std::move(generation);
}

Engine::Engine(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

void Engine::unload(Engine engine) {
    engine.keep_snapshots();
    engine.m_impl.reset();
    return_freed_memory();
}

Result<Engine> Engine::load(const std::filesystem::path& path,
                            const Options& options,
                            std::stop_token stop,
                            const Session::LoadProgress& progress) {
    ASSIGN_OR_RETURN(auto model, Model::load(path));
    RETURN_IF_ERROR(Session::prepare(*model, options.session, std::move(stop), progress));
    return create(std::move(model), options);
}

Result<Engine> Engine::create(std::shared_ptr<const Model> model, const Options& options) {
    ASSIGN_OR_RETURN(auto session, Session::create(model, options.session));
    try {
        std::unique_ptr<SnapshotFolder> folder;
        std::string notice;
        if (!options.snapshot_folder.empty()) {
            auto opened = SnapshotFolder::open(
                {.folder = options.snapshot_folder, .budget_bytes = options.snapshot_folder_bytes});
            if (opened)
                folder = std::move(*opened);
            else
                notice = opened.error().message;
        }
        auto impl =
            std::make_unique<Impl>(std::move(model), std::move(session),
                                   SnapshotTiers(options.snapshot_budget_bytes, std::move(folder)));
        impl->folder_notice = std::move(notice);
        return Engine(std::move(impl));
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory,
                     "not enough memory for the engine; close other programs"};
    }
}

Result<Generation> Engine::generate(const GenerationRequest& request,
                                    std::stop_token stop,
                                    const std::function<void(const EngineEvent&)>& on_event) {
    try {
        return m_impl->generate(request, std::move(stop), on_event);
    } catch (const std::bad_alloc&) {
        return Error{
            ErrorCode::OutOfMemory,
            "not enough memory for this answer; close other programs or shorten the conversation"};
    }
}

Result<int> Engine::read_ahead(const GenerationRequest& request, std::stop_token stop) {
    try {
        return m_impl->read_ahead(request, stop);
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, "not enough memory to read ahead"};
    }
}

void Engine::keep_snapshots() {
    try {
        m_impl->snapshots.keep(m_impl->session);
    } catch (const std::bad_alloc&) {
        // They are worth less than what the memory is needed for.
    }
}

void Engine::forget(const std::string& owner) {
    m_impl->snapshots.forget(owner);
}
void Engine::forget_all() {
    m_impl->snapshots.forget_all();
}
void Engine::forget_on_disk(const std::filesystem::path& folder, const std::string& owner) {
    if (auto opened = SnapshotFolder::open({.folder = folder})) (*opened)->remove(owner);
}
void Engine::forget_all_on_disk(const std::filesystem::path& folder) {
    if (auto opened = SnapshotFolder::open({.folder = folder})) (*opened)->remove_all();
}
SnapshotUse Engine::snapshot_use_on_disk(const std::filesystem::path& folder) {
    const auto opened = SnapshotFolder::open({.folder = folder});
    if (!opened) return {0, opened.error().message};
    return {(*opened)->bytes(), (*opened)->notice()};
}
void Engine::use_disk(bool is_on) {
    m_impl->snapshots.use_disk(is_on);
}
SnapshotUse Engine::snapshot_use() const {
    const SnapshotFolder* folder = m_impl->snapshots.folder_or_null();
    if (!folder) return {0, m_impl->folder_notice};
    return {folder->bytes(), folder->notice()};
}

Result<std::string> Engine::render(const GenerationRequest& request) const {
    try {
        ASSIGN_OR_RETURN(const RenderedPrompt prompt, m_impl->render(request));
        return prompt.text();
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, "not enough memory to render the prompt"};
    }
}

const Model& Engine::model() const {
    return *m_impl->model;
}
Session& Engine::session() {
    return m_impl->session;
}

}  // namespace lares
