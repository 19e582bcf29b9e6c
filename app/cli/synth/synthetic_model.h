#pragma once

#include "engine/model/hparams.h"
#include "engine/tensor/shape.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lares::cli {

/// What numbers a tensor holds, so that activations stay near 1 through all layers.
enum class WeightKind {
    Matrix,      ///< normal, with SyntheticTensor::deviation
    Norm,        ///< around 1
    ConvWeight,  ///< normal, deviation 0.5
    ConvBias,    ///< normal, deviation 0.1
    DtBias,      ///< inverse softplus of a step between 0.001 and 0.2
    A,           ///< log-uniform from 0.3 to 12; GGUF has -A, safetensors its logarithm
    D,           ///< around 1
};

/// One tensor of a model without its type. Names and shapes of both formats
/// (spec: nemotron-h.md §4, §6.3).
struct SyntheticTensor {
    WeightKind kind = WeightKind::Matrix;
    double deviation = 0.0;  ///< of a Matrix
    int layer = -1;          ///< -1: embedding, last norm, head
    std::string ggufName;
    std::string hfName;
    Shape ggufShape;  ///< outermost first
    Shape hfShape;
};

/// A model to make: its dimensions and its tensors in the order of the layers.
struct SyntheticModel {
    std::string name;     ///< "4b"
    std::string title;    ///< "Nemotron 3 Nano 4B"
    std::string pattern;  ///< a letter a layer: M, * or -
    HParams hparams;
    std::vector<SyntheticTensor> tensors;
};

/// The tensors of a model of these dimensions, in the order of the layers.
[[nodiscard]] std::vector<SyntheticTensor> tensorsOf(const HParams& hparams);

/// "4b", "9b" or "tiny"; nothing for another name. `tiny` may have any vocabulary.
[[nodiscard]] std::optional<SyntheticModel> syntheticModel(std::string_view name,
                                                           std::optional<int> n_vocab);

}  // namespace lares::cli
