#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lares::cli {

/// A byte-level BPE vocabulary, stored as GGUF stores it: ordinary tokens in the byte alphabet,
/// merges as "left right" (spec: tokenizer.md §8).
struct SyntheticVocabulary {
    std::vector<std::string> tokens;
    std::vector<std::int32_t> types;  ///< of GGUF: 1 ordinary, 3 control, 4 user-defined, …
    std::vector<std::string> merges;
    std::string preTokenizer = "pixtral";
    std::string chatTemplate;
    std::uint32_t bosId = 1;
    std::uint32_t eosId = 11;
    bool addsBos = true;
};

/// A made-up one of `size` tokens that encodes any text: the special tokens of Nemotron 3 Nano, the
/// 256 bytes, and syllables of up to four letters with the merges that lead to them.
/// Precondition: size >= 512.
[[nodiscard]] SyntheticVocabulary makeVocabulary(int size);

/// The one of a GGUF file. Errors: those of GgufFile, with the key.
[[nodiscard]] Result<SyntheticVocabulary> readVocabulary(const std::filesystem::path& path);

}  // namespace lares::cli
