#pragma once

#include "tools/sandbox/tree_copy.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lares {

/// One thing that a command did in its copy of a folder and that can be done in the folder itself.
/// Paths are those below the folder.
struct StagedChange {
    enum class Kind {
        MakeFolder,
        Move,   ///< or rename; a folder with all that is in it
        Write,  ///< a new file, or new bytes in one that is there
    };
    Kind kind = Kind::Write;
    std::string from;  ///< Move: where it is at that moment of the plan
    std::string to;
    /// What must still stand at `from` of a Move or be replaced by a Write: the original as it was
    /// copied. Nothing: `to` is new.
    std::optional<FileFacts> original;
    bool is_program = false;  ///< Write: the command made a file that can be run
};

/// Why something that a command did stays in its copy.
enum class LeftOut {
    Removed,    ///< nothing is deleted for a command
    NotAFile,   ///< a link, a pipe, a socket
    Sensitive,  ///< it could run by itself later
    InTheWay,   ///< a file where a folder was, or the other way round
    TooLarge,   ///< a file of more bytes than can be kept
};
struct LeftOutChange {
    std::string path;
    LeftOut reason = LeftOut::Removed;
};

/// In an order in which each step finds what it needs.
struct StagedPlan {
    std::vector<StagedChange> changes;
    std::vector<LeftOutChange> left_out;
};

/// What the plan depends on besides the trees.
struct PlanRules {
    /// Whether the file at `before` in the folder and the one at `after` in the copy hold the same
    /// bytes; asked only where sizes and times do not tell.
    std::function<bool(const std::string& before, const std::string& after)> has_same_bytes;
    std::function<bool(const std::string& path)> is_sensitive;
    std::uint64_t max_file_bytes = 0;
};

/// Compares a copy before a command with the copy after it. `originals` and `copies` are those of
/// copy_tree, `after` is read_tree of the copy. Any thread.
[[nodiscard]] StagedPlan plan_staged_changes(const Tree& originals,
                                             const Tree& copies,
                                             const Tree& after,
                                             const PlanRules& rules);

}  // namespace lares
