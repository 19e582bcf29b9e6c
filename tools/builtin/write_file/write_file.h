#pragma once

#include "tools/builtin/changes/change_tools.h"

#include <string_view>

namespace lares {

/// What a write may replace.
enum class Replacing {
    Nothing,    ///< a new file, or an error
    PlainFile,  ///< a file that nobody can run
    AnyFile,
};

/// Writes a file whole: the text as it is, and all of it or nothing. What stood there is kept by
/// the journal, and its permission bits stay. Any thread.
[[nodiscard]] ToolText write_file(const ToolPath& path,
                                  std::string_view content,
                                  Replacing replacing,
                                  const ChangeTools& tools);

/// What may be replaced, since its bytes are kept.
constexpr std::uint64_t kMaxReplacedBytes = 16'000'000;

}  // namespace lares
