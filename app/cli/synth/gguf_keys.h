#pragma once

#include "app/cli/synth/synthetic_vocabulary.h"
#include "engine/formats/gguf_writer.h"
#include "engine/model/hparams.h"

namespace lares::cli {

/// The keys of the official files for a model's dimensions (spec: nemotron-h.md §6.2).
void addHparams(GgufWriter& writer, const HParams& h);
/// Those for its vocabulary and chat template (spec: tokenizer.md §8).
void addVocabulary(GgufWriter& writer, const SyntheticVocabulary& vocabulary);

}  // namespace lares::cli
