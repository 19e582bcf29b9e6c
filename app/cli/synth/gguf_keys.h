#pragma once

#include "app/cli/synth/synthetic_model.h"
#include "app/cli/synth/synthetic_vocabulary.h"
#include "app/cli/synth/tensor_mix.h"
#include "engine/formats/gguf_writer.h"

#include <span>
#include <string_view>

namespace lares::cli {

/// A GGUF file of a model's tensors in these types, with all that its header says.
[[nodiscard]] GgufWriter modelWriter(std::string_view title,
                                     const TensorMix& mix,
                                     const SyntheticModel& model,
                                     std::span<const DType> types,
                                     const SyntheticVocabulary& vocabulary);

}  // namespace lares::cli
