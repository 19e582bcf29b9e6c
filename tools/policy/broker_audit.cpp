// The part of the broker that writes down what was decided about calls and how they ended. It works
// in the calling thread: the log lies in no folder that a confined thread may open.
#include "tools/audit/recorded_arguments.h"
#include "tools/mcp/server_set.h"
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

DecidedCall Broker::allowed_call(const PreparedCall::Impl& call) const {
    DecidedCall decided;
    decided.conversation = call.conversation;
    decided.turn = call.turn;
    decided.tool = call.tool->name;
    decided.effect = to_string(call.tool->effect);
    decided.is_allowed = true;
    decided.is_temporary = call.is_temporary;
    decided.arguments = recorded_arguments(call.arguments, content_names(m_registry));
    for (const CallPlace& place : call.places) {
        decided.paths.push_back(recorded_text(place.real));
        if (place.grant == 0) continue;
        decided.by = DecidedBy::Grant;
        decided.grants.push_back(place.grant);
        decided.folders.push_back(recorded_text(place.folder->path()));
    }
    if (call.server_tool || call.tool->effect == ToolEffect::ReadPast)
        decided.by = DecidedBy::Grant;
    if (call.is_confirmed) {
        decided.by = DecidedBy::User;
        decided.lasts = name_of(call.confirmed_for);
    }
    return decided;
}

DecidedCall Broker::refused_call(const Refusal& refusal,
                                 const AskedCall& asked,
                                 DecidedBy by) const {
    DecidedCall decided;
    decided.conversation = asked.context.conversation;
    decided.turn = asked.context.turn;
    decided.is_temporary = asked.context.is_temporary;
    if (const ToolDefinition* tool = m_registry.find_or_null(asked.name)) {
        decided.tool = tool->name;
        decided.effect = to_string(tool->effect);
    } else if (m_options.servers && m_options.servers->find_or_null(asked.name)) {
        decided.tool = asked.name;
        decided.effect = to_string(ToolEffect::UseServer);
    }
    decided.by = by;
    decided.code = refusal.code;
    decided.called = recorded_text(asked.name);
    decided.arguments = recorded_arguments(asked.arguments, content_names(m_registry));
    for (const std::string& path : asked.paths) decided.paths.push_back(recorded_text(path));
    decided.reason = recorded_text(refusal.reason);
    return decided;
}

void Broker::log_decisions(std::span<Decision> decisions, std::span<const AskedCall> asked) const {
    if (!m_options.audit) return;
    std::vector<DecidedCall> decided;
    std::vector<PreparedCall::Impl*> allowed;  // null: refused
    for (std::size_t i = 0; i < decisions.size(); ++i) {
        if (const auto* refusal = std::get_if<Refusal>(&decisions[i])) {
            decided.push_back(refused_call(*refusal, asked[i], DecidedBy::Rules));
            allowed.push_back(nullptr);
        } else if (auto* prepared = std::get_if<PreparedCall>(&decisions[i])) {
            decided.push_back(allowed_call(*prepared->m_impl));
            allowed.push_back(prepared->m_impl.get());
        }
    }
    if (decided.empty()) return;
    if (const Result<EntryNumber> first = m_options.audit->decided_all(decided); first) {
        const auto n_allowed = allowed.size() - std::count(allowed.begin(), allowed.end(), nullptr);
        const auto ends = std::make_shared<CallEnds>(*m_options.audit, n_allowed);
        for (std::size_t i = 0; i < allowed.size(); ++i) {
            if (!allowed[i]) continue;
            allowed[i]->log_entry = *first + static_cast<EntryNumber>(i);
            allowed[i]->ends = ends;
        }
    } else {
        for (Decision& decision : decisions) {
            const auto* prepared = std::get_if<PreparedCall>(&decision);
            if (!prepared || prepared->m_impl->tool->effect == ToolEffect::None) continue;
            decision = call_refusal(first.error().code,
                                    "cannot be written down, so not done: " + first.error().message,
                                    "Not done, since no tool runs that the tool log cannot have: " +
                                        first.error().message);
        }
    }
}

ToolOutcome Broker::run(PreparedCall prepared, std::stop_token stop) {
    const CallPtr call = std::move(prepared.m_impl);
    if (!call)
        return outcome_of(call_denied("(a call that ran already)", "A call runs only once."));
    ToolOutcome outcome = run_call(call, std::move(stop));
    const std::shared_ptr<CallEnds> ends = std::move(call->ends);
    if (!ends) return outcome;
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
    if (const Result<void> written = ends->end(std::move(ended)); !written)
        outcome.summary +=
            " (how it ended is not in the tool log: " + written.error().message + ")";
    return outcome;
}

}  // namespace lares
