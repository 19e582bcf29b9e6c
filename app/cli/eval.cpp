#include "app/cli/answer_json.h"
#include "app/cli/answer_printer.h"
#include "app/cli/answer_turn.h"
#include "app/cli/command.h"
#include "app/cli/eval/eval_case.h"
#include "app/cli/eval/eval_ground.h"
#include "app/cli/model_loading.h"
#include "app/cli/request_options.h"
#include "app/cli/resources.h"
#include "app/cli/sampling_options.h"
#include "engine/base/path_text.h"

#include <chrono>
#include <cstdio>

namespace lares::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFileBytes = std::size_t{64} << 20;

struct Outcome {
    std::string reason;  ///< why it did not pass; empty: it did
    TurnAnswer answer;
};

/// The case's own system message, or that of the options.
void setSystem(Conversation& conversation, const std::string& system) {
    if (system.empty()) return;
    auto& messages = conversation.messages;
    if (!messages.empty() && messages.front().role == "system") {
        messages.front().content = system;
    } else {
        messages.insert(messages.begin(), plainMessage("system", system));
    }
}

/// An answer that fails is the case's failure; Cancelled, and what keeps a case from being asked at
/// all, end the work.
Result<Outcome> answerCase(Context& context,
                           Engine& engine,
                           const EvalCase& asked,
                           GenerationRequest request) {
    ASSIGN_OR_RETURN(const EvalGround ground, EvalGround::make(asked));
    ASSIGN_OR_RETURN(const auto tools,
                     ToolSession::openIn(context, ground.places(), ground.folders()));
    setSystem(request.conversation, asked.system);
    request.conversation.messages.push_back(plainMessage("user", asked.prompt));
    AnswerPrinter printer(context.terminal, Shown::Nothing);
    Result<TurnAnswer> answer = answerTurn(context, engine, *tools, request, printer);
    if (!answer) {
        if (answer.error().code == ErrorCode::Cancelled) return std::move(answer).error();
        return Outcome{answer.error().message, {}};
    }
    Outcome outcome{{}, std::move(*answer)};
    outcome.reason = whyNot(asked, outcome.answer.generation.text,
                            outcome.answer.generation.tool_calls, ground.home());
    if (!outcome.reason.empty() && outcome.answer.generation.finish_reason == FinishReason::Length)
        outcome.reason += " (the answer was cut off at --max-tokens)";
    return outcome;
}

Json rowOf(const EvalCase& asked, const Outcome& outcome) {
    Json json = {{"name", asked.name}, {"passed", outcome.reason.empty()}};
    if (!outcome.reason.empty()) json["reason"] = outcome.reason;
    json.update(toJson(outcome.answer));
    return json;
}

void showCase(Terminal& out, const EvalCase& asked, const Outcome& outcome) {
    if (outcome.reason.empty()) return out.write("ok    " + asked.name + "\n");
    out.write(out.styled("FAIL", "31") + "  " + asked.name + ": " + outcome.reason + "\n");
}

std::string inPercent(double share) {
    return std::to_string(static_cast<int>(share * 100.0)) + " %";
}

Result<fs::path> casesPath(const Context& context) {
    const auto& words = context.options.positional();
    if (!words.empty()) return path_from_utf8(words[0]);
    ASSIGN_OR_RETURN(const fs::path resources, resourceFolder());
    return resources / "eval" / "basics.jsonl";
}

Result<ExitStatus> eval(Context& context) {
    ASSIGN_OR_RETURN(const fs::path path, casesPath(context));
    ASSIGN_OR_RETURN(const std::string text, readFile(path, kMaxFileBytes));
    Result<std::vector<EvalCase>> cases = evalCasesFromText(text);
    if (!cases) return std::move(cases).error().with_context(utf8_from_path(path));
    ASSIGN_OR_RETURN(GenerationRequest request, requestFromOptions(context));
    // Once more is the same once more, unless somebody asks for another draw.
    if (!context.options.has("seed")) request.sampling.seed = 1;
    ASSIGN_OR_RETURN(Engine engine, loadEngine(context));

    const auto start = std::chrono::steady_clock::now();
    Json rows = Json::array();
    int nPassed = 0;
    for (const EvalCase& asked : *cases) {
        ASSIGN_OR_RETURN(const Outcome outcome, answerCase(context, engine, asked, request));
        context.terminal.clearProgress();
        nPassed += outcome.reason.empty() ? 1 : 0;
        if (context.isJson()) {
            rows.push_back(rowOf(asked, outcome));
        } else {
            showCase(context.terminal, asked, outcome);
        }
    }
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const double share = static_cast<double>(nPassed) / static_cast<double>(cases->size());
    if (context.isJson()) {
        context.writeJson({{"passed", nPassed},
                           {"total", cases->size()},
                           {"share", share},
                           {"seconds", seconds},
                           {"cases", std::move(rows)}});
    } else {
        context.terminal.write(std::to_string(nPassed) + " of " + std::to_string(cases->size()) +
                               " passed (" + inPercent(share) + ")\n");
    }
    const double needed = context.options.number("at-least").value_or(0.0);
    if (share >= needed) return ExitStatus::Done;
    context.terminal.note("lares-cli: " + inPercent(share) + " of the cases passed, and " +
                          inPercent(needed) + " were asked for (--at-least)");
    return ExitStatus::Failed;
}

}  // namespace

Command evalCommand() {
    return {"eval",
            "[FILE]",
            1,
            "How many tasks the model gets right",
            "FILE has one case a line: a prompt, files to work on, and what is expected of the "
            "answer, of its calls\n"
            "and of the files afterwards (app/cli/eval/eval_case.h, resources/eval/basics.jsonl, "
            "which is asked without\n"
            "FILE). Tools run for real, in a folder that is made for each case and removed again; "
            "nobody is asked.\n"
            "The same seed gives the same answers (default 1). With --json "
            "{\"passed\",\"total\",\"share\",\"seconds\",\"cases\"}.",
            joined({modelOptions(),
                    answerOptions(),
                    samplingOptions(),
                    {{"at-least", 0, OptionKind::Number, "SHARE", "status 1 where fewer pass: 0.9",
                      0, 1}}}),
            eval};
}

}  // namespace lares::cli
