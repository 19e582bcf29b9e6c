#pragma once

#include "engine/base/result.h"
#include "engine/chat/message.h"

#include <string_view>

namespace lares {

/// JSON that a model, a file or a tool server wrote is read and printed within these bounds, so
/// that it can exhaust neither the stack (depth) nor the time (an ordered object finds a key by
/// looking at all of them).
constexpr int kMaxJsonDepth = 64;
constexpr int kMaxJsonKeys = 1000;  ///< of one object

/// One JSON value and nothing after it. InvalidArgument: not JSON, beyond the bounds, or a key that
/// occurs twice in one object (two readers could disagree about which one counts).
[[nodiscard]] Result<Json> parse_bounded_json(std::string_view text);

/// Whether a value from elsewhere keeps the depth and holds nothing but JSON types and valid UTF-8.
/// InvalidArgument says which; the caller adds where.
[[nodiscard]] Result<void> check_json_bounds(const Json& json);

}  // namespace lares
