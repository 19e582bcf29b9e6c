#pragma once

#include "tools/policy/line_diff.h"
#include "tools/policy/prepared_call.h"

#include <string_view>

namespace lares {

/// What a call of write_file or edit_file would change in its file, for the question about it; the
/// model never sees it. `is_made_before`: an earlier call of the same answer makes or changes that
/// file, so what stands there now says nothing. No lines where nothing can be compared: a file that
/// is no text, or larger than 1 MB. Reads the file. Any thread.
[[nodiscard]] LineDiff written_diff(std::string_view tool,
                                    const Json& arguments,
                                    const CallPlace& place,
                                    bool is_made_before,
                                    OpenMethod method);

}  // namespace lares
