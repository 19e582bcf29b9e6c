#pragma once

#include "engine/base/result.h"
#include "engine/chat/message.h"
#include "engine/chat/prompt_format.h"
#include "engine/tokenizer/bpe_tokenizer.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lares {

class Model;

/// A run of a prompt's text that has one origin.
struct PromptPiece {
    enum class Kind {
        Special,  ///< one special token, and nothing else
        Markup,   ///< other text that the prompt format writes: "user\n"
        Plain,    ///< what messages and tools hold; its "<|im_end|>" is ordinary text
    };
    Kind kind = Kind::Plain;
    std::string text;  ///< UTF-8, never empty
    int n_tokens = 0;  ///< those that begin in it; one may reach into the next piece

    friend bool operator==(const PromptPiece&, const PromptPiece&) = default;
};

/// A message of the prompt, or a part of one.
struct PromptSection {
    PromptMark::Kind kind = PromptMark::Kind::System;
    std::size_t first_piece = 0;  ///< it ends where the next section begins
    int first_token = 0;          ///< the first that begins in it
    int n_tokens = 0;
    bool is_dropped_next = false;  ///< thinking that the prompt of the next turn leaves out
};

/// The prompt of a request as the model reads it. A value; its pieces' texts, joined, are the
/// prompt, and so are the bytes of `ids`.
struct PromptView {
    std::vector<PromptPiece> pieces;
    std::vector<PromptSection> sections;
    std::vector<TokenId> ids;
    std::vector<int> token_bytes;  ///< of each token: how much of the text it is
    std::uint64_t key = 0;         ///< prompt_key(ids)
    int n_ctx = 0;                 ///< tokens that the context holds; 0: not known here

    [[nodiscard]] std::string text() const;
};

/// Tells two prompts apart (XXH64 of the ids, never 0). No protection from somebody who
/// wants two to have the same.
[[nodiscard]] std::uint64_t prompt_key(std::span<const TokenId> ids);

/// Pure, thread safe, and no forward pass: an answer may run meanwhile. Linear in the text but for
/// a logarithm. Errors: those of render_prompt; OutOfMemory; Internal where the tokens are not the
/// text.
[[nodiscard]] Result<PromptView> view_prompt(const Model& model,
                                             const Conversation& conversation,
                                             const PromptOptions& options);

}  // namespace lares
