#include "tools/policy/command_run.h"

#include "tools/builtin/run_command/command_text.h"
#include "tools/builtin/write_file/write_file.h"
#include "tools/policy/confined_run.h"
#include "tools/policy/sensitive_names.h"
#include "tools/sandbox/scratch_folder.h"

#include <optional>
#include <utility>

namespace lares {
namespace {

/// Of making the copy, and of putting changes in place; the command's own is the runner's.
constexpr std::chrono::seconds kCopyingTime{60};

TreeBounds bounds_of(const RunLimits& limits) {
    TreeBounds bounds;
    bounds.is_expired = [&limits] { return limits.expired(); };
    return bounds;
}

std::string fault_text(TreeFault fault, const RunLimits& limits) {
    switch (fault) {
        case TreeFault::DiskFull:
            return "disk full";
        case TreeFault::NotFound:
            return "the folder is gone";
        case TreeFault::TooManyEntries:
        case TreeFault::TooManyBytes:
            return "it made more files than can be looked at";
        case TreeFault::Expired:
            return expired_text(limits).detail;
        case TreeFault::Unsupported:
        case TreeFault::Io:
            break;
    }
    return "the system failed";
}

/// The folder that the command works in, open: never looked up by a name that somebody may have
/// given to another folder.
Result<FolderHandle> open_place(const CallPlace& place, OpenMethod method) {
    ASSIGN_OR_RETURN(FolderHandle folder, FolderHandle::open(place.real));
    const FileIdentity expected =
        place.relative.empty()
            ? place.folder->identity()
            : facts_beneath({*place.folder, place.relative}, method).value_or(FileFacts{}).identity;
    if (folder.identity() != expected)
        return Error{ErrorCode::PermissionDenied, "permission denied: " + place.as_called};
    return folder;
}

/// One command on its way: copy, run, compare, put in place.
class CommandRun {
public:
    CommandRun(const CommandCall& call, const Broker::Options& options, const RunLimits& limits)
        : m_call(call), m_place(call.place), m_options(options), m_limits(limits) {}

    [[nodiscard]] ToolText run(std::vector<std::string>& layers) {
        m_report.limits = m_options.command_limits;
        if (m_call.keeps_changes) {
            if (auto fault = make_copy()) return std::move(*fault);
        }
        std::optional<FolderHandle> itself;
        if (!m_scratch) {
            Result<FolderHandle> opened = open_place(m_place, m_options.open_method);
            if (!opened) return tool_error(opened.error().code, opened.error().message);
            itself = std::move(*opened);
        }
        CommandSpec spec;
        spec.script = m_call.script;
        spec.folders = {{itself ? &*itself : &m_scratch->folder(), m_place.real, !itself}};
        spec.working_folder = m_place.real;
        spec.limits = m_options.command_limits;
        Result<CommandOutcome> outcome = m_options.commands->run(spec, m_limits.stop);
        if (!outcome) return tool_error(outcome.error().code, outcome.error().message);
        m_report.outcome = std::move(*outcome);
        layers = m_report.outcome.layers;
        const bool has_ended_by_itself = m_report.outcome.end == CommandEnd::Exited ||
                                         m_report.outcome.end == CommandEnd::Signalled;
        if (m_scratch && has_ended_by_itself) put_in_place();
        return command_text(m_report);
    }

private:
    /// An error that ends the call; nothing when the copy stands or the folder is only read.
    std::optional<ToolText> make_copy() {
        Result<ScratchFolder> scratch = ScratchFolder::make(m_options.scratch_folder);
        if (!scratch) return tool_error(scratch.error().code, scratch.error().message);
        m_scratch.emplace(std::move(*scratch));
        const RunLimits limits = copying_limits();
        const ConfinedFolder folders[] = {{m_place.folder.get(), false},
                                          {&m_scratch->folder(), true}};
        const ConfinedOutcome copied = run_confined(folders, nullptr, [&](ChangeLog*) {
            m_copy = copy_tree(*m_place.folder, m_place.relative, m_scratch->folder(),
                               bounds_of(limits), m_options.open_method);
            return ToolText{};
        });
        if (copied.text.is_error) return copied.text;
        m_report.n_not_copied = m_copy.n_left_out;
        if (!m_copy.fault) return std::nullopt;
        if (m_copy.fault == TreeFault::TooManyEntries || m_copy.fault == TreeFault::TooManyBytes) {
            m_report.is_too_large = true;
            m_report.n_not_copied = 0;
            m_scratch.reset();
            return std::nullopt;
        }
        return m_copy.fault == TreeFault::Expired
                   ? expired_text(limits)
                   : tool_error(ErrorCode::Io, fault_text(*m_copy.fault, limits));
    }

    void put_in_place() {
        const RunLimits limits = copying_limits();
        const ConfinedFolder folders[] = {{m_place.folder.get(), true},
                                          {&m_scratch->folder(), false}};
        const ConfinedOutcome placed =
            run_confined(folders, m_options.changes, [&](ChangeLog* changes) {
                compare_and_apply(*changes, limits);
                return ToolText{};
            });
        if (placed.text.is_error) m_report.fault = placed.text.detail;
    }

    /// In the confined thread.
    void compare_and_apply(ChangeLog& changes, const RunLimits& limits) {
        const TreeOutcome after =
            read_tree(m_scratch->folder(), bounds_of(limits), m_options.open_method);
        if (after.fault) {
            m_report.fault = fault_text(*after.fault, limits);
            return;
        }
        const ToolPath folder{*m_place.folder, m_place.relative, m_place.as_called};
        const auto below = [&](const std::string& path) {
            return folder.relative.empty() ? path : folder.relative + "/" + path;
        };
        PlanRules rules;
        rules.max_file_bytes = kMaxReplacedBytes;
        rules.is_sensitive = [&](const std::string& path) {
            return is_sensitive_path(below(path));
        };
        rules.has_same_bytes = [&](const std::string& before, const std::string& now) {
            return has_same_bytes({folder.folder, below(before)}, {m_scratch->folder(), now},
                                  m_options.open_method);
        };
        StagedPlan plan = plan_staged_changes(m_copy.originals, m_copy.copies, after.tree, rules);
        const ChangeTools tools{changes, m_call.conversation, m_call.turn, m_options.open_method};
        m_report.applied = apply_staged_changes(plan, m_scratch->folder(), folder, tools, limits);
        m_report.left_out = std::move(plan.left_out);
    }

    [[nodiscard]] RunLimits copying_limits() const {
        return {m_limits.stop, std::chrono::steady_clock::now() + kCopyingTime,
                m_options.open_method};
    }

    const CommandCall& m_call;
    const CallPlace& m_place;
    const Broker::Options& m_options;
    const RunLimits& m_limits;
    std::optional<ScratchFolder> m_scratch;
    CopyOutcome m_copy;
    CommandReport m_report;
};

}  // namespace

ToolText run_in_sandbox(const CommandCall& call,
                        const Broker::Options& options,
                        const RunLimits& limits,
                        std::vector<std::string>& layers) {
    return CommandRun(call, options, limits).run(layers);
}

}  // namespace lares
