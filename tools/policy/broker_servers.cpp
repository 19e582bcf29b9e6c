// The part of the broker that decides about the tools of tool servers, and has them called.
#include "tools/mcp/server_set.h"
#include "tools/policy/prepared_call.h"
#include "tools/sandbox/display_text.h"

#include <utility>

namespace lares {
namespace {

/// One or more lines an argument, all of it: a text as it is, the rest as JSON.
std::vector<std::string> shown_arguments(const Json& arguments) {
    std::vector<std::string> lines;
    for (const auto& [name, value] : arguments.items()) {
        const std::string text = value.is_string() ? value.get<std::string>() : json_text(value);
        std::string_view rest = text;
        std::string begin = name + ": ";
        while (true) {
            const std::size_t end = rest.find('\n');
            lines.push_back(display_text(begin + std::string(rest.substr(0, end))));
            if (end == std::string_view::npos) break;
            rest.remove_prefix(end + 1);
            begin = "  ";
        }
    }
    return lines;
}

}  // namespace

Decision Broker::prepare_server(CallPtr call, const CallContext& context) {
    const ServerTool& tool = *call->server_tool;
    call->object = tool.own_name;
    if (m_options.servers->is_allowed(tool, context.conversation))
        return PreparedCall(std::move(call));
    PermissionRequest request;
    request.verb = "Use";
    request.object = display_text(tool.own_name) + " of " + tool.server;
    request.server = PlannedServerCall{tool.server, shown_arguments(call->arguments)};
    if (const auto config = m_options.servers->config_of(tool.server))
        request.server->n_folder = config->folders.size();
    return pend(std::move(call), std::move(request), context);
}

Result<void> Broker::allow_server_tool(const PreparedCall::Impl& call,
                                       GrantDuration duration) const {
    const ServerTool& tool = *call.server_tool;
    if (duration == GrantDuration::Conversation)
        m_options.servers->allow_in(tool, call.conversation);
    if (duration == GrantDuration::Always)
        return m_options.servers->set_allowed(tool.server, tool.own_name, true);
    return {};
}

ToolOutcome Broker::run_server(const PreparedCall::Impl& call, const std::stop_token& stop) const {
    const auto begin = std::chrono::steady_clock::now();
    const ServerTool& tool = *call.server_tool;
    if (!call.is_confirmed && !m_options.servers->is_allowed(tool, call.conversation))
        return outcome_of(call_denied(tool.definition.name, "The permission was taken back."));
    const ToolText text = m_options.servers->call(tool, call.arguments, stop);
    ToolOutcome outcome;
    outcome.result = text.result;
    outcome.is_error = text.is_error;
    outcome.code = text.code;
    outcome.summary = "Used " + display_text(tool.own_name) + " of " + tool.server + ": " +
                      display_text(text.detail);
    outcome.layers = ServerSession::layers();
    outcome.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    return outcome;
}

}  // namespace lares
