#pragma once

#include "engine/base/result.h"
#include "engine/formats/json_document.h"
#include "engine/tokenizer/bpe_tokenizer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lares {

/// For a tokenizer.json: the real one has 17 MB, 131,072 tokens and 269,443 merges.
inline constexpr JsonLimits kTokenizerJsonLimits{std::uint64_t{128} << 20, 16'000'000, 16};

/// What the tokenizer.json of a model folder says, in the terms of GGUF's keys: tokens by id in the
/// byte alphabet, special ones as they are.
struct TokenizerJson {
    std::vector<std::string> tokens;
    std::vector<std::int64_t> types;  ///< numbers of TokenType
    std::vector<std::string> merges;  ///< "left right"
    std::optional<TokenId> unknown_id;
    PreTokenizer pre_tokenizer = PreTokenizer::Llama3;
};

/// Reads model.vocab, model.merges (texts or pairs), added_tokens and pre_tokenizer. `n_vocab` is
/// the embedding's number of rows: ids that no token has become unused ones.
/// Errors: Corrupt (an id out of range or given twice, a merge that is no pair), Unsupported (a
/// model other than BPE, a normalizer, a pattern that is neither Llama 3's nor tekken's).
[[nodiscard]] Result<TokenizerJson> read_tokenizer_json(const JsonDocument& json, int n_vocab);

}  // namespace lares
