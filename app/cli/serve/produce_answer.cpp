#include "app/cli/serve/answer_queue.h"
#include "app/cli/serve/stop_text.h"
#include "engine/session/prompt_tokens.h"

#include <exception>
#include <functional>
#include <utility>

namespace lares::cli {
namespace {

const char* promptField(const GenerationRequest& request) {
    return request.raw_prompt ? "prompt" : "messages";
}

ApiError apiError(const Error& error, const GenerationRequest& request) {
    if (error.code == ErrorCode::Cancelled) return stoppedError();
    if (error.code == ErrorCode::InvalidArgument)
        return {400, error.message, "invalid_request_error", "", "invalid_value"};
    if (error.code == ErrorCode::ContextFull)
        return {400, error.message, "invalid_request_error", promptField(request),
                "context_length_exceeded"};
    return {500, error.message, "server_error", "", std::string(to_string(error.code))};
}

/// Turns the engine's events into pieces, and ends the answer at a stop string.
class PieceWriter {
public:
    explicit PieceWriter(PendingAnswer& answer)
        : m_answer(answer), m_text(answer.request().stops) {}

    void operator()(const EngineEvent& event) {
        if (const auto* progress = std::get_if<PrefillProgress>(&event)) {
            m_nRead = progress->total;
        } else if (m_text.isHit()) {
            return;
        } else if (const auto* thinking = std::get_if<ThinkingDelta>(&event)) {
            m_answer.push(*thinking);
        } else if (const auto* text = std::get_if<TextDelta>(&event)) {
            addText(text->text);
        } else if (const auto* call = std::get_if<ToolCall>(&event)) {
            flush();
            m_answer.push(*call);
        } else if (const auto* broken = std::get_if<MalformedToolCall>(&event)) {
            // What the model meant is for the client to see: as text it is not lost.
            addText(broken->raw);
        }
    }

    /// Text that waited to become a stop string and did not.
    void flush() { show(m_text.flush()); }

    [[nodiscard]] bool isHit() const { return m_text.isHit(); }
    /// Stops the engine at a stop string; the client's own stop is another.
    [[nodiscard]] std::stop_source& stop() { return m_stop; }
    /// Tokens of the prompt that were read and not restored.
    [[nodiscard]] int nRead() const { return m_nRead; }

private:
    void addText(const std::string& text) {
        show(m_text.push(text));
        if (m_text.isHit()) m_stop.request_stop();
    }

    void show(std::string text) {
        if (!text.empty()) m_answer.push(TextDelta{std::move(text)});
    }

    PendingAnswer& m_answer;
    StopText m_text;
    std::stop_source m_stop;
    int m_nRead = 0;
};

/// How long the prompt is. ContextFull with the figures where it leaves no room for an answer.
Result<int> promptTokens(Engine& engine, const GenerationRequest& request) {
    ASSIGN_OR_RETURN(const RenderedPrompt prompt,
                     request.raw_prompt ? as_prompt(*request.raw_prompt)
                                        : render_prompt(engine.model().prompt_format(),
                                                        request.conversation, request.prompt));
    const auto n = static_cast<int>(encode_prompt(engine.model().tokenizer(), prompt).ids.size());
    const int most = engine.session().n_ctx();
    if (n < most) return n;
    const bool mayGrow = most < engine.model().hparams().n_ctx_train;
    return Error{ErrorCode::ContextFull,
                 (request.raw_prompt ? "the prompt has " : "the messages have ") +
                     std::to_string(n) + " tokens, and the context holds " + std::to_string(most) +
                     " with the answer: " +
                     (mayGrow ? "send fewer, or start lares-cli serve with a larger --ctx"
                              : "send fewer, this model has no more")};
}

AnswerPiece lastPiece(RestingEngine& resting, PendingAnswer& answer) {
    if (answer.stopToken().stop_requested()) return stoppedError();
    const GenerationRequest& request = answer.request().generation;
    const Result<Engine*> woken = resting.wake(answer.stopToken());
    if (!woken) return apiError(woken.error(), request);
    Engine& engine = **woken;
    const Result<int> nPrompt = promptTokens(engine, request);
    if (!nPrompt) return apiError(nPrompt.error(), request);
    PieceWriter writer(answer);
    const std::stop_callback onCancel(answer.stopToken(), [&] { writer.stop().request_stop(); });
    const Result<Generation> done =
        engine.generate(request, writer.stop().get_token(), std::ref(writer));
    if (done) {
        writer.flush();
        const GenerationStats& stats = done->stats;
        return AnswerEnd{writer.isHit() ? FinishReason::Stop : done->finish_reason,
                         {stats.prompt_tokens, stats.cached_tokens, stats.generated_tokens}};
    }
    if (done.error().code != ErrorCode::Cancelled || !writer.isHit())
        return apiError(done.error(), request);
    // An answer that is stopped has no figures; what the session holds now is the prompt and the
    // tokens up to the one that completed the stop string.
    const int nCompletion = engine.session().position() - *nPrompt;
    return AnswerEnd{FinishReason::Stop, {*nPrompt, *nPrompt - writer.nRead(), nCompletion}};
}

}  // namespace

ApiError stoppedError() {
    return {503, "the answer was stopped: the server ends", "server_error", "", "shutting_down"};
}

void produceAnswer(RestingEngine& engine, PendingAnswer& answer) {
    try {
        answer.push(lastPiece(engine, answer));
    } catch (const std::exception& error) {  // of the libraries; our own code throws nothing
        answer.push(ApiError{500, error.what(), "server_error", "", "internal"});
    }
}

}  // namespace lares::cli
