#include "tools/policy/broker.h"

#include "engine/base/path_text.h"
#include "tools/builtin/calculate/calculate.h"
#include "tools/builtin/find_files/find_files.h"
#include "tools/builtin/find_text/find_text.h"
#include "tools/builtin/get_time/get_time.h"
#include "tools/builtin/list_folder/list_folder.h"
#include "tools/builtin/read_file/read_file.h"
#include "tools/builtin/search_documents/search_documents.h"
#include "tools/journal/sha256.h"
#include "tools/mcp/server_set.h"
#include "tools/policy/call_path.h"
#include "tools/policy/confined_run.h"
#include "tools/policy/prepared_call.h"
#include "tools/registry/arguments.h"
#include "tools/sandbox/display_text.h"
#include "tools/sandbox/path_parts.h"
#include "tools/sandbox/real_path.h"

#include <algorithm>
#include <array>
#include <deque>
#include <filesystem>
#include <utility>

namespace lares {
namespace fs = std::filesystem;

PreparedCall::PreparedCall(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
PreparedCall::PreparedCall(PreparedCall&&) noexcept = default;
PreparedCall& PreparedCall::operator=(PreparedCall&&) noexcept = default;
PreparedCall::~PreparedCall() = default;

std::string PreparedCall::tool() const {
    return m_impl ? m_impl->tool->name : std::string();
}

namespace {

constexpr std::size_t kMaxPending = 256;
constexpr std::size_t kMaxShownToolName = 64;

/// How a tool is talked about.
struct Wording {
    std::string_view tool;
    std::string_view verb;  ///< in a question
    std::string_view done;  ///< in a summary
};
constexpr std::array<Wording, 5> kWordings = {{
    {"list_folder", "List the folder", "Listed"},
    {"read_file", "Read the file", "Read"},
    {"find_files", "Search the folder", "Searched"},
    {"find_text", "Search the files in", "Searched the files in"},
    {"search_documents", "Search the documents in", "Searched the documents in"},
}};

/// Of a question that nobody waits for any more.
CallContext context_of(const PermissionRequest& request) {
    CallContext context;
    context.conversation = request.conversation;
    context.is_temporary = request.is_temporary;
    return context;
}

const Wording& wording_of(const std::string& tool) {
    const auto it = std::find_if(kWordings.begin(), kWordings.end(),
                                 [&](const Wording& one) { return one.tool == tool; });
    return it == kWordings.end() ? kWordings[0] : *it;
}

const ToolParameter* path_parameter_or_null(const ToolDefinition& tool) {
    const auto it = std::find_if(tool.parameters.begin(), tool.parameters.end(),
                                 [](const ToolParameter& parameter) {
                                     return parameter.kind == ParameterKind::FilePath ||
                                            parameter.kind == ParameterKind::FolderPath;
                                 });
    return it == tool.parameters.end() ? nullptr : &*it;
}

std::string summary_of(const std::string& tool,
                       const Json& arguments,
                       const std::string& object,
                       const ToolText& text) {
    if (text.is_error) return display_text(text.detail);
    if (tool == "get_time") return "Looked at the clock: " + text.detail;
    if (tool == "calculate")
        return display_text(argument_text(arguments, "expression")) + " = " + text.detail;
    if (!text.changes.empty()) return text.detail;
    std::string summary = std::string(wording_of(tool).done) + " " + object;
    if (tool == "find_files")
        summary += " for " + display_text(argument_text(arguments, "pattern"));
    if (tool == "find_text") summary += " for " + display_text(argument_text(arguments, "text"));
    if (tool == "search_documents")
        summary += " for " + display_text(argument_text(arguments, "query"));
    return summary + ": " + text.detail;
}

}  // namespace

Refusal call_refusal(ErrorCode code, const std::string& message, std::string reason) {
    return {code, "error: " + message, std::move(reason)};
}

Refusal call_denied(const std::string& as_called, std::string reason) {
    return call_refusal(ErrorCode::PermissionDenied, "permission denied: " + as_called,
                        std::move(reason));
}

std::string argument_text(const Json& arguments, const std::string& name) {
    const auto it = arguments.find(name);
    return it == arguments.end() ? std::string() : it->get<std::string>();
}

std::string only_folder_of(const std::vector<Grant>& grants) {
    std::set<std::string> folders;
    for (const Grant& grant : grants) folders.insert(grant.folder);
    return folders.size() == 1 ? *folders.begin() : std::string();
}

ToolOutcome outcome_of(const Refusal& refusal) {
    ToolOutcome outcome;
    outcome.result = refusal.result;
    outcome.is_error = true;
    outcome.code = refusal.code;
    outcome.summary = refusal.reason;
    return outcome;
}

Broker::Broker(GrantList& grants, Options options, const ToolRegistry& registry)
    : m_grants(grants), m_options(std::move(options)), m_registry(registry) {}

Broker::~Broker() = default;

std::string Broker::binding_of(const PreparedCall::Impl& call) const {
    std::string bound = call.tool->name + "\n";
    if (call.server_tool) bound += call.server_tool->definitions_sha256 + "\n";
    bound += canonical_json(call.arguments) + "\n";
    // No folder matters to a note, and what the user has made of it would be lost in a new
    // question.
    if (call.tool->effect != ToolEffect::KeepNotes) bound += std::to_string(m_grants.version());
    return sha256_hex(bound);
}

Decision Broker::prepare(std::string_view name, const Json& arguments, const CallContext& context) {
    Planned nothing;
    Decision decision = prepare_one(name, arguments, context, nothing);
    const AskedCall asked{name, arguments, context};
    log_decisions({&decision, 1}, {&asked, 1});
    return decision;
}

std::vector<Decision> Broker::prepare_all(std::span<const RequestedCall> calls,
                                          const CallContext& context) {
    Planned planned;
    std::vector<Decision> decisions;
    std::vector<AskedCall> asked;
    decisions.reserve(calls.size());
    for (const RequestedCall& call : calls) {
        decisions.push_back(prepare_one(call.name, call.arguments, context, planned));
        asked.push_back({call.name, call.arguments, context});
    }
    log_decisions(decisions, asked);
    return decisions;
}

Decision Broker::prepare_one(std::string_view name,
                             const Json& arguments,
                             const CallContext& context,
                             Planned& planned) {
    const auto& offered = context.offered;
    const ToolDefinition* tool = m_registry.find_or_null(name);
    std::shared_ptr<const ServerTool> server_tool;
    if (!tool && m_options.servers) server_tool = m_options.servers->find_or_null(name);
    if (server_tool) tool = &server_tool->definition;
    if (!tool || std::find(offered.begin(), offered.end(), name) == offered.end()) {
        const std::string shown = display_text(name.substr(0, kMaxShownToolName));
        return call_refusal(ErrorCode::NotFound, "no such tool: " + shown,
                            "The model asked for a tool that it does not have: " + shown);
    }
    const auto problem = server_tool ? check_server_arguments(*server_tool, arguments)
                                     : check_arguments(*tool, arguments);
    if (problem) {
        return call_refusal(ErrorCode::InvalidArgument, problem->message,
                            "The model called " + tool->name + " wrongly: " + problem->message);
    }
    auto call = std::make_unique<PreparedCall::Impl>();
    call->tool = tool;
    call->server_tool = std::move(server_tool);
    call->arguments = arguments;
    call->conversation = context.conversation;
    call->turn = context.turn;
    call->is_temporary = context.is_temporary;
    if (tool->effect == ToolEffect::None) return PreparedCall(std::move(call));
    if (context.conversation.empty()) {
        return call_refusal(ErrorCode::Internal, "permission denied",
                            "The call has no place to run in.");
    }
    if (tool->effect == ToolEffect::UseServer) return prepare_server(std::move(call), context);
    if (tool->effect == ToolEffect::KeepNotes) return prepare_note(std::move(call), context);
    if (tool->effect == ToolEffect::ReadPast) return prepare_past(std::move(call), context);
    if (!has_file_sandbox()) {
        return call_refusal(ErrorCode::Unsupported, "file tools are not available on this system",
                            "This system cannot keep file tools inside a folder, so they are off.");
    }
    switch (tool->effect) {
        case ToolEffect::RunPrograms:
            return prepare_command(std::move(call), context);
        case ToolEffect::ChangeFiles:
            return prepare_change(std::move(call), context, planned);
        default:
            return prepare_read(std::move(call), context);
    }
}

Decision Broker::prepare_read(CallPtr call, const CallContext& context) {
    const ToolParameter* parameter = path_parameter_or_null(*call->tool);
    if (!parameter) {
        return call_refusal(ErrorCode::Internal, "permission denied",
                            "The call has no place to run in.");
    }
    const std::string as_called = argument_text(call->arguments, parameter->name);
    if (as_called.empty() && !parameter->is_required)
        return prepare_library(std::move(call), context);
    const auto path = absolute_path(as_called, m_options.home,
                                    only_folder_of(m_grants.grants_of(context.conversation)));
    if (!path) {
        return call_denied(as_called, no_absolute_path_reason());
    }
    const auto use = [&](GrantList::Found found, const std::string& absolute) {
        call->object = display_text(last_component(absolute));
        call->places = {{std::move(found.folder), std::move(found.relative), as_called, absolute,
                         found.grant.id}};
        return PreparedCall(std::move(call));
    };
    if (auto found = m_grants.find(*path, context.conversation))
        return use(std::move(*found), *path);

    // Not by this name. Where does it really lead? Nothing is opened for that.
    const Result<std::string> real = real_path(*path);
    if (!real) {
        return call_denied(as_called, "Nothing to ask about: " + display_text(*path) +
                                          " does not exist, or this user may not see it.");
    }
    if (auto found = m_grants.find(*real, context.conversation))
        return use(std::move(*found), *real);
    call->places = {{nullptr, {}, as_called, *real, 0}};
    return ask_to_read(std::move(call), *real, context);
}

Decision Broker::ask_to_read(CallPtr call,
                             const std::string& real_path,
                             const CallContext& context) {
    CallPlace& place = call->places.front();
    std::error_code error;
    const bool is_folder = fs::is_directory(path_from_utf8(real_path), error);
    const std::string folder_path = is_folder ? real_path : parent_path(real_path);
    Result<FolderHandle> folder = FolderHandle::open(folder_path);
    if (!folder) return call_denied(place.as_called, folder.error().message);
    if (folder->path() != folder_path)
        return call_denied(place.as_called, display_text(folder_path) + " was moved just now.");
    const Result<void> grantable = m_grants.check_grantable(*folder);
    if (!grantable) return call_denied(place.as_called, grantable.error().message);

    place.folder = std::make_shared<const FolderHandle>(std::move(*folder));
    place.relative = is_folder ? std::string() : last_component(real_path);
    call->object = display_text(last_component(real_path));

    PermissionRequest request;
    request.verb = wording_of(call->tool->name).verb;
    request.object = call->object;
    request.path = display_text(real_path);
    request.folders = {display_text(folder_path)};
    return pend(std::move(call), std::move(request), context);
}

Decision Broker::pend(CallPtr call, PermissionRequest request, const CallContext& context) {
    request.tool = call->tool->name;
    request.effect = call->tool->effect;
    request.conversation = context.conversation;
    request.is_temporary = context.is_temporary;
    request.binding = binding_of(*call);
    auto pending = std::make_unique<Pending>();
    pending->context = context;
    pending->call = std::move(call);

    const std::lock_guard lock(m_mutex);
    request.id = ++m_last_request;
    pending->request = request;
    m_pending.emplace(request.id, std::move(pending));
    if (m_pending.size() > kMaxPending) m_pending.erase(m_pending.begin());
    return request;
}

std::unique_ptr<Broker::Pending> Broker::take_pending(const PermissionRequest& request) {
    const std::lock_guard lock(m_mutex);
    const auto it = m_pending.find(request.id);
    if (it == m_pending.end() || it->second->request.binding != request.binding) return nullptr;
    std::unique_ptr<Pending> pending = std::move(it->second);
    m_pending.erase(it);
    return pending;
}

Decision Broker::approve(const PermissionRequest& request, GrantDuration duration) {
    std::vector<Decision> decisions = approve_all({&request, 1}, duration);
    return std::move(decisions.front());
}

std::vector<Decision> Broker::approve_all(std::span<const PermissionRequest> requests,
                                          GrantDuration duration) {
    std::vector<std::unique_ptr<Pending>> answered;
    std::vector<bool> is_bound;  // looked at before a yes to one of them changes the grants
    for (const PermissionRequest& request : requests) {
        answered.push_back(take_pending(request));
        const Pending* pending = answered.back().get();
        is_bound.push_back(pending && binding_of(*pending->call) == request.binding);
    }
    std::vector<Decision> decisions;
    std::deque<std::pair<Json, CallContext>> borrowed;
    std::vector<AskedCall> asked;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        if (!answered[i]) {
            const auto& [arguments, context] =
                borrowed.emplace_back(Json(), context_of(requests[i]));
            decisions.emplace_back(
                call_denied(requests[i].path, "This question was answered already."));
            asked.push_back({requests[i].tool, arguments, context, {requests[i].path}});
            continue;
        }
        const auto& [arguments, context] =
            borrowed.emplace_back(answered[i]->call->arguments, answered[i]->context);
        asked.push_back({requests[i].tool, arguments, context});
        decisions.push_back(approve_pending(*answered[i], duration, is_bound[i]));
    }
    log_decisions(decisions, asked);
    return decisions;
}

Decision Broker::approve_pending(Pending& pending, GrantDuration duration, bool is_still_bound) {
    CallPtr& call = pending.call;
    if (!is_still_bound) {
        Planned nothing;
        return prepare_one(call->tool->name, call->arguments, pending.context, nothing);
    }
    call->is_confirmed = true;
    if (call->server_tool) {
        call->confirmed_for = duration;
        if (const Result<void> allowed = allow_server_tool(*call, duration); !allowed)
            return call_refusal(allowed.error().code, "permission denied", allowed.error().message);
        return PreparedCall(std::move(call));
    }
    call->confirmed_for = pending.request.folders.empty() ? GrantDuration::Once : duration;
    if (duration == GrantDuration::Once || pending.request.folders.empty())
        return PreparedCall(std::move(call));
    for (CallPlace& place : call->places) {
        if (place.grant != 0) continue;
        Grant grant;
        grant.duration = duration;
        grant.conversation = pending.context.conversation;
        if (call->tool->effect == ToolEffect::ChangeFiles) grant.access = Access::ReadWrite;
        const Result<Grant> added = m_grants.add_open(std::move(grant), place.folder);
        if (!added) return call_denied(place.as_called, added.error().message);
        place.grant = added->id;
    }
    return PreparedCall(std::move(call));
}

Refusal Broker::refuse(const PermissionRequest& request, RefusalCause cause) {
    const std::unique_ptr<Pending> pending = take_pending(request);
    const bool is_nobody = cause == RefusalCause::NobodyToAsk;
    Refusal refusal = call_refusal(ErrorCode::PermissionDenied, "refused by the user",
                                   "Refused: " + request.verb + " " + request.object);
    if (is_nobody && request.effect == ToolEffect::RunPrograms) {
        refusal =
            call_denied(request.path, "Each command is asked about, and nobody was there to ask");
    } else if (is_nobody && request.effect == ToolEffect::UseServer) {
        refusal =
            call_denied(request.tool, "Tool servers are asked about, and nobody was there to ask");
    } else if (is_nobody && request.effect == ToolEffect::KeepNotes) {
        refusal =
            call_denied(request.tool, "Each note is asked about, and nobody was there to ask");
    } else if (is_nobody) {
        const std::string_view kind = request.effect == ToolEffect::ChangeFiles
                                          ? "No folder that may be changed holds "
                                          : "No granted folder holds ";
        refusal = call_denied(pending ? pending->call->places.front().as_called : request.path,
                              std::string(kind) + request.path + ", and nobody was there to ask");
    }
    if (!m_options.audit) return refusal;
    const Json arguments = pending ? pending->call->arguments : Json();
    const CallContext context = pending ? pending->context : context_of(request);
    const AskedCall asked{request.tool, arguments, context, {request.path}};
    // One that cannot be written down is refused all the same.
    (void)m_options.audit->decided(
        refused_call(refusal, asked, is_nobody ? DecidedBy::Nobody : DecidedBy::User));
    return refusal;
}

ToolText Broker::run_tool(const PreparedCall::Impl& call,
                          const RunLimits& limits,
                          ChangeLog* changes,
                          Handed& handed) const {
    HandOverDocument hand_over;
    if (DocumentReader::is_supported())
        hand_over = [&](OpenedDocument opened) { handed.documents.push_back(std::move(opened)); };
    const std::string& name = call.tool->name;
    if (name == "get_time") return get_time(m_options.local_time());
    if (name == "calculate") return calculate(argument_text(call.arguments, "expression"));
    if (call.tool->effect == ToolEffect::ChangeFiles && changes) return run_change(call, *changes);
    if (!call.places.empty()) {
        const CallPlace& place = call.places.front();
        const ToolPath path{*place.folder, place.relative, place.as_called};
        if (name == "list_folder") return list_folder(path, limits);
        if (name == "read_file") {
            const std::string part = argument_text(call.arguments, "part");
            const auto wanted = text_part(part);
            if (!wanted) return tool_error(ErrorCode::InvalidArgument, "not a part: " + part);
            return read_file(path, *wanted, limits, hand_over);
        }
        if (name == "find_files")
            return find_files(path, argument_text(call.arguments, "pattern"), limits);
        if (name == "find_text" || name == "search_documents") {
            const std::string argument = name == "find_text" ? "text" : "query";
            const std::string text = argument_text(call.arguments, argument);
            if (text.empty())
                return tool_error(ErrorCode::InvalidArgument, "empty text: " + argument);
            if (name == "find_text") {
                handed.search = std::make_unique<TextSearch>(text);
            } else {
                handed.search = std::make_unique<PassageSearch>(text);
            }
            auto error = search_files(path, *handed.search, limits, hand_over);
            if (error) handed = {};
            return error ? std::move(*error) : handed.search->result();
        }
    }
    return tool_error(ErrorCode::Internal, "no such tool: " + name);
}

ToolOutcome Broker::run_call(const CallPtr& call, std::stop_token stop) {
    for (const CallPlace& place : call->places) {
        if (place.grant != 0 && !m_grants.contains(place.grant))
            return outcome_of(call_denied(place.as_called, "The permission was taken back."));
    }

    if (call->tool->effect == ToolEffect::RunPrograms) return run_command(*call, stop);
    if (call->server_tool) return run_server(*call, stop);
    if (call->tool->effect == ToolEffect::KeepNotes) return run_note(*call);
    if (call->tool->effect == ToolEffect::ReadPast) return run_past(*call, stop);
    const auto begin = std::chrono::steady_clock::now();
    const RunLimits limits{std::move(stop), begin + m_options.time_limit, m_options.open_method};
    const bool changes_files = call->tool->effect == ToolEffect::ChangeFiles;
    std::vector<ConfinedFolder> folders;
    for (const CallPlace& place : call->places)
        folders.push_back({place.folder.get(), changes_files});
    Handed handed;
    const auto work = [&](ChangeLog* changes) { return run_tool(*call, limits, changes, handed); };
    ConfinedOutcome run;
    if (auto searched = search_library(*call, limits)) {
        run = std::move(*searched);
    } else if (folders.empty()) {
        run.text = work(nullptr);
    } else {
        run = run_confined(folders, changes_files ? m_options.changes : nullptr, work);
        run.layers.emplace(run.layers.begin(), sandbox_layer(m_options.open_method));
    }
    if (!handed.documents.empty()) run.text = read_handed(*call, limits, std::move(handed));
    ToolText& text = run.text;
    ToolOutcome outcome;
    outcome.summary = summary_of(call->tool->name, call->arguments, call->object, text);
    outcome.result = std::move(text.result);
    outcome.is_error = text.is_error;
    outcome.code = text.code;
    outcome.changes = std::move(text.changes);
    outcome.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    outcome.sources = real_sources(text.sources, call->places);
    outcome.layers = std::move(run.layers);
    for (const CallPlace& place : call->places) outcome.paths.push_back(display_text(place.real));
    return outcome;
}

}  // namespace lares
