#pragma once

#include "engine/base/result.h"
#include "engine/tokenizer/text_segment.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

class GgufFile;
struct TokenizerJson;

using TokenId = std::int32_t;

/// Role of a vocabulary entry (GGUF `tokenizer.ggml.token_type`).
enum class TokenType : std::uint8_t {
    Normal = 1,  ///< bytes in the GPT-2 alphabet
    Unknown = 2,
    Control = 3,      ///< markup, matched by its text, prints nothing
    UserDefined = 4,  ///< markup, matched by its text, prints its text
    Unused = 5,
    Byte = 6,
};

/// Which regular expression cuts text into the pieces that BPE joins bytes inside.
enum class PreTokenizer {
    Llama3,  ///< GGUF `pixtral`, `llama3`, `llama-bpe`
    Tekken,  ///< GGUF `tekken`
};

/// Byte-level BPE with `ignore_merges`, as Nemotron's tekken vocabulary and Lares Mini's own need
/// it (Sennrich et al. 2016, arXiv:1508.07909; byte alphabet of GPT-2). No normaliser, no dummy
/// space. Time is linear in the text but for a logarithm, whatever the text. Immutable and thread
/// safe.
class BpeTokenizer {
public:
    /// Reads `tokenizer.ggml.*`. Everything is copied: the file may go away afterwards.
    /// `pre_tokenizer` replaces what the file's `pre` says (which is then not read): the published
    /// files do not settle which pattern the model was trained with (spec: tokenizer.md §2).
    /// Errors: NotFound, Corrupt (a list of the wrong length, a duplicate, a merge that is not two
    /// entries, a special id out of range), Unsupported (a tokenizer model other than "gpt2", an
    /// unknown `pre`, more than 2^20 tokens).
    [[nodiscard]] static Result<BpeTokenizer> from_gguf(
        const GgufFile& file, std::optional<PreTokenizer> pre_tokenizer = std::nullopt);

    /// What stands beside a tokenizer.json, in tokenizer_config.json and generation_config.json.
    struct ControlIds {
        std::string bos;               ///< text of the token, empty where none is named
        std::string eos;               ///< the same
        std::vector<TokenId> eos_ids;  ///< all that end an answer
        std::string chat_template;     ///< tells the generations of the family apart
    };
    /// The same from a model folder. No BOS is added, as Hugging Face's tokenizers add none
    /// (spec: tokenizer.md §5). Everything is copied. Errors as above.
    [[nodiscard]] static Result<BpeTokenizer> from_json(const TokenizerJson& json,
                                                        const ControlIds& control);

    BpeTokenizer(BpeTokenizer&&) noexcept;
    BpeTokenizer& operator=(BpeTokenizer&&) noexcept;
    ~BpeTokenizer();

    /// Text as is: no special token is recognised. Any bytes are allowed, invalid UTF-8 too.
    [[nodiscard]] std::vector<TokenId> encode(std::string_view text) const;
    /// Special tokens are recognised by their text, the longest first. Only for trusted text.
    [[nodiscard]] std::vector<TokenId> encode_with_special(std::string_view text) const;
    /// A rendered prompt. Neighbouring pieces between two special tokens are joined before they are
    /// split, so that the ids are those of the whole text, while nothing in a Plain piece, nor
    /// across its border, becomes a special token.
    [[nodiscard]] std::vector<TokenId> encode(std::span<const TextSegment> prompt) const;

    /// The bytes of one token; may end inside a UTF-8 sequence. Special tokens give their text.
    /// Precondition: 0 <= id < n_vocab().
    [[nodiscard]] std::string_view token_bytes(TokenId id) const;
    [[nodiscard]] TokenType token_type(TokenId id) const;
    /// All bytes in a row, special tokens as their text. InvalidArgument for an id out of range.
    [[nodiscard]] Result<std::string> decode(std::span<const TokenId> ids) const;

    /// Id of the special token with this text.
    [[nodiscard]] std::optional<TokenId> special_id(std::string_view text) const;

    [[nodiscard]] int n_vocab() const;
    /// Merges in use: those of the file whose join is a token.
    [[nodiscard]] int n_merges() const;
    [[nodiscard]] PreTokenizer pre_tokenizer() const;
    /// From the file; nothing when it names none.
    [[nodiscard]] std::optional<TokenId> bos_id() const;
    [[nodiscard]] std::optional<TokenId> eos_id() const;
    /// What the file says; a rendered chat prompt never gets one (spec: tokenizer.md §5).
    [[nodiscard]] bool add_bos() const;

    /// Tokens that end an answer: the file's EOS and EOT, `</s>`, `<|im_end|>`, and `<SPECIAL_12>`
    /// if the file's EOS is 12 or its chat template is of generation B. Sorted. (spec: tokenizer.md
    /// §4)
    [[nodiscard]] std::span<const TokenId> stop_ids() const;

private:
    struct Impl;
    explicit BpeTokenizer(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> m_impl;
};

}  // namespace lares
