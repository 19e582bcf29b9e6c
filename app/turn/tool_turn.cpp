#include "app/turn/tool_turn.h"

#include "tools/builtin/tool_text.h"

#include <utility>

namespace lares {
namespace {

Message toolMessage(std::string result) {
    Message message;
    message.role = "tool";
    message.content = std::move(result);
    return message;
}

ToolOutcome notRun(std::string result, std::string summary) {
    ToolOutcome outcome;
    outcome.result = std::move(result);
    outcome.is_error = true;
    outcome.code = ErrorCode::InvalidArgument;
    outcome.summary = std::move(summary);
    return outcome;
}

/// What a user typed, as the end of a result: without line breaks, and not longer than it need be.
std::string oneLine(std::string_view text) {
    constexpr std::size_t kMaxReason = 500;
    std::string line;
    for (const char c : text) {
        const bool isSpace = static_cast<unsigned char>(c) <= ' ';
        if (!isSpace) {
            line += c;
        } else if (!line.empty() && line.back() != ' ') {
            line += ' ';
        }
    }
    if (line.size() > kMaxReason) {
        std::size_t end = kMaxReason;
        while (end > 0 && !begins_character(line[end])) --end;
        line.resize(end);
    }
    while (line.ends_with(' ')) line.pop_back();
    return line;
}

}  // namespace

ToolTurn::ToolTurn(Broker& broker, CallContext context, Limits limits)
    : m_broker(broker), m_context(std::move(context)), m_limits(limits) {}

void ToolTurn::addAnswer(const Generation& generation) {
    Message answer;
    answer.role = "assistant";
    answer.content = generation.text;
    answer.reasoning = generation.thinking;
    answer.tool_calls = generation.tool_calls;
    // The model sees again what it wrote, and why it could not be read.
    for (const MalformedToolCall& call : generation.malformed_calls) answer.content += call.raw;
    m_messages.push_back(std::move(answer));
    for (const MalformedToolCall& call : generation.malformed_calls)
        m_messages.push_back(toolMessage("error: " + call.error.message));

    m_waiting.clear();
    for (const ToolCall& call : generation.tool_calls) m_waiting.push_back({call, std::nullopt});
    m_hadCalls = !m_waiting.empty() || !generation.malformed_calls.empty();
    if (m_hadCalls) ++m_steps;
    m_hitLimit = m_steps > m_limits.max_steps;
    while (m_hitLimit && !m_waiting.empty())
        finishCall(
            notRun("error: too many steps", "The model used tools too many times in a row."));
}

ToolTurn::Step ToolTurn::next() {
    while (!m_waiting.empty()) {
        WaitingCall& first = m_waiting.front();
        if (!first.decision) decide();
        if (auto* call = std::get_if<PreparedCall>(&*first.decision))
            return RunCall{std::move(*call), first.call};
        if (std::holds_alternative<PermissionRequest>(*first.decision)) {
            AskUser question{{}, {}, first.call};
            for (std::size_t i = 0; i < m_waiting.size(); ++i) {
                const auto& decision = m_waiting[i].decision;
                if (!decision || !std::holds_alternative<PermissionRequest>(*decision)) continue;
                question.requests.push_back(std::get<PermissionRequest>(*decision));
                question.positions.push_back(i);
            }
            return question;
        }
        const ToolOutcome refused = outcome_of(std::get<Refusal>(*first.decision));
        finishCall(refused);
    }
    if (m_hadCalls && !m_hitLimit) return NextAnswer{};
    return TurnFinished{m_hitLimit};
}

/// Calls that change files are decided about together with those that follow them, so that one
/// question can show the whole plan.
void ToolTurn::decide() {
    std::vector<RequestedCall> calls;
    std::vector<WaitingCall*> waiting;
    for (WaitingCall& one : m_waiting) {
        const bool changes = m_broker.changes_files(one.call.name);
        if (!calls.empty() && !changes) break;
        if (++m_calls > m_limits.max_calls) {
            one.decision = Refusal{ErrorCode::InvalidArgument, "error: too many calls",
                                   "The model made too many calls in one turn."};
        } else {
            calls.push_back({one.call.name, one.call.arguments});
            waiting.push_back(&one);
        }
        if (!changes) break;
    }
    std::vector<Decision> decisions = m_broker.prepare_all(calls, m_context);
    for (std::size_t i = 0; i < decisions.size(); ++i)
        waiting[i]->decision = std::move(decisions[i]);
}

std::vector<ToolTurn::WaitingCall*> ToolTurn::askedCalls() {
    std::vector<WaitingCall*> asked;
    for (WaitingCall& one : m_waiting) {
        if (!one.decision) break;
        if (std::holds_alternative<PermissionRequest>(*one.decision)) asked.push_back(&one);
    }
    return asked;
}

void ToolTurn::approve(GrantDuration duration) {
    const std::vector<WaitingCall*> asked = askedCalls();
    std::vector<PermissionRequest> requests;
    requests.reserve(asked.size());
    for (const WaitingCall* one : asked)
        requests.push_back(std::get<PermissionRequest>(*one->decision));
    std::vector<Decision> decisions = m_broker.approve_all(requests, duration);
    for (std::size_t i = 0; i < decisions.size(); ++i) asked[i]->decision = std::move(decisions[i]);
}

void ToolTurn::approve(const NoteAnswer& note) {
    for (WaitingCall* one : askedCalls())  // a note is a question of its own
        one->decision = m_broker.approve_note(std::get<PermissionRequest>(*one->decision), note);
}

void ToolTurn::refuse(RefusalCause cause, std::string_view reason) {
    const std::string said = oneLine(reason);
    for (WaitingCall* one : askedCalls()) {
        Refusal refusal = m_broker.refuse(std::get<PermissionRequest>(*one->decision), cause);
        if (!said.empty()) {
            refusal.result += ": " + said;
            refusal.reason += " (“" + said + "”)";
        }
        one->decision = std::move(refusal);
    }
}

void ToolTurn::addOutcome(ToolOutcome outcome) {
    if (!m_waiting.empty()) finishCall(std::move(outcome));
}

void ToolTurn::finishCall(ToolOutcome outcome) {
    m_messages.push_back(toolMessage(outcome.result));
    m_records.push_back({std::move(m_waiting.front().call), std::move(outcome)});
    m_waiting.pop_front();
}

std::vector<Message> ToolTurn::takeMessages() {
    return std::exchange(m_messages, {});
}

}  // namespace lares
