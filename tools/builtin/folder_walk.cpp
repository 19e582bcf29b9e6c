#include "tools/builtin/folder_walk.h"

#include "tools/sandbox/folder_reader.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace lares {
namespace {

std::string path_below(const std::string& folder, const std::string& name) {
    if (folder.empty() || name.empty()) return folder + name;
    return folder + "/" + name;
}

}  // namespace

WalkEnd walk_folder(const ToolPath& folder,
                    WalkInto into,
                    const RunLimits& limits,
                    const std::function<void(const std::string& below)>& visit) {
    WalkEnd end;
    std::size_t n_seen = 0;
    std::vector<std::string> waiting = {""};
    while (!waiting.empty() && !end.is_cut && !limits.expired()) {
        const std::string below = std::move(waiting.back());
        waiting.pop_back();
        OpenOutcome opened = open_folder_beneath(folder.folder, path_below(folder.relative, below),
                                                 limits.open_method);
        if (opened.fault) {
            if (below.empty()) {
                end.error = open_fault_text(*opened.fault, folder, true);
                return end;
            }
            continue;
        }
        FolderReader reader(std::move(opened.handle));
        while (const auto entry = reader.next()) {
            if (limits.expired()) break;
            if (n_seen == kMaxWalkEntries) {
                end.is_cut = true;
                break;
            }
            ++n_seen;
            if (entry->kind == EntryKind::Folder) {
                if (into == WalkInto::Everything || !entry->name.starts_with('.'))
                    waiting.push_back(path_below(below, entry->name));
            } else if (entry->kind == EntryKind::File) {
                visit(path_below(below, entry->name));
            }
        }
    }
    if (limits.expired()) end.error = expired_text(limits);
    return end;
}

std::string walked_path(const std::string& folder_as_called, const std::string& below) {
    const std::string prefix = path_as_called(folder_as_called, "");
    std::string shown = name_text(below);
    if (prefix.back() == '\\') std::replace(shown.begin(), shown.end(), '/', '\\');
    return prefix + shown;
}

std::string cut_notice() {
    return "[stopped after " + std::to_string(kMaxWalkEntries) + " files and folders]";
}

}  // namespace lares
