#include "app/cli/answer_turn.h"

#include <algorithm>
#include <utility>

namespace lares::cli {
namespace {

/// Tokens per second of two parts together.
double joinedRate(int n1, double rate1, int n2, double rate2) {
    const double seconds = (rate1 > 0 ? n1 / rate1 : 0) + (rate2 > 0 ? n2 / rate2 : 0);
    return seconds > 0 ? (n1 + n2) / seconds : 0;
}

void append(std::string& text, const std::string& more) {
    if (!text.empty() && !more.empty() && !text.ends_with('\n')) text += '\n';
    text += more;
}

void addStats(GenerationStats& sum, const GenerationStats& step) {
    sum.prompt_tps = joinedRate(sum.prompt_tokens - sum.cached_tokens, sum.prompt_tps,
                                step.prompt_tokens - step.cached_tokens, step.prompt_tps);
    sum.decode_tps =
        joinedRate(sum.generated_tokens, sum.decode_tps, step.generated_tokens, step.decode_tps);
    if (sum.generated_tokens == 0) sum.first_token_ms = step.first_token_ms;
    sum.prompt_tokens += step.prompt_tokens;
    sum.cached_tokens += step.cached_tokens;
    sum.generated_tokens += step.generated_tokens;
    sum.drafted_tokens += step.drafted_tokens;
    sum.accepted_tokens += step.accepted_tokens;
}

void addStep(Generation& sum, const Generation& step) {
    append(sum.text, step.text);
    append(sum.thinking, step.thinking);
    sum.tool_calls.insert(sum.tool_calls.end(), step.tool_calls.begin(), step.tool_calls.end());
    sum.malformed_calls.insert(sum.malformed_calls.end(), step.malformed_calls.begin(),
                               step.malformed_calls.end());
    sum.finish_reason = step.finish_reason;
    addStats(sum.stats, step.stats);
}

/// One turn on the terminal: the state machine with somebody who waits.
class Turn {
public:
    Turn(Context& context, ToolSession& tools, GenerationRequest& request, AnswerPrinter& printer)
        : m_context(context)
        , m_tools(tools)
        , m_request(request)
        , m_printer(printer)
        , m_turn(tools.broker(), tools.callContext(request.conversation.tools)) {}

    Result<TurnAnswer> run(Engine& engine) {
        TurnAnswer answer;
        while (true) {
            m_printer.beginStep();
            Result<Generation> step =
                engine.generate(m_request, m_context.interrupt.token(), std::ref(m_printer));
            m_printer.finish();
            if (!step) return std::move(step).error();
            addStep(answer.generation, *step);
            m_turn.addAnswer(*step);
            const ToolTurn::Step next = runCalls();
            for (Message& message : m_turn.takeMessages())
                m_request.conversation.messages.push_back(std::move(message));
            if (const auto* end = std::get_if<ToolTurn::TurnFinished>(&next)) {
                answer.calls = m_turn.records();
                answer.hitLimit = end->hit_limit;
                noteChanges();
                return answer;
            }
        }
    }

private:
    /// Until there is nothing to do but to answer again, or nothing at all.
    ToolTurn::Step runCalls() {
        while (true) {
            ToolTurn::Step step = m_turn.next();
            if (auto* run = std::get_if<ToolTurn::RunCall>(&step)) {
                m_turn.addOutcome(
                    m_tools.broker().run(std::move(run->call), m_context.interrupt.token()));
            } else if (const auto* question = std::get_if<ToolTurn::AskUser>(&step)) {
                answerQuestion(question->requests);
            } else {
                showRecords();
                return step;
            }
            showRecords();
        }
    }

    void answerQuestion(const std::vector<PermissionRequest>& requests) {
        if (!m_tools.canAsk()) {
            m_turn.refuse(RefusalCause::NobodyToAsk);
            return;
        }
        std::string reason;
        if (const auto duration = m_tools.ask(requests, &reason)) {
            m_turn.approve(*duration);
        } else {
            m_turn.refuse(RefusalCause::User, reason);
        }
    }

    void showRecords() {
        const auto& records = m_turn.records();
        for (; m_nShown < records.size(); ++m_nShown) m_printer.showCall(records[m_nShown]);
    }

    /// How what the turn changed is taken back.
    void noteChanges() {
        const auto& records = m_turn.records();
        const bool hasChanged = std::any_of(
            records.begin(), records.end(),
            [](const ToolCallRecord& record) { return !record.outcome.changes.empty(); });
        if (hasChanged) m_printer.showUndo();
    }

    Context& m_context;
    ToolSession& m_tools;
    GenerationRequest& m_request;
    AnswerPrinter& m_printer;
    ToolTurn m_turn;
    std::size_t m_nShown = 0;
};

}  // namespace

Result<TurnAnswer> answerTurn(Context& context,
                              Engine& engine,
                              ToolSession& tools,
                              GenerationRequest& request,
                              AnswerPrinter& printer) {
    return Turn(context, tools, request, printer).run(engine);
}

}  // namespace lares::cli
