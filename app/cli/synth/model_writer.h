#pragma once

#include "app/cli/synth/synthetic_model.h"
#include "app/cli/synth/synthetic_vocabulary.h"
#include "app/cli/synth/tensor_mix.h"
#include "engine/base/new_file.h"

#include <filesystem>
#include <functional>
#include <stop_token>

namespace lares::cli {

/// What to write, and how.
struct SynthRequest {
    SyntheticModel model;
    TensorMix mix;
    SyntheticVocabulary vocabulary;
    std::uint64_t seed = 0;
    int n_threads = 1;
    std::uint64_t shardBytes = 5'000'000'000;  ///< of a safetensors folder, as published
    std::filesystem::path out;
    std::stop_token stop;
    std::function<void(float share)> showProgress;
};

/// What was written.
struct SynthReport {
    std::uint64_t bytes = 0;
    std::uint64_t n_parameter = 0;
    int n_file = 0;
};

/// One GGUF file. Errors: Io (already there, no room, cannot write), Cancelled; nothing is left
/// behind then.
[[nodiscard]] Result<SynthReport> writeGguf(const SynthRequest& request);

/// A folder as published: config.json, model*.safetensors with an index, tokenizer.json,
/// tokenizer_config.json, generation_config.json. Errors as above.
[[nodiscard]] Result<SynthReport> writeFolder(const SynthRequest& request);

/// "2.83 GB"
[[nodiscard]] std::string inGigabytes(std::uint64_t bytes);

/// Refuses an output that exists, and one for which the disk has no room.
[[nodiscard]] Result<void> checkRoom(const std::filesystem::path& out, std::uint64_t bytes);

}  // namespace lares::cli
