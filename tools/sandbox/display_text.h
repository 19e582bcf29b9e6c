#pragma once

#include <string>
#include <string_view>

namespace lares {

/// A path or name for the screen of somebody who decides by it: control characters, bytes that are
/// no text, invisible characters and those that turn the direction of text are written out, as
/// \u{202e} and \x{ff}. One line. Any thread.
[[nodiscard]] std::string display_text(std::string_view text);

}  // namespace lares
