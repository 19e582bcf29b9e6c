#pragma once

#include "engine/tokenizer/bpe_tokenizer.h"

#include <cstddef>
#include <string>
#include <vector>

namespace lares::test {

/// Cases of tests/data/golden/logits.json, which was computed in f64 apart from our code.
/// Those of the BF16 folder stand under t-F32.gguf, too, which holds the same weights.
struct GoldenLogits {
    std::string file;  ///< in tests/data/golden
    std::vector<TokenId> tokens;
    std::vector<double> logits;  ///< after the last token, to nine digits
};
[[nodiscard]] const std::vector<GoldenLogits>& golden_logits();

struct GoldenGreedy {
    std::string file;
    std::vector<TokenId> tokens;  ///< the prompt
    std::vector<TokenId> greedy;  ///< what follows, always the likeliest token
    std::vector<double> margin;   ///< logit of the likeliest minus the second likeliest
};
[[nodiscard]] const std::vector<GoldenGreedy>& golden_greedy();

/// How far llama.cpp was from a case above; tests/data/golden/llamacpp_distance.json says how that
/// was measured.
struct LlamaCppDistance {
    std::string file;
    std::size_t n_tokens = 0;  ///< of the prompt
    double relative_l2 = 0;
};
[[nodiscard]] std::vector<LlamaCppDistance> llamacpp_distances();

/// The GGUF files and safetensors folders with golden logits, each once.
[[nodiscard]] std::vector<std::string> golden_files();

}  // namespace lares::test
