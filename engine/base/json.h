#pragma once

#include "engine/base/result.h"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace lares {

/// Keeps the order of keys, which the prompt formats print.
using Json = nlohmann::ordered_json;

// nlohmann's reader and writer are templates, and most of what JSON costs a file to compile: these
// two are compiled once.

/// One JSON value and nothing after it. InvalidArgument says where it is broken. For texts that
/// somebody else may have written: engine/chat/bounded_json.h.
[[nodiscard]] Result<Json> parse_json(std::string_view text);

/// On one line, or with a line for each value and `indent` spaces. Bytes that are not UTF-8 become
/// U+FFFD.
[[nodiscard]] std::string json_text(const Json& json, int indent = -1);

}  // namespace lares
