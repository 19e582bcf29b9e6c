#pragma once

#include "tools/builtin/changes/change_tools.h"

#include <cstdint>
#include <string_view>
#include <variant>

namespace lares {

/// What a write may replace.
enum class Replacing {
    Nothing,    ///< a new file, or an error
    PlainFile,  ///< a file that nobody can run
    AnyFile,
};

/// What may be replaced, since its bytes are kept.
constexpr std::uint64_t kMaxReplacedBytes = 16'000'000;

/// What stands at a place before it is written: its bytes, nothing, or why it may not be replaced.
using StandingFile = std::variant<std::monostate, FileBytes, ToolText>;
[[nodiscard]] StandingFile standing_file(const ToolPath& path,
                                         Replacing replacing,
                                         const ChangeTools& tools);

/// Writes a file whole, in the journal: the bytes as they are, and all of them or nothing. `old`:
/// what stands there, whose permission bits stay; null: nothing. Any thread.
struct WholeWrite {
    FileChange change;
    RecordedOutcome outcome;
};
[[nodiscard]] WholeWrite write_whole(const ToolPath& path,
                                     std::string_view content,
                                     const FileBytes* old,
                                     const ChangeTools& tools);

}  // namespace lares
