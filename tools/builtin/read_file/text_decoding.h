#pragma once

#include <optional>
#include <string>

namespace lares {

/// A file's bytes as text in UTF-8: a byte order mark at the beginning is read and dropped, "\r\n"
/// and "\r" become "\n". Nothing when they are no text: not valid UTF-8 (or UTF-16, where the mark
/// says so), or with a NUL in it. Bytes are untrusted. Any thread.
[[nodiscard]] std::optional<std::string> text_from_bytes(std::string bytes);

}  // namespace lares
