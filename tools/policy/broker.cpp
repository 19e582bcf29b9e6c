#include "tools/policy/broker.h"

#include "engine/base/path_text.h"
#include "tools/builtin/calculate/calculate.h"
#include "tools/builtin/find_files/find_files.h"
#include "tools/builtin/get_time/get_time.h"
#include "tools/builtin/list_folder/list_folder.h"
#include "tools/builtin/read_file/read_file.h"
#include "tools/policy/call_path.h"
#include "tools/policy/display_text.h"
#include "tools/policy/sha256.h"
#include "tools/registry/arguments.h"

#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <set>
#include <utility>

namespace lares {
namespace fs = std::filesystem;

/// A call with everything it needs; who holds one of these may run it.
struct PreparedCall::Impl {
    const ToolDefinition* tool = nullptr;
    Json arguments;
    // Of tools that read a folder:
    std::shared_ptr<const FolderHandle> folder;
    std::string relative;
    std::string as_called;
    std::string object;  ///< last component, for the screen
    GrantId grant = 0;   ///< 0: the user said yes to this one call
};

PreparedCall::PreparedCall(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
PreparedCall::PreparedCall(PreparedCall&&) noexcept = default;
PreparedCall& PreparedCall::operator=(PreparedCall&&) noexcept = default;
PreparedCall::~PreparedCall() = default;

std::string PreparedCall::tool() const {
    return m_impl ? m_impl->tool->name : std::string();
}

/// A question that waits for its answer.
struct Broker::Pending {
    PermissionRequest request;
    CallContext context;
    std::unique_ptr<PreparedCall::Impl> call;
};

namespace {

constexpr std::size_t kMaxPending = 64;
constexpr std::size_t kMaxShownToolName = 64;

/// How a tool is talked about.
struct Wording {
    std::string_view tool;
    std::string_view verb;  ///< in a question
    std::string_view done;  ///< in a summary
};
constexpr std::array<Wording, 3> kWordings = {{
    {"list_folder", "List the folder", "Listed"},
    {"read_file", "Read the file", "Read"},
    {"find_files", "Search the folder", "Searched"},
}};

const Wording& wording_of(const std::string& tool) {
    const auto it = std::find_if(kWordings.begin(), kWordings.end(),
                                 [&](const Wording& one) { return one.tool == tool; });
    return it == kWordings.end() ? kWordings[0] : *it;
}

Refusal refusal(ErrorCode code, const std::string& message, std::string reason) {
    return {code, "error: " + message, std::move(reason)};
}

Refusal denied(const std::string& as_called, std::string reason) {
    return refusal(ErrorCode::PermissionDenied, "permission denied: " + as_called,
                   std::move(reason));
}

const ToolParameter* path_parameter_or_null(const ToolDefinition& tool) {
    const auto it = std::find_if(tool.parameters.begin(), tool.parameters.end(),
                                 [](const ToolParameter& parameter) {
                                     return parameter.kind == ParameterKind::FilePath ||
                                            parameter.kind == ParameterKind::FolderPath;
                                 });
    return it == tool.parameters.end() ? nullptr : &*it;
}

std::string text_of(const Json& arguments, const std::string& name) {
    return arguments.at(name).get<std::string>();
}

/// The folder that paths without a beginning are meant in: the granted one, if there is one only.
std::string only_folder_of(const std::vector<Grant>& grants) {
    std::set<std::string> folders;
    for (const Grant& grant : grants) folders.insert(grant.folder);
    return folders.size() == 1 ? *folders.begin() : std::string();
}

std::string summary_of(const std::string& tool,
                       const Json& arguments,
                       const std::string& object,
                       const ToolText& text) {
    if (text.is_error) return display_text(text.detail);
    if (tool == "get_time") return "Looked at the clock: " + text.detail;
    if (tool == "calculate")
        return display_text(text_of(arguments, "expression")) + " = " + text.detail;
    std::string summary = std::string(wording_of(tool).done) + " " + object;
    if (tool == "find_files") summary += " for " + display_text(text_of(arguments, "pattern"));
    return summary + ": " + text.detail;
}

}  // namespace

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

std::string Broker::binding_of(const std::string& tool, const Json& arguments) const {
    return sha256_hex(tool + "\n" + canonical_json(arguments) + "\n" +
                      std::to_string(m_grants.version()));
}

Decision Broker::prepare(std::string_view name, const Json& arguments, const CallContext& context) {
    const auto& offered = context.offered;
    const ToolDefinition* tool = m_registry.find_or_null(name);
    if (!tool || std::find(offered.begin(), offered.end(), name) == offered.end()) {
        const std::string shown = display_text(name.substr(0, kMaxShownToolName));
        return refusal(ErrorCode::NotFound, "no such tool: " + shown,
                       "The model asked for a tool that it does not have: " + shown);
    }
    if (const auto problem = check_arguments(*tool, arguments)) {
        return refusal(ErrorCode::InvalidArgument, problem->message,
                       "The model called " + tool->name + " wrongly: " + problem->message);
    }
    if (tool->effect != ToolEffect::None) return prepare_path_call(*tool, arguments, context);
    auto call = std::make_unique<PreparedCall::Impl>();
    call->tool = tool;
    call->arguments = arguments;
    return PreparedCall(std::move(call));
}

Decision Broker::prepare_path_call(const ToolDefinition& tool,
                                   const Json& arguments,
                                   const CallContext& context) {
    const ToolParameter* parameter = path_parameter_or_null(tool);
    if (!parameter || context.conversation.empty())
        return refusal(ErrorCode::Internal, "permission denied",
                       "The call has no place to run in.");
    auto call = std::make_unique<PreparedCall::Impl>();
    call->tool = &tool;
    call->arguments = arguments;
    call->as_called = text_of(arguments, parameter->name);
    if (!has_file_sandbox()) {
        return refusal(ErrorCode::Unsupported, "file tools are not available on this system",
                       "This system cannot keep file tools inside a folder, so they are off.");
    }
    const auto path = absolute_path(call->as_called, m_options.home,
                                    only_folder_of(m_grants.grants_of(context.conversation)));
    if (!path) {
        return denied(call->as_called,
                      "The path does not say where it begins, or it is too long or too deep.");
    }
    const auto use = [&call](GrantList::Found found, const std::string& absolute) {
        call->folder = std::move(found.folder);
        call->relative = std::move(found.relative);
        call->grant = found.grant.id;
        call->object = display_text(last_component(absolute));
        return PreparedCall(std::move(call));
    };
    if (auto found = m_grants.find(*path, context.conversation))
        return use(std::move(*found), *path);

    // Not by this name. Where does it really lead? Nothing is opened for that.
    std::error_code error;
    const std::string real = utf8_from_path(fs::canonical(path_from_utf8(*path), error));
    if (error) {
        return denied(call->as_called, "Nothing to ask about: " + display_text(*path) +
                                           " does not exist, or this user may not see it.");
    }
    if (auto found = m_grants.find(real, context.conversation)) return use(std::move(*found), real);
    return ask(std::move(call), real, context);
}

Decision Broker::ask(std::unique_ptr<PreparedCall::Impl> call,
                     const std::string& real_path,
                     const CallContext& context) {
    std::error_code error;
    const bool is_folder = fs::is_directory(real_path, error);
    const std::string folder_path = is_folder ? real_path : parent_path(real_path);
    Result<FolderHandle> folder = FolderHandle::open(folder_path);
    if (!folder) return denied(call->as_called, folder.error().message);
    if (folder->path() != folder_path)
        return denied(call->as_called, display_text(folder_path) + " was moved just now.");
    const Result<void> grantable = m_grants.check_grantable(*folder);
    if (!grantable) return denied(call->as_called, grantable.error().message);

    call->folder = std::make_shared<const FolderHandle>(std::move(*folder));
    call->relative = is_folder ? std::string() : last_component(real_path);
    call->object = display_text(last_component(real_path));

    auto pending = std::make_unique<Pending>();
    PermissionRequest& request = pending->request;
    request.tool = call->tool->name;
    request.verb = wording_of(request.tool).verb;
    request.object = call->object;
    request.path = display_text(real_path);
    request.folder = display_text(folder_path);
    request.effect = call->tool->effect;
    request.conversation = context.conversation;
    request.binding = binding_of(request.tool, call->arguments);
    pending->context = context;
    pending->call = std::move(call);

    const std::lock_guard lock(m_mutex);
    request.id = ++m_last_request;
    PermissionRequest asked = request;
    m_pending.emplace(asked.id, std::move(pending));
    if (m_pending.size() > kMaxPending) m_pending.erase(m_pending.begin());
    return asked;
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
    const std::unique_ptr<Pending> pending = take_pending(request);
    if (!pending) return denied(request.path, "This question was answered already.");
    std::unique_ptr<PreparedCall::Impl>& call = pending->call;
    if (binding_of(call->tool->name, call->arguments) != request.binding)
        return prepare(call->tool->name, call->arguments, pending->context);
    if (duration == GrantDuration::Once) return PreparedCall(std::move(call));

    Grant grant;
    grant.duration = duration;
    grant.conversation = pending->context.conversation;
    const Result<Grant> added = m_grants.add_open(std::move(grant), call->folder);
    if (!added) return denied(call->as_called, added.error().message);
    call->grant = added->id;
    return PreparedCall(std::move(call));
}

Refusal Broker::refuse(const PermissionRequest& request, RefusalCause cause) {
    const std::unique_ptr<Pending> pending = take_pending(request);
    if (cause == RefusalCause::NobodyToAsk) {
        return denied(pending ? pending->call->as_called : request.path,
                      "No granted folder holds " + request.path + ", and nobody was there to ask");
    }
    return refusal(ErrorCode::PermissionDenied, "refused by the user",
                   "Refused: " + request.verb + " " + request.object);
}

ToolText Broker::run_tool(const PreparedCall::Impl& call, const RunLimits& limits) const {
    const std::string& name = call.tool->name;
    if (name == "get_time") return get_time(m_options.local_time());
    if (name == "calculate") return calculate(text_of(call.arguments, "expression"));
    if (call.folder) {
        const ToolPath path{*call.folder, call.relative, call.as_called};
        if (name == "list_folder") return list_folder(path, limits);
        if (name == "read_file") return read_file(path, limits);
        if (name == "find_files")
            return find_files(path, text_of(call.arguments, "pattern"), limits);
    }
    return tool_error(ErrorCode::Internal, "no such tool: " + name);
}

ToolOutcome Broker::run(PreparedCall prepared, std::stop_token stop) {
    const std::unique_ptr<PreparedCall::Impl> call = std::move(prepared.m_impl);
    if (!call) return outcome_of(denied("(a call that ran already)", "A call runs only once."));
    if (call->grant != 0 && !m_grants.contains(call->grant))
        return outcome_of(denied(call->as_called, "The permission was taken back."));

    const auto begin = std::chrono::steady_clock::now();
    const RunLimits limits{std::move(stop), begin + m_options.time_limit, m_options.open_method};
    ToolText text;
    try {
        text = run_tool(*call, limits);
    } catch (const std::exception& error) {  // of the standard library: out of memory
        text = tool_error(ErrorCode::OutOfMemory, std::string("tool failed: ") + error.what());
    }
    ToolOutcome outcome;
    outcome.summary = summary_of(call->tool->name, call->arguments, call->object, text);
    outcome.result = std::move(text.result);
    outcome.is_error = text.is_error;
    outcome.code = text.code;
    outcome.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    if (call->folder) outcome.layers.emplace_back(sandbox_layer(m_options.open_method));
    return outcome;
}

}  // namespace lares
