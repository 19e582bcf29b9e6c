#include "tools/policy/change_plan.h"

#include "tools/sandbox/path_parts.h"

#include <algorithm>
#include <set>

namespace lares {
namespace {

using ChangeKind = FileChange::Kind;

/// "3 files", "1 file".
std::string counted(std::size_t n, const std::string& one) {
    return std::to_string(n) + " " + one + (n == 1 ? "" : "s");
}

std::size_t count_of(const PermissionPlan& plan, ChangeKind kind) {
    return static_cast<std::size_t>(
        std::count_if(plan.changes.begin(), plan.changes.end(),
                      [kind](const PlannedChange& change) { return change.kind == kind; }));
}

/// The folder that all of them are in or go to, by its last name; empty when they differ.
template <class Path>
std::string common_folder(const PermissionPlan& plan, ChangeKind kind, Path path_of) {
    std::set<std::string> folders;
    for (const PlannedChange& change : plan.changes) {
        if (change.kind == kind) folders.insert(parent_path(path_of(change)));
    }
    return folders.size() == 1 ? last_component(*folders.begin()) : std::string();
}

void name_together(PermissionPlan& plan) {
    const std::size_t n_move = count_of(plan, ChangeKind::Move);
    const std::size_t n_folder = count_of(plan, ChangeKind::MakeFolder);
    const std::size_t n_write = count_of(plan, ChangeKind::Write);
    const auto before = [](const PlannedChange& change) { return change.before; };
    const auto after = [](const PlannedChange& change) { return change.after; };
    if (n_move > 0 && n_write == 0) {
        const std::string from = common_folder(plan, ChangeKind::Move, before);
        const std::string to = common_folder(plan, ChangeKind::Move, after);
        const bool is_rename =
            std::all_of(plan.changes.begin(), plan.changes.end(), [](const PlannedChange& change) {
                return change.kind != ChangeKind::Move ||
                       parent_path(change.before) == parent_path(change.after);
            });
        plan.verb = is_rename ? "Rename" : "Move";
        plan.object = counted(n_move, "item");
        if (!is_rename && !from.empty()) plan.object += " from " + from;
        if (!is_rename && !to.empty()) plan.object += " to " + to;
        if (is_rename && !from.empty()) plan.object += " in " + from;
        if (n_folder > 0) plan.object += ", making " + counted(n_folder, "folder");
        return;
    }
    if (n_folder == plan.changes.size()) {
        plan.verb = "Make";
        plan.object = counted(n_folder, "folder");
    } else if (n_write == plan.changes.size()) {
        const bool edits_all = std::all_of(plan.changes.begin(), plan.changes.end(),
                                           [](const PlannedChange& one) { return one.is_edit; });
        plan.verb = edits_all ? "Edit" : "Write";
        plan.object = counted(n_write, "file");
    } else {
        plan.verb = "Make";
        plan.object = counted(plan.changes.size(), "change");
    }
    const std::string in =
        common_folder(plan, n_write > 0 ? ChangeKind::Write : ChangeKind::MakeFolder, after);
    if (!in.empty() && n_move == 0) plan.object += " in " + in;
}

}  // namespace

PermissionPlan plan_of(std::span<const PermissionRequest> requests) {
    PermissionPlan plan;
    plan.verb = requests.front().verb;
    plan.object = requests.front().object;
    plan.effect = requests.front().effect;
    plan.command = requests.front().command;
    plan.server = requests.front().server;
    plan.note = requests.front().note;
    bool can_last = true;
    for (const PermissionRequest& request : requests) {
        can_last = can_last && !request.folders.empty();
        if (request.change) {
            plan.changes.push_back(*request.change);
        } else if (!request.server && !request.note) {
            plan.paths.push_back(request.path);
        }
        for (const std::string& folder : request.folders) {
            if (std::find(plan.folders.begin(), plan.folders.end(), folder) == plan.folders.end())
                plan.folders.push_back(folder);
        }
    }
    if (!can_last) plan.folders.clear();
    if (plan.changes.size() > 1) name_together(plan);
    return plan;
}

}  // namespace lares
