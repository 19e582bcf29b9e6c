#pragma once

#include "app/cli/options.h"
#include "engine/sampling/sampler_chain.h"

#include <vector>

namespace lares::cli {

/// --greedy, --temperature, --top-k, --top-p, --min-p, --repeat-penalty, --seed.
[[nodiscard]] std::vector<OptionSpec> samplingOptions();
/// What they say; a seed of chance where none is given.
[[nodiscard]] SamplingParams samplingParams(const Options& options);

}  // namespace lares::cli
