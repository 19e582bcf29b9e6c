#pragma once

#include "app/cli/serve/api_error.h"
#include "engine/session/engine.h"

#include <optional>
#include <vector>

namespace lares::cli {

/// `messages` of a request: what is wrong goes into `problem`, with the message's index. The JSON
/// keeps the bounds of bounded_json.h.
[[nodiscard]] std::vector<Message> readMessages(const Json& list, std::optional<ApiError>& problem);

/// `tools` of a request, each as {"type":"function","function":{"name","description"?,
/// "parameters"?}} and nothing else.
[[nodiscard]] std::vector<Json> readTools(const Json& list, std::optional<ApiError>& problem);

}  // namespace lares::cli
