#include "app/cli/make_room.h"

#include "app/turn/condensing.h"

#include <string>
#include <utility>

namespace lares::cli {
namespace {

using Condensed = Condensing::Condensed;

/// Writes one summary; false: it was stopped.
bool write(Context& context,
           Engine& engine,
           Condensing& condensing,
           const GenerationRequest& request) {
    const auto showReading = [&](const EngineEvent& event) {
        if (const auto* notice = std::get_if<DeviceNotice>(&event))
            context.terminal.note(notice->text);
        const auto* progress = std::get_if<PrefillProgress>(&event);
        if (!progress || progress->total <= 0) return;
        context.terminal.showProgress(
            "Condensing", static_cast<float>(progress->done) / static_cast<float>(progress->total));
    };
    const Result<Generation> written =
        engine.generate(request, context.interrupt.token(), showReading);
    context.terminal.clearProgress();
    if (!written && written.error().code == ErrorCode::Cancelled) return false;
    written ? condensing.addAnswer(*written) : condensing.addFailure();
    return true;
}

void replaceTurns(std::vector<Message>& messages, const Condensed& end) {
    const std::vector<std::size_t> starts = turnStarts(messages);
    const auto at = [&](std::size_t i) {
        return messages.begin() + static_cast<std::ptrdiff_t>(i);
    };
    messages.erase(at(starts.front()), at(starts[end.nTurns]));
    putCondensed(messages, end.text);
}

}  // namespace

Result<void> makeRoom(Context& context,
                      Engine& engine,
                      GenerationRequest& request,
                      CondensedText& condensed) {
    const int n_ctx = engine.session().n_ctx();
    Condensing condensing(request, condensed, n_ctx, Condensing::When::Now);
    bool isSaid = false;
    while (true) {
        Condensing::Step step = condensing.next();
        if (auto* measure = std::get_if<Condensing::MeasurePrompt>(&step)) {
            const Result<PromptView> view =
                view_prompt(engine.model(), measure->request.conversation, measure->request.prompt);
            view ? condensing.addSizes(*view) : condensing.addFailure();
        } else if (auto* summary = std::get_if<Condensing::WriteSummary>(&step)) {
            if (!std::exchange(isSaid, true))
                context.terminal.note(
                    "Condensing what was said before: it no longer fits the context (--ctx).");
            if (!write(context, engine, condensing, summary->request))
                return Error{ErrorCode::Cancelled, "condensing was stopped"};
        } else {
            const auto& end = std::get<Condensed>(step);
            if (end.kind == Condensed::Kind::TooLong) {
                return Error{ErrorCode::ContextFull,
                             "this message is too long: with the instructions it takes " +
                                 std::to_string(end.nTokens) + " of the " + std::to_string(n_ctx) +
                                 " tokens of the context, and leaves no room for an answer; "
                                 "shorten it, or choose a larger --ctx"};
            }
            if (end.nTurns == 0) return {};
            if (end.kind == Condensed::Kind::LeftOut)
                context.terminal.note(
                    "The oldest of it is left out: the model wrote no summary that can be used.");
            condensed = end.text;
            replaceTurns(request.conversation.messages, end);
            return {};
        }
    }
}

}  // namespace lares::cli
