#include "app/cli/newest_changes.h"

namespace lares::cli {
namespace {

constexpr int kLookedAt = 200;

bool canBeUndone(const FileChange& change) {
    return change.state == FileChange::State::Done || change.state == FileChange::State::Unclear;
}

}  // namespace

Result<std::vector<ChangeId>> newestChanges(const UndoJournal& journal, const std::string& turns) {
    ASSIGN_OR_RETURN(const std::vector<FileChange> newest, journal.changes(kLookedAt));
    for (const FileChange& change : newest) {
        if (!canBeUndone(change) || !change.turn.starts_with(turns)) continue;
        std::vector<ChangeId> ids;
        ASSIGN_OR_RETURN(const std::vector<FileChange> turn, journal.changes_of_turn(change.turn));
        for (const FileChange& one : turn) {
            if (canBeUndone(one)) ids.push_back(one.id);
        }
        return ids;
    }
    return std::vector<ChangeId>();
}

}  // namespace lares::cli
