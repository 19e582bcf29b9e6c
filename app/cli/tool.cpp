#include "app/cli/command.h"
#include "app/cli/json_lines.h"
#include "app/cli/tool_session.h"
#include "engine/base/json.h"
#include "tools/registry/tool_registry.h"

#include <algorithm>

namespace lares::cli {
namespace {

constexpr std::string_view kErrorPrefix = "error: ";

Result<ExitStatus> listTools(Context& context) {
    Json list = Json::array();
    for (const ToolDefinition& tool : ToolRegistry::builtin().tools()) {
        // The window has the notes and the conversations.
        if (tool.effect == ToolEffect::KeepNotes || tool.effect == ToolEffect::ReadPast) continue;
        const Json& function = tool.json["function"];
        list.push_back({{"name", tool.name},
                        {"description", tool.description},
                        {"parameters", function["parameters"]},
                        {"effect", to_string(tool.effect)}});
        if (context.isJson()) continue;
        std::string line = tool.name;
        for (const ToolParameter& parameter : tool.parameters) line += " " + parameter.name;
        line.resize(std::max<std::size_t>(line.size() + 2, 30), ' ');
        line += tool.description;
        if (tool.effect == ToolEffect::ReadFolders) line += " Reads granted folders only.";
        if (tool.effect == ToolEffect::ChangeFiles)
            line += " Changes granted folders only; can be undone.";
        if (tool.effect == ToolEffect::RunPrograms)
            line += " In a sandbox, asked about each time; needs --allow-commands.";
        context.terminal.write(line + "\n");
    }
    if (context.isJson()) {
        ASSIGN_OR_RETURN(const auto tools, ToolSession::open(context));
        (void)tools->offerCommands();  // where the sandbox holds
        context.writeJson({{"tools", std::move(list)}, {"tier", tools->tier()}});
    }
    return ExitStatus::Done;
}

/// A call that did not work, with what to do next where it is a matter of permission.
Error errorOf(const ToolOutcome& outcome) {
    std::string message = outcome.result;
    if (message.starts_with(kErrorPrefix)) message.erase(0, kErrorPrefix.size());
    if (outcome.code == ErrorCode::PermissionDenied && !outcome.summary.empty() &&
        outcome.summary != message) {
        message += " (" + outcome.summary + ")";
    }
    return {outcome.code, std::move(message)};
}

ToolOutcome settle(Context& context, ToolSession& tools, Decision decision) {
    while (true) {
        if (auto* call = std::get_if<PreparedCall>(&decision))
            return tools.broker().run(std::move(*call), context.interrupt.token());
        if (const auto* refusal = std::get_if<Refusal>(&decision)) return outcome_of(*refusal);
        const PermissionRequest request = std::get<PermissionRequest>(decision);
        const std::optional<GrantDuration> duration =
            context.options.has("yes") ? GrantDuration::Once : tools.ask({&request, 1});
        if (duration) {
            decision = tools.broker().approve(request, *duration);
            continue;
        }
        if (tools.canAsk()) return outcome_of(tools.broker().refuse(request));
        ToolOutcome outcome = outcome_of(tools.broker().refuse(request, RefusalCause::NobodyToAsk));
        outcome.summary += request.server ? "; --yes approves this one call"
                                          : "; --allow-folder grants a folder, --yes this one call";
        return outcome;
    }
}

Result<ExitStatus> tool(Context& context) {
    const auto& words = context.options.positional();
    if (context.options.has("list")) return listTools(context);
    if (words.empty()) return context.usageError("tool needs a NAME, or --list");
    ASSIGN_OR_RETURN(const Json arguments,
                     words.size() < 2 ? Result<Json>(Json::object()) : parse_json(words[1]));
    ASSIGN_OR_RETURN(const auto tools, ToolSession::open(context));
    if (words[0] == "run_command") RETURN_IF_ERROR(tools->offerCommands());
    std::vector<Json> offered = ToolRegistry::builtin().definitions(ToolEffect::RunPrograms);
    if (words[0].find("__") != std::string::npos) {
        RETURN_IF_ERROR(tools->offerServers());
        tools->addServerTools(offered);
    }
    const CallContext call = tools->callContext(offered);
    const ToolOutcome outcome =
        settle(context, *tools, tools->broker().prepare(words[0], arguments, call));
    if (outcome.is_error) return errorOf(outcome);
    if (context.isJson()) {
        Json json = {{"result", outcome.result}, {"tier", tools->tier()}};
        if (!outcome.changes.empty()) json["changes"] = outcome.changes;
        context.writeJson(json);
    } else {
        context.terminal.write(outcome.result + "\n");
    }
    return ExitStatus::Done;
}

}  // namespace

Command toolCommand() {
    return {"tool",
            "NAME [ARGUMENTS]",
            2,
            "One tool call, as a model would make it",
            "ARGUMENTS is a JSON object: lares-cli tool list_folder '{\"path\":\"/srv/notes\"}'\n"
            "It goes through the same permissions as in a conversation: a folder that is not "
            "granted is asked for\n"
            "on a terminal and refused elsewhere. A tool of a tool server is SERVER__TOOL "
            "(lares-cli mcp).\n"
            "With --json {\"result\",\"tier\"}.",
            joined({folderOptions(),
                    {{"yes", 0, OptionKind::Flag, "", "approve this call without asking"},
                     {"list", 0, OptionKind::Flag, "", "the tools there are, and exit"}}}),
            tool};
}

}  // namespace lares::cli
