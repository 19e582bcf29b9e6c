#pragma once

#include "tools/builtin/changes/whole_write.h"

#include <string_view>

namespace lares {

/// Writes a file whole: the text as it is, and all of it or nothing. What stood there is kept by
/// the journal, and its permission bits stay. Any thread.
[[nodiscard]] ToolText write_file(const ToolPath& path,
                                  std::string_view content,
                                  Replacing replacing,
                                  const ChangeTools& tools);

}  // namespace lares
