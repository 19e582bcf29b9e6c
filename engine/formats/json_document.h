#pragma once

#include "engine/base/result.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lares {

/// A JSON document of a model folder: keys sorted, each once.
using JsonDocument = nlohmann::json;

/// What a document may ask for. The file is untrusted: above these it is refused, not tried.
/// (design: security 3.8)
struct JsonLimits {
    std::uint64_t n_byte = std::uint64_t{1} << 20;
    std::uint64_t n_value = 10'000;  ///< objects, lists, numbers, texts, …
    std::size_t depth = 32;
};

/// Reads one JSON object and nothing after it. Python's `Infinity`, `-Infinity` and `NaN`, which
/// transformers writes into config.json, are read as null, null and 0.
/// Errors: Corrupt (no JSON, no object, a key that is there twice) or Unsupported (beyond the
/// limits); the message begins with `name`.
[[nodiscard]] Result<JsonDocument> parse_json_document(std::string_view text,
                                                       std::string_view name,
                                                       const JsonLimits& limits);

}  // namespace lares
