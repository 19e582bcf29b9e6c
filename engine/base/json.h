#pragma once

#include <nlohmann/json.hpp>

namespace lares {

/// Keeps the order of keys, which the prompt formats print.
using Json = nlohmann::ordered_json;

}  // namespace lares
