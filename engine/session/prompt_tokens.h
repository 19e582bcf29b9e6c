#pragma once

#include "engine/base/result.h"
#include "engine/chat/prompt_format.h"
#include "engine/model/model.h"
#include "engine/tokenizer/bpe_tokenizer.h"

#include <vector>

namespace lares {

/// A rendered prompt as tokens. `boundaries` are token positions at which a message ends, in
/// increasing order, the last one ids.size(): where a snapshot is worth taking.
struct PromptTokens {
    std::vector<TokenId> ids;
    std::vector<int> boundaries;
};

/// Whether a token is one that only the renderer writes: text cannot become it.
[[nodiscard]] bool is_markup_token(const BpeTokenizer& tokenizer, TokenId id);

/// Encodes `prompt` piece by piece between its boundaries, each piece once. That gives the ids of
/// the whole text only if a special token stands at each border, which holds for the formats'
/// turns; a boundary where it does not is dropped and its pieces are encoded together.
[[nodiscard]] PromptTokens encode_prompt(const BpeTokenizer& tokenizer,
                                         const RenderedPrompt& prompt);

/// A prompt that is a text as it stands, with the special tokens that it names.
[[nodiscard]] RenderedPrompt as_prompt(std::string text);

/// What every prompt of `conversation` with one more message begins with, whatever is in that
/// message: all that is there, as the format shows it then (without thinking that it drops), up to
/// the special token that opens the new message. Ends at a boundary. Errors: those of
/// render_prompt.
[[nodiscard]] Result<PromptTokens> certain_prefix(const Model& model,
                                                  const Conversation& conversation,
                                                  const PromptOptions& options);

}  // namespace lares
