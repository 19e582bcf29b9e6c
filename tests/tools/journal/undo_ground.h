#pragma once

#include "tests/support/folder_tree.h"
#include "tests/support/tree_snapshot.h"
#include "tools/journal/undo_journal.h"

#include <string>
#include <vector>

namespace lares::test {

/// A folder to grant with a journal beside it, and what was in it at first.
class UndoGround {
public:
    /// Call `begin` when the tree is as it should be again in the end.
    UndoGround() { tree.folder("grant"); }
    void begin() { m_original = snapshot(); }

    [[nodiscard]] std::string grant() const { return tree.path("grant"); }
    [[nodiscard]] std::string journal() const { return tree.path("journal"); }
    [[nodiscard]] TreeSnapshot snapshot() const { return snapshot_of(grant()); }
    /// A temporary file of ours lies around.
    [[nodiscard]] bool has_rest() const;

    /// What is not as it has to be after the journal was opened; empty: all is well.
    [[nodiscard]] std::string problem_of(const UndoJournal& journal) const;
    /// Undoes all; what is not as it was at first.
    [[nodiscard]] std::string undo_all(UndoJournal& journal) const;

    FolderTree tree;

private:
    TreeSnapshot m_original;
};

/// The newest first; none when they cannot be read.
[[nodiscard]] std::vector<FileChange> all_changes(const UndoJournal& journal);

/// From here on temporary folders lie in memory where that is possible: a change waits for the disk
/// several times.
void work_in_memory();

}  // namespace lares::test
