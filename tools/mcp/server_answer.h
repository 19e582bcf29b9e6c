#pragma once

#include "engine/base/json.h"
#include "tools/builtin/tool_text.h"

#include <string>
#include <string_view>

namespace lares {

/// The result of tools/call as the model reads it: its texts, one after the other; what is no text
/// (an image, a sound) is named; cut off where it is longer than a part of a file. A result that is
/// an error is one here too. The server wrote it: control characters are left out.
[[nodiscard]] ToolText server_answer(const Json& result);

/// "error: …", with what a server said as one line of bounded length.
[[nodiscard]] ToolText server_error(ErrorCode code, std::string_view message);

/// What a server wrote, without what would only hide something; tabs and line breaks stay.
[[nodiscard]] std::string without_control_characters(std::string text);

}  // namespace lares
