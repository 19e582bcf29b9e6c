// The part of the broker that writes down what was decided about calls and how they ended. It works
// in the calling thread: the log lies in no folder that a confined thread may open.
#include "tools/audit/recorded_arguments.h"
#include "tools/policy/prepared_call.h"

#include <algorithm>
#include <utility>

namespace lares {
namespace {

std::string_view name_of(GrantDuration duration) {
    switch (duration) {
        case GrantDuration::Once:
            return "once";
        case GrantDuration::Conversation:
            return "conversation";
        case GrantDuration::Always:
            break;
    }
    return "always";
}

/// What a file will hold is not for the log, whichever tool the field was meant for.
std::vector<std::string> content_names(const ToolRegistry& registry) {
    std::vector<std::string> names;
    for (const ToolDefinition& tool : registry.tools()) {
        for (const ToolParameter& parameter : tool.parameters)
            if (parameter.kind == ParameterKind::Content) names.push_back(parameter.name);
    }
    return names;
}

}  // namespace

DecidedCall Broker::decided_of(const PreparedCall::Impl& call) const {
    DecidedCall decided;
    decided.conversation = call.conversation;
    decided.turn = call.turn;
    decided.tool = call.tool->name;
    decided.effect = to_string(call.tool->effect);
    decided.is_allowed = true;
    decided.arguments = recorded_arguments(call.arguments, content_names(m_registry));
    for (const CallPlace& place : call.places) {
        decided.paths.push_back(recorded_text(place.real));
        if (place.grant == 0) continue;
        decided.by = DecidedBy::Grant;
        decided.grants.push_back(place.grant);
        decided.folders.push_back(recorded_text(place.folder->path()));
    }
    if (call.is_confirmed) {
        decided.by = DecidedBy::User;
        decided.lasts = name_of(call.confirmed_for);
    }
    return decided;
}

void Broker::log_refusal(const Refusal& refusal, const RefusedCall& call, DecidedBy by) const {
    if (!m_options.audit) return;
    DecidedCall decided;
    decided.conversation = call.context.conversation;
    decided.turn = call.context.turn;
    if (const ToolDefinition* tool = m_registry.find_or_null(call.name)) {
        decided.tool = tool->name;
        decided.effect = to_string(tool->effect);
    }
    decided.by = by;
    decided.code = refusal.code;
    decided.called = recorded_text(call.name);
    decided.arguments = recorded_arguments(call.arguments, content_names(m_registry));
    for (const std::string& path : call.paths) decided.paths.push_back(recorded_text(path));
    decided.reason = recorded_text(refusal.reason);
    // One that cannot be written down is refused all the same.
    (void)m_options.audit->decided(decided);
}

Decision Broker::logged(Decision decision, const RefusedCall& asked) const {
    if (!m_options.audit) return decision;
    if (const auto* refusal = std::get_if<Refusal>(&decision)) {
        log_refusal(*refusal, asked, DecidedBy::Rules);
    } else if (auto* prepared = std::get_if<PreparedCall>(&decision)) {
        PreparedCall::Impl& call = *prepared->m_impl;
        const Result<EntryNumber> entry = m_options.audit->decided(decided_of(call));
        if (entry) {
            call.log_entry = *entry;
        } else if (call.tool->effect != ToolEffect::None) {
            return call_refusal(entry.error().code,
                                "cannot be written down, so not done: " + entry.error().message,
                                "Not done, since no tool runs that the tool log cannot have: " +
                                    entry.error().message);
        }
    }
    return decision;
}

ToolOutcome Broker::run(PreparedCall prepared, std::stop_token stop) {
    const CallPtr call = std::move(prepared.m_impl);
    if (!call)
        return outcome_of(call_denied("(a call that ran already)", "A call runs only once."));
    ToolOutcome outcome = run_call(call, std::move(stop));
    if (!m_options.audit || call->log_entry == 0) return outcome;
    EndedCall ended;
    ended.decision = call->log_entry;
    ended.conversation = call->conversation;
    ended.turn = call->turn;
    ended.tool = call->tool->name;
    ended.is_error = outcome.is_error;
    ended.code = outcome.code;
    ended.duration = outcome.duration;
    ended.result_bytes = outcome.result.size();
    ended.changes = outcome.changes;
    ended.layers = outcome.layers;
    // It was done: the entry that let it run stands, and the next call says what is wrong.
    if (const Result<void> written = m_options.audit->ended(ended); !written)
        outcome.summary +=
            " (how it ended is not in the tool log: " + written.error().message + ")";
    return outcome;
}

}  // namespace lares
