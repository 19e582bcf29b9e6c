#include "tools/builtin/make_folder/make_folder.h"

#include <algorithm>

namespace lares {
namespace {

/// The path, as it was called, of the part of it that ends there.
std::string part_as_called(const ToolPath& path, std::size_t end) {
    std::string part = path.as_called;
    for (auto rest = std::count(path.relative.begin() + static_cast<std::ptrdiff_t>(end),
                                path.relative.end(), '/');
         rest > 0; --rest)
        part = folder_as_called(part);
    return part;
}

}  // namespace

ToolText make_folder(const ToolPath& path, const ChangeTools& tools) {
    if (path.relative.empty() || facts_beneath({path.folder, path.relative}, tools.method))
        return change_fault_text(ChangeFault::Exists, path.as_called);
    ToolText text;
    for (std::size_t end = 0; end < path.relative.size(); ++end) {
        end = std::min(path.relative.find('/', end), path.relative.size());
        const ToolPath part{path.folder, path.relative.substr(0, end), path.as_called};
        if (const auto facts = facts_beneath({part.folder, part.relative}, tools.method)) {
            if (facts->kind == EntryKind::Folder) continue;
            ToolText error = facts->kind == EntryKind::File
                                 ? tool_error(ErrorCode::InvalidArgument,
                                              "not a folder: " + part_as_called(path, end))
                                 : change_fault_text(ChangeFault::Denied, path.as_called);
            error.changes = std::move(text.changes);
            return error;
        }
        const FileChange change = change_at(FileChange::Kind::MakeFolder, part, tools);
        RecordedOutcome made = make_recorded(tools, change, {}, path.as_called, [&] {
            return make_folder_beneath({part.folder, part.relative}, tools.method);
        });
        if (made.id == 0) {
            made.error.changes = std::move(text.changes);
            return made.error;
        }
        text.changes.push_back(made.id);
        text.detail = sentence_of(change);
    }
    text.result = "created folder " + path.as_called;
    return text;
}

}  // namespace lares
