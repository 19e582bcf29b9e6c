#pragma once

#include "engine/chat/prompt_format.h"
#include "engine/tokenizer/bpe_tokenizer.h"

#include <vector>

namespace lares {

/// A rendered prompt as tokens. `boundaries` are token positions at which a message ends, in
/// increasing order, the last one ids.size(): where a snapshot is worth taking.
struct PromptTokens {
    std::vector<TokenId> ids;
    std::vector<int> boundaries;
};

/// Encodes `prompt` piece by piece between its boundaries, each piece once. That gives the ids of
/// the whole text only if a special token stands at each border, which holds for the formats'
/// turns; a boundary where it does not is dropped and its pieces are encoded together.
[[nodiscard]] PromptTokens encode_prompt(const BpeTokenizer& tokenizer,
                                         const RenderedPrompt& prompt);

}  // namespace lares
