#pragma once

#include "app/cli/synth/synthetic_model.h"
#include "app/cli/synth/synthetic_vocabulary.h"
#include "engine/model/model_file.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace lares::cli {

/// A model whose weights are to be written in other types: a folder of safetensors or a GGUF file.
struct SourceModel {
    std::shared_ptr<const ModelFile> file;
    SyntheticModel shape;  ///< of the same dimensions, with the tensors of this model
    SyntheticVocabulary vocabulary;
    std::vector<TensorView> views;  ///< one for each of shape.tensors; borrowed from `file`
};

/// Errors: those of ModelFile; Unsupported where its weights are quantised already to less than 8
/// bits.
[[nodiscard]] Result<SourceModel> openSource(const std::filesystem::path& path);

}  // namespace lares::cli
