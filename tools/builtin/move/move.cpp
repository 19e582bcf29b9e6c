#include "tools/builtin/move/move.h"

namespace lares {
namespace {

/// The path that a fault is about.
const std::string& path_of(ChangeFault fault, const ToolPath& from, const ToolPath& to) {
    const bool is_new_path = fault == ChangeFault::NoFolder || fault == ChangeFault::Exists ||
                             fault == ChangeFault::IntoItself || fault == ChangeFault::OtherDisk ||
                             fault == ChangeFault::NameTooLong;
    return is_new_path ? to.as_called : from.as_called;
}

}  // namespace

ToolText move(const ToolPath& from, const ToolPath& to, const ChangeTools& tools) {
    const auto facts = facts_beneath({from.folder, from.relative}, tools.method);
    if (!facts) return change_fault_text(ChangeFault::NotFound, from.as_called);
    FileChange change = change_at(FileChange::Kind::Move, to, tools);
    change.from = recorded(from);
    change.file = facts->identity.file;
    std::optional<ChangeFault> fault;
    RecordedOutcome moved = make_recorded(tools, change, {}, from.as_called, [&] {
        ChangeOutcome outcome =
            move_beneath({from.folder, from.relative}, {to.folder, to.relative}, tools.method);
        fault = outcome.fault;
        return outcome;
    });
    if (moved.id == 0)
        return fault ? change_fault_text(*fault, path_of(*fault, from, to)) : moved.error;
    ToolText text;
    text.result = "moved " + from.as_called + " to " + to.as_called;
    text.detail = sentence_of(change);
    text.changes = {moved.id};
    return text;
}

}  // namespace lares
