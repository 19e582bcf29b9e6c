#include "tests/tools/journal/undo_ground.h"

#include <cstdlib>
#include <limits>
#include <vector>
#ifndef _WIN32
#include <unistd.h>
#endif

namespace lares::test {
namespace {

constexpr int kAll = std::numeric_limits<int>::max();

}  // namespace

std::vector<FileChange> all_changes(const UndoJournal& journal) {
    return journal.changes(kAll).value_or(std::vector<FileChange>());
}

bool UndoGround::has_rest() const {
    for (const auto& [name, line] : snapshot())
        if (name.find(".lares-") != std::string::npos) return true;
    return false;
}

std::string UndoGround::problem_of(const UndoJournal& journal) const {
    if (!journal.notice().empty()) return journal.notice();
    const auto changes = journal.changes(kAll);
    if (!changes) return changes.error().message;
    for (const FileChange& change : *changes) {
        using State = FileChange::State;
        if (change.state != State::Done && change.state != State::Undone)
            return sentence_of(change) + " is " + std::string(to_string(change.state));
    }
    return has_rest() ? "a temporary file was left" : std::string();
}

std::string UndoGround::undo_all(UndoJournal& journal) const {
    const auto changes = journal.changes(kAll);
    if (!changes) return changes.error().message;
    std::vector<ChangeId> ids;
    for (const FileChange& change : *changes) ids.push_back(change.id);
    const auto report = journal.undo(ids);
    if (!report) return report.error().message;
    if (!report->is_complete()) return report->problems.front().sentence;
    return difference(m_original, snapshot());
}

void work_in_memory() {
#ifdef _WIN32
    if (is_wine()) ::_putenv_s("TMP", R"(Z:\dev\shm)");
#else
    if (::access("/dev/shm", W_OK | X_OK) == 0) ::setenv("TMPDIR", "/dev/shm", 1);
#endif
}

}  // namespace lares::test
