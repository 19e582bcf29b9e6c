#pragma once

#include "engine/chat/message.h"

#include <string_view>
#include <vector>

namespace lares {

/// The JSON schema of a parameter in the tool definitions, or null when there is none.
[[nodiscard]] const Json* find_parameter_schema(const std::vector<Json>& tools,
                                                std::string_view function,
                                                std::string_view parameter);

/// What the text of a parameter means under its schema (spec: chat-template.md §3.2): null,
/// boolean, integer, number, array or object where the schema allows it and the text is one, tried
/// in this order; otherwise the text itself. "null" also counts where the schema allows no string.
[[nodiscard]] Json typed_argument(const Json* schema, std::string_view text);

}  // namespace lares
