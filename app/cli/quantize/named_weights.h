#pragma once

#include "app/cli/synth/synthetic_model.h"
#include "engine/model/weights.h"

#include <vector>

namespace lares::cli {

/// A model's tensors under their names in both formats, and where each lies.
struct NamedWeights {
    std::vector<SyntheticTensor> tensors;
    std::vector<TensorView> views;  ///< one for each; borrowed from the model
};

/// An output matrix that is the embedding (a tied one) stands there once, as that.
[[nodiscard]] NamedWeights namedWeights(const HParams& hparams, const Weights& weights);

}  // namespace lares::cli
