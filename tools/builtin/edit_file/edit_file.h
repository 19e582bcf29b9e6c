#pragma once

#include "tools/builtin/changes/whole_write.h"

#include <optional>
#include <string>
#include <string_view>

namespace lares {

/// Replaces the one place in a text file where `old_text` stands by `new_text`; everything else
/// stays as it is, to the byte. In a file whose lines end with "\r\n" those of both texts do. What
/// stood there is kept by the journal. Errors where it stands nowhere or more than once. Any
/// thread.
[[nodiscard]] ToolText edit_file(const ToolPath& path,
                                 std::string_view old_text,
                                 std::string_view new_text,
                                 Replacing replacing,
                                 const ChangeTools& tools);

/// What such a file then holds. Nothing: the passage does not stand there exactly once.
[[nodiscard]] std::optional<std::string> edited_bytes(std::string_view bytes,
                                                      std::string_view old_text,
                                                      std::string_view new_text);

}  // namespace lares
