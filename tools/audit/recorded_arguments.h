#pragma once

#include "engine/base/json.h"

#include <string>
#include <vector>

namespace lares {

/// The arguments of a call as the log keeps them: JSON with sorted keys and at most 16 KiB,
/// whatever the model wrote. What `contents` names is what a file will hold: its size and SHA-256
/// stand there instead; of another text that is too long its beginning too. Secrets are redacted;
/// what is neither text, number nor truth is named by its kind alone. Any thread.
[[nodiscard]] std::string recorded_arguments(const Json& arguments,
                                             const std::vector<std::string>& contents);

/// A text of the model or a path, for the log: redacted, and cut off where it is too long.
[[nodiscard]] std::string recorded_text(std::string_view text);

}  // namespace lares
