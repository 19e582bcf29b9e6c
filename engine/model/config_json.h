#pragma once

#include "engine/formats/json_document.h"
#include "engine/model/hparams.h"

namespace lares {

/// For a config.json.
inline constexpr JsonLimits kConfigJsonLimits{std::uint64_t{1} << 20, 20'000, 16};

/// Dimensions and layers from the config.json of a model folder, with the defaults and the older
/// names of its fields (spec: nemotron-h.md §1.3). `name` stands in messages.
/// Errors: Unsupported for another architecture or a feature that this family does not have
/// (experts, biases, a sliding window), Corrupt naming the field.
[[nodiscard]] Result<HParams> read_hparams(const JsonDocument& config, std::string_view name);

}  // namespace lares
