// The part of the broker that decides about calls which change something.
#include "engine/base/path_text.h"
#include "tools/builtin/edit_file/edit_file.h"
#include "tools/builtin/make_folder/make_folder.h"
#include "tools/builtin/move/move.h"
#include "tools/builtin/write_file/write_file.h"
#include "tools/mcp/server_set.h"
#include "tools/policy/call_path.h"
#include "tools/policy/prepared_call.h"
#include "tools/policy/sensitive_names.h"
#include "tools/policy/written_diff.h"
#include "tools/sandbox/display_text.h"
#include "tools/sandbox/path_parts.h"
#include "tools/sandbox/real_path.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <tuple>
#include <utility>

namespace lares {
namespace fs = std::filesystem;
namespace {

constexpr const char* kMayRun = "may run as a program";

/// Where a path really is: links followed in the folders that exist, the rest as it is called. The
/// last name is taken as it stands, since a link itself is what a change would be about.
struct RealPath {
    std::string existing;  ///< the deepest folder of it that is there
    std::string rest;      ///< below that; not empty

    [[nodiscard]] std::string whole() const { return path_in(existing, rest); }
};

std::optional<RealPath> real_path_of(const std::string& path) {
    RealPath real{parent_path(path), last_component(path)};
    while (true) {
        Result<std::string> existing = real_path(real.existing);
        if (existing) {
            real.existing = std::move(*existing);
            return real;
        }
        if (existing.error().code != ErrorCode::NotFound || is_root_path(real.existing))
            return std::nullopt;
        real.rest = last_component(real.existing) + "/" + real.rest;
        real.existing = parent_path(real.existing);
    }
}

std::string joined(const std::string& folder, const std::string& name) {
    return folder.empty() ? name : folder + "/" + name;
}

std::optional<FileFacts> facts_of(const CallPlace& place, OpenMethod method) {
    if (place.relative.empty()) return std::nullopt;
    return facts_beneath({*place.folder, place.relative}, method);
}

ToolPath tool_path(const CallPlace& place) {
    return {*place.folder, place.relative, place.as_called};
}

bool is_refusal(const std::variant<CallPlace, Refusal>& found) {
    return std::holds_alternative<Refusal>(found);
}

/// A change's verb and object in a question.
std::pair<std::string, std::string> words_of(const PlannedChange& change, bool is_replacing) {
    const std::string after = last_component(change.after);
    switch (change.kind) {
        case FileChange::Kind::MakeFolder:
            return {"Make the folder", after};
        case FileChange::Kind::Write:
            if (change.is_edit) return {"Edit the file", after};
            return {is_replacing ? "Replace the file" : "Write the file", after};
        case FileChange::Kind::Move:
            break;
    }
    const std::string before = last_component(change.before);
    if (parent_path(change.before) == parent_path(change.after))
        return {"Rename", before + " to " + after};
    const std::string folder = last_component(parent_path(change.after));
    return {"Move", before + " to " + (before == after ? folder : folder + "/" + after)};
}

}  // namespace

bool Broker::can_change() const {
    return m_options.changes != nullptr && has_file_sandbox();
}

bool Broker::changes_files(std::string_view tool) const {
    const ToolDefinition* definition = m_registry.find_or_null(tool);
    return definition && definition->effect == ToolEffect::ChangeFiles;
}

std::vector<Json> Broker::definitions(bool is_temporary) const {
    std::vector<Json> offered = own_definitions();
    for (const ToolDefinition& tool : m_registry.tools()) {
        if (is_temporary) break;
        const bool is_note_tool = tool.effect == ToolEffect::KeepNotes;
        const bool is_past_tool = tool.effect == ToolEffect::ReadPast;
        if ((is_note_tool && offers_notes()) || (is_past_tool && offers_past()))
            offered.push_back(tool.json);
    }
    if (!m_options.servers) return offered;
    for (const auto& tool : m_options.servers->offered()) offered.push_back(tool->definition.json);
    return offered;
}

std::vector<Json> Broker::own_definitions() const {
    if (!can_change()) return m_registry.definitions(ToolEffect::ReadFolders);
    return m_registry.definitions(offers_commands() ? ToolEffect::RunPrograms
                                                    : ToolEffect::ChangeFiles);
}

std::variant<CallPlace, Refusal> Broker::place_to_change(const std::string& as_called,
                                                         const CallContext& context,
                                                         const Planned& planned,
                                                         bool may_be_folder) {
    const auto path = absolute_path(as_called, m_options.home,
                                    only_folder_of(m_grants.grants_of(context.conversation)));
    if (!path) {
        return call_denied(as_called, no_absolute_path_reason());
    }
    const auto granted = [&](const std::string& name) -> std::optional<CallPlace> {
        auto found = m_grants.find(name, context.conversation, Access::ReadWrite);
        if (!found) return std::nullopt;
        const std::string& root = found->folder->path();
        std::string real = found->relative.empty() ? root : path_in(root, found->relative);
        return CallPlace{std::move(found->folder), std::move(found->relative), as_called,
                         std::move(real), found->grant.id};
    };
    if (auto place = granted(*path)) return std::move(*place);
    if (is_root_path(*path)) return call_denied(as_called, "A whole disk cannot be changed.");
    const auto real = real_path_of(*path);
    if (!real) {
        return call_denied(as_called, "Nothing to ask about: " + display_text(*path) +
                                          " is not reachable for this user.");
    }
    if (auto place = granted(real->whole())) return std::move(*place);

    // Nobody granted it: the folder that a yes is about is the one it is in, or, for a place to
    // move into, the folder itself.
    std::error_code error;
    const bool is_folder = may_be_folder && !planned.folders.contains(real->whole()) &&
                           fs::is_directory(path_from_utf8(real->whole()), error) &&
                           !fs::is_symlink(path_from_utf8(real->whole()), error);
    const std::string root = is_folder ? real->whole() : real->existing;
    Result<FolderHandle> folder = FolderHandle::open(root);
    if (!folder) return call_denied(as_called, folder.error().message);
    if (folder->path() != root)
        return call_denied(as_called, display_text(root) + " was moved just now.");
    const Result<void> grantable = m_grants.check_grantable(*folder);
    // What lies in the home folder itself may be pointed at, once.
    if (!grantable && !m_grants.is_home(*folder))
        return call_denied(as_called, grantable.error().message);
    if (const Result<FolderHandle> itself = FolderHandle::open(real->whole());
        itself && !is_folder) {
        const Result<void> may_move = m_grants.check_grantable(*itself);
        if (!may_move) return call_denied(as_called, may_move.error().message);
    }
    return CallPlace{std::make_shared<const FolderHandle>(std::move(*folder)),
                     is_folder ? std::string() : real->rest, as_called, real->whole(), 0};
}

Decision Broker::prepare_change(CallPtr call, const CallContext& context, Planned& planned) {
    if (!can_change()) {
        return call_refusal(ErrorCode::Unsupported, "file changes are not available on this system",
                            "Changes are off: there is no journal to undo them with.");
    }
    const bool is_move = call->arguments.contains("source");
    const std::string target_name = is_move ? "destination" : "path";
    if (is_move) {
        auto source = place_to_change(argument_text(call->arguments, "source"), context, planned,
                                      /*may_be_folder=*/false);
        if (is_refusal(source)) return std::move(std::get<Refusal>(source));
        call->places.push_back(std::move(std::get<CallPlace>(source)));
    }
    auto target = place_to_change(argument_text(call->arguments, target_name), context, planned,
                                  /*may_be_folder=*/is_move);
    if (is_refusal(target)) return std::move(std::get<Refusal>(target));
    call->places.push_back(std::move(std::get<CallPlace>(target)));
    CallPlace& place = call->places.back();
    const CallPlace& first = call->places.front();
    if (first.relative.empty()) {
        return call_denied(first.as_called,
                           "The folder that was allowed stays where it is; what is in it may "
                           "change.");
    }

    PlannedChange change;
    const auto facts = facts_of(place, m_options.open_method);
    if (is_move) {
        const bool is_into = place.relative.empty() || planned.folders.contains(place.real) ||
                             (facts && facts->kind == EntryKind::Folder);
        if (is_into) {
            const std::string name = last_component(first.real);
            place.relative = joined(place.relative, name);
            place.real = path_in(place.real, name);
            place.as_called = path_as_called(place.as_called, name);
        }
        change.kind = FileChange::Kind::Move;
        change.before = display_text(first.real);
        const auto source = facts_of(first, m_options.open_method);
        const bool is_there = source || planned.names.contains(first.real);
        if (!is_there && first.grant == 0) {
            return call_denied(first.as_called,
                               "Nothing to ask about: " + display_text(first.real) +
                                   " does not exist, or this user may not see it.");
        }
        if (source && source->kind == EntryKind::Folder) planned.folders.insert(place.real);
    } else if (call->tool->name == "make_folder") {
        change.kind = FileChange::Kind::MakeFolder;
        change.note = "new folder";
        planned.folders.insert(place.real);
    } else if (call->tool->name == "edit_file") {
        if (!facts && place.grant == 0 && !planned.names.contains(place.real)) {
            return call_denied(place.as_called,
                               "Nothing to ask about: " + display_text(place.real) +
                                   " does not exist, or this user may not see it.");
        }
        change.kind = FileChange::Kind::Write;
        change.is_edit = true;
        call->is_shown_replacing = true;
        change.note = "replaces one passage";
    } else {
        const std::size_t size = argument_text(call->arguments, "content").size();
        change.kind = FileChange::Kind::Write;
        call->is_shown_replacing = facts.has_value();
        change.note = facts ? "replaces " + size_text(facts->size_bytes) + " by " + size_text(size)
                            : "new, " + size_text(size);
    }
    for (const CallPlace& one : call->places) {
        // Settings of every program lie there, Lares' own data among them.
        if (one.grant == 0 && is_hidden_in_home(one.relative) && m_grants.is_home(*one.folder))
            return call_denied(one.as_called, "What is hidden in the home folder stays as it is.");
    }
    const bool is_made_before = !planned.names.insert(place.real).second;
    change.after = display_text(place.real);
    call->object = display_text(last_component(place.real));

    bool is_sensitive = facts && facts->kind == EntryKind::File && facts->is_executable();
    bool is_granted = true;
    for (const CallPlace& one : call->places) {
        is_sensitive = is_sensitive || is_sensitive_path(one.relative);
        is_granted = is_granted && one.grant != 0;
    }
    if (is_granted && !is_sensitive) return PreparedCall(std::move(call));
    if (is_sensitive) change.note += (change.note.empty() ? "" : "; ") + std::string(kMayRun);
    if (change.kind == FileChange::Kind::Write)
        change.diff = written_diff(call->tool->name, call->arguments, call->places.back(),
                                   is_made_before, m_options.open_method);
    return ask_to_change(std::move(call), context, std::move(change), is_sensitive);
}

Decision Broker::ask_to_change(CallPtr call,
                               const CallContext& context,
                               PlannedChange change,
                               bool is_sensitive) {
    PermissionRequest request;
    std::tie(request.verb, request.object) = words_of(change, call->is_shown_replacing);
    request.path = change.after;
    bool can_last = !is_sensitive;
    for (const CallPlace& place : call->places) {
        if (place.grant != 0) continue;
        const std::string folder = display_text(place.folder->path());
        if (!m_grants.check_grantable(*place.folder)) can_last = false;
        if (std::find(request.folders.begin(), request.folders.end(), folder) ==
            request.folders.end())
            request.folders.push_back(folder);
    }
    if (!can_last) request.folders.clear();
    request.change = std::move(change);
    return pend(std::move(call), std::move(request), context);
}

ToolText Broker::run_change(const PreparedCall::Impl& call, ChangeLog& changes) const {
    const ChangeTools tools{changes, call.conversation, call.turn, m_options.open_method};
    const std::string& name = call.tool->name;
    if (name == "make_folder") return make_folder(tool_path(call.places.front()), tools);
    if (name == "move")
        return move(tool_path(call.places.front()), tool_path(call.places.back()), tools);
    // What was shown is what happens: a file that came since is not replaced unseen.
    const Replacing replacing = !call.is_confirmed        ? Replacing::PlainFile
                                : call.is_shown_replacing ? Replacing::AnyFile
                                                          : Replacing::Nothing;
    const ToolPath path = tool_path(call.places.front());
    if (name == "edit_file") {
        return edit_file(path, argument_text(call.arguments, "old_text"),
                         argument_text(call.arguments, "new_text"), replacing, tools);
    }
    return write_file(path, argument_text(call.arguments, "content"), replacing, tools);
}

}  // namespace lares
