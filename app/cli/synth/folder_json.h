#pragma once

#include "app/cli/synth/model_writer.h"

#include <cstdint>
#include <map>
#include <string>

namespace lares::cli {

/// The small files of a safetensors folder by name: config.json, generation_config.json,
/// tokenizer.json, tokenizer_config.json, and hf_quant_config.json where FP8 is in it.
[[nodiscard]] std::map<std::string, std::string> folderTexts(const SynthRequest& request);

/// Which tensor is in which file.
struct FolderIndex {
    std::map<std::string, std::string> files;
    std::uint64_t totalBytes = 0;
};
/// model.safetensors.index.json
[[nodiscard]] std::string indexText(const FolderIndex& index);

}  // namespace lares::cli
