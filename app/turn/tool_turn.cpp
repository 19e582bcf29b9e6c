#include "app/turn/tool_turn.h"

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

    m_waiting.assign(generation.tool_calls.begin(), generation.tool_calls.end());
    m_decision.reset();
    m_hadCalls = !m_waiting.empty() || !generation.malformed_calls.empty();
    if (m_hadCalls) ++m_steps;
    m_hitLimit = m_steps > m_limits.max_steps;
    while (m_hitLimit && !m_waiting.empty())
        finishCall(
            notRun("error: too many steps", "The model used tools too many times in a row."));
}

ToolTurn::Step ToolTurn::next() {
    while (!m_waiting.empty()) {
        if (!m_decision) decide();
        if (auto* call = std::get_if<PreparedCall>(&*m_decision))
            return RunCall{std::move(*call), m_waiting.front()};
        if (const auto* request = std::get_if<PermissionRequest>(&*m_decision))
            return AskUser{*request, m_waiting.front()};
        const ToolOutcome refused = outcome_of(std::get<Refusal>(*m_decision));
        finishCall(refused);
    }
    if (m_hadCalls && !m_hitLimit) return NextAnswer{};
    return TurnFinished{m_hitLimit};
}

void ToolTurn::decide() {
    const ToolCall& call = m_waiting.front();
    if (++m_calls > m_limits.max_calls) {
        m_decision = Refusal{ErrorCode::InvalidArgument, "error: too many calls",
                             "The model made too many calls in one turn."};
    } else {
        m_decision = m_broker.prepare(call.name, call.arguments, m_context);
    }
}

void ToolTurn::approve(GrantDuration duration) {
    const auto* request = m_decision ? std::get_if<PermissionRequest>(&*m_decision) : nullptr;
    if (!request) return;
    const PermissionRequest answered = *request;
    m_decision = m_broker.approve(answered, duration);
}

void ToolTurn::refuse(RefusalCause cause) {
    const auto* request = m_decision ? std::get_if<PermissionRequest>(&*m_decision) : nullptr;
    if (!request) return;
    const PermissionRequest answered = *request;
    m_decision = m_broker.refuse(answered, cause);
}

void ToolTurn::addOutcome(ToolOutcome outcome) {
    if (!m_waiting.empty()) finishCall(std::move(outcome));
}

void ToolTurn::finishCall(ToolOutcome outcome) {
    m_messages.push_back(toolMessage(outcome.result));
    m_records.push_back({std::move(m_waiting.front()), std::move(outcome)});
    m_waiting.pop_front();
    m_decision.reset();
}

std::vector<Message> ToolTurn::takeMessages() {
    return std::exchange(m_messages, {});
}

}  // namespace lares
