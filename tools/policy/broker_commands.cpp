// The part of the broker that decides about commands, and runs them.
#include "engine/base/path_text.h"
#include "tools/policy/call_path.h"
#include "tools/policy/command_run.h"
#include "tools/policy/prepared_call.h"
#include "tools/sandbox/display_text.h"
#include "tools/sandbox/path_parts.h"
#include "tools/sandbox/real_path.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace lares {
namespace fs = std::filesystem;
namespace {

/// A script for the screen: its lines, each with what hides in it written out. A tab is a tab.
std::vector<std::string> shown_lines(const std::string& script) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin <= script.size();) {
        const std::size_t end = std::min(script.find('\n', begin), script.size());
        std::string line;
        for (std::size_t at = begin; at < end;) {
            const std::size_t tab = std::min(script.find('\t', at), end);
            line += display_text(std::string_view(script).substr(at, tab - at));
            if (tab < end) line += "    ";
            at = tab + 1;
        }
        lines.push_back(std::move(line));
        begin = end + 1;
    }
    while (lines.size() > 1 && lines.back().empty()) lines.pop_back();
    return lines;
}

bool is_blank(const std::string& script) {
    return script.find_first_not_of(" \t\r\n") == std::string::npos;
}

}  // namespace

bool Broker::offers_commands() const {
    return m_offers_commands && m_options.commands != nullptr && can_change();
}

Decision Broker::prepare_command(CallPtr call, const CallContext& context) {
    if (!offers_commands()) {
        return call_refusal(ErrorCode::Unsupported, "commands are switched off",
                            "Commands are switched off; the settings turn them on.");
    }
    if (is_blank(argument_text(call->arguments, "command"))) {
        return call_refusal(ErrorCode::InvalidArgument, "empty command",
                            "The model asked for a command without a word in it.");
    }
    const std::string as_called = argument_text(call->arguments, "folder");
    const auto path = absolute_path(as_called, m_options.home,
                                    only_folder_of(m_grants.grants_of(context.conversation)));
    if (!path) {
        return call_denied(as_called, no_absolute_path_reason());
    }
    const std::string real = real_path(*path).value_or(std::string());
    std::error_code error;
    if (!fs::is_directory(path_from_utf8(real), error)) {
        return call_denied(as_called, "Nothing to ask about: " + display_text(*path) +
                                          " is no folder, or this user may not see it.");
    }
    CallPlace place{nullptr, {}, as_called, real, 0};
    auto granted = m_grants.find(real, context.conversation, Access::ReadWrite);
    call->keeps_changes = granted.has_value();
    if (!granted) granted = m_grants.find(real, context.conversation);
    if (granted) {
        place.folder = std::move(granted->folder);
        place.relative = std::move(granted->relative);
        place.grant = granted->grant.id;
    } else {
        Result<FolderHandle> folder = FolderHandle::open(real);
        if (!folder) return call_denied(as_called, folder.error().message);
        if (folder->path() != real)
            return call_denied(as_called, display_text(real) + " was moved just now.");
        const Result<void> grantable = m_grants.check_grantable(*folder);
        if (!grantable) return call_denied(as_called, grantable.error().message);
        place.folder = std::make_shared<const FolderHandle>(std::move(*folder));
        call->keeps_changes = true;  // the question says so
    }
    call->object = display_text(last_component(real));
    PermissionRequest request;
    request.verb = "Run a command in";
    request.object = call->object;
    request.path = display_text(real);
    request.command =
        PlannedCommand{shown_lines(argument_text(call->arguments, "command")), call->keeps_changes};
    call->places = {std::move(place)};
    return pend(std::move(call), std::move(request), context);
}

ToolOutcome Broker::run_command(const PreparedCall::Impl& call, const std::stop_token& stop) const {
    const auto begin = std::chrono::steady_clock::now();
    const RunLimits limits{stop, std::chrono::steady_clock::time_point::max(),
                           m_options.open_method};
    ToolOutcome outcome;
    const CommandCall command{argument_text(call.arguments, "command"), call.places.front(),
                              call.conversation, call.turn, call.keeps_changes};
    ToolText text = run_in_sandbox(command, m_options, limits, outcome.layers);
    outcome.summary = text.is_error
                          ? display_text(text.detail)
                          : "Ran a command in " + call.object + ": " + display_text(text.detail);
    outcome.result = std::move(text.result);
    outcome.is_error = text.is_error;
    outcome.code = text.code;
    outcome.changes = std::move(text.changes);
    outcome.paths = {display_text(call.places.front().real)};
    outcome.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    return outcome;
}

}  // namespace lares
