#pragma once

#include "tools/journal/undo_journal.h"

#include <string>
#include <vector>

namespace lares::cli {

/// Everything that the newest turn changed and that is not undone yet, of those turns whose names
/// begin so; none: nothing is left.
[[nodiscard]] Result<std::vector<ChangeId>> newestChanges(const UndoJournal& journal,
                                                          const std::string& turns = {});

}  // namespace lares::cli
