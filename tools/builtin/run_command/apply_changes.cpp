#include "tools/builtin/run_command/apply_changes.h"

#include "tools/builtin/make_folder/make_folder.h"
#include "tools/builtin/move/move.h"
#include "tools/builtin/write_file/write_file.h"

#include <algorithm>
#include <utility>

namespace lares {
namespace {

constexpr std::size_t kMaxFaults = 20;

class Application {
public:
    Application(const FolderHandle& copy, const ToolPath& folder, const ChangeTools& tools)
        : m_copy(copy), m_folder(folder), m_tools(tools) {}

    [[nodiscard]] ToolText make(const StagedChange& change) const {
        const ToolPath to = place_of(change.to);
        switch (change.kind) {
            case StagedChange::Kind::MakeFolder:
                return make_folder(to, m_tools);
            case StagedChange::Kind::Move: {
                const ToolPath from = place_of(change.from);
                if (!is_as_copied(from, *change.original))
                    return change_fault_text(ChangeFault::Changed, from.as_called);
                return move(from, to, m_tools);
            }
            case StagedChange::Kind::Write:
                break;
        }
        if (change.original && !is_as_copied(to, *change.original))
            return change_fault_text(ChangeFault::Changed, to.as_called);
        const FileBytes bytes =
            read_beneath({m_copy, change.to}, kMaxReplacedBytes, m_tools.method);
        if (bytes.fault) return change_fault_text(*bytes.fault, to.as_called);
        return write_file(to, bytes.bytes,
                          change.original ? Replacing::PlainFile : Replacing::Nothing, m_tools);
    }

private:
    [[nodiscard]] ToolPath place_of(const std::string& path) const {
        const std::string& above = m_folder.relative;
        return {m_folder.folder, above.empty() ? path : above + "/" + path, name_text(path)};
    }

    /// Nobody changed it since. Of a folder: it is the same one.
    [[nodiscard]] bool is_as_copied(const ToolPath& path, const FileFacts& original) const {
        const auto now = facts_beneath({path.folder, path.relative}, m_tools.method);
        if (!now) return false;
        return original.kind == EntryKind::Folder ? now->identity == original.identity
                                                  : now->is_same_content(original);
    }

    const FolderHandle& m_copy;
    const ToolPath& m_folder;
    const ChangeTools& m_tools;
};

void count(AppliedChanges& applied, const StagedChange& change) {
    switch (change.kind) {
        case StagedChange::Kind::MakeFolder:
            ++applied.n_folder;
            return;
        case StagedChange::Kind::Move:
            ++applied.n_move;
            return;
        case StagedChange::Kind::Write:
            ++applied.n_write;
            if (change.is_program) applied.programs.push_back(name_text(change.to));
            return;
    }
}

}  // namespace

AppliedChanges apply_staged_changes(const StagedPlan& plan,
                                    const FolderHandle& copy,
                                    const ToolPath& folder,
                                    const ChangeTools& tools,
                                    const RunLimits& limits) {
    AppliedChanges applied;
    if (plan.changes.size() > kMaxStagedChanges) {
        applied.faults.push_back("more than " + std::to_string(kMaxStagedChanges) +
                                 " changes: none was kept");
        return applied;
    }
    const Application application(copy, folder, tools);
    for (const StagedChange& change : plan.changes) {
        if (limits.expired()) {
            applied.faults.push_back(expired_text(limits).detail);
            break;
        }
        ToolText text = application.make(change);
        applied.changes.insert(applied.changes.end(), text.changes.begin(), text.changes.end());
        if (!text.is_error) {
            count(applied, change);
            continue;
        }
        if (applied.faults.size() < kMaxFaults) applied.faults.push_back(std::move(text.detail));
        if (text.result == "error: disk full" || text.result.starts_with("error: cannot be undone"))
            break;
    }
    return applied;
}

}  // namespace lares
