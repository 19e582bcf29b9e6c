#pragma once

#include "tools/builtin/changes/change_tools.h"
#include "tools/builtin/run_command/staged_changes.h"

#include <cstddef>
#include <string>
#include <vector>

namespace lares {

/// What became of a plan.
struct AppliedChanges {
    std::vector<ChangeId> changes;  ///< in the journal
    std::size_t n_folder = 0;
    std::size_t n_move = 0;
    std::size_t n_write = 0;
    std::vector<std::string> faults;    ///< why steps were not made: "already exists: b.txt"
    std::vector<std::string> programs;  ///< new files that can be run only in the copy
};

/// More steps than this are not begun at all.
constexpr std::size_t kMaxStagedChanges = 2'000;

/// Makes the plan's steps in `folder`, one after the other, each written down in the journal first.
/// `copy`: where the bytes are. A step whose place is not as it was when the copy was made is left
/// out, and so is what needs it. Stops when the disk is full, at `limits`, and where the journal
/// fails. In a thread that may read `copy` and change `folder`.
[[nodiscard]] AppliedChanges apply_staged_changes(const StagedPlan& plan,
                                                  const FolderHandle& copy,
                                                  const ToolPath& folder,
                                                  const ChangeTools& tools,
                                                  const RunLimits& limits);

}  // namespace lares
