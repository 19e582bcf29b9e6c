#pragma once

#include "engine/base/result.h"
#include "engine/tokenizer/bpe_tokenizer.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace lares {

inline constexpr int kMaxVocab = 1 << 20;
inline constexpr TokenId kNoToken = -1;

/// The entries of a vocabulary: bytes and type by id, and the ordinary entries' ids by bytes.
/// All bytes lie in one arena, which is copied from the file. Immutable and thread safe.
class Vocabulary {
public:
    /// Reads `tokenizer.ggml.tokens`, `token_type` and `unknown_token_id`, and checks every entry.
    [[nodiscard]] static Result<Vocabulary> read(const GgufFile& file);
    /// The same from lists: `stored` as GGUF writes tokens, `types` by the numbers of TokenType,
    /// `unknown` for bytes that have no token.
    [[nodiscard]] static Result<Vocabulary> create(std::span<const std::string_view> stored,
                                                   std::span<const std::int64_t> types,
                                                   std::optional<TokenId> unknown);

    [[nodiscard]] int size() const { return static_cast<int>(m_types.size()); }
    /// Precondition of these: 0 <= id < size().
    [[nodiscard]] std::string_view bytes(TokenId id) const {
        return {m_arena.data() + m_offsets[id], m_offsets[id + 1] - m_offsets[id]};
    }
    [[nodiscard]] TokenType type(TokenId id) const { return m_types[id]; }
    /// Whether text becomes this entry by itself, by its bytes: types Normal and Byte.
    [[nodiscard]] bool is_ordinary(TokenId id) const {
        return m_types[id] == TokenType::Normal || m_types[id] == TokenType::Byte;
    }

    /// Id of the ordinary entry with these bytes, or kNoToken.
    [[nodiscard]] TokenId find_or_none(std::string_view bytes) const;
    /// Id of the entry that is this one byte; the unknown token where the vocabulary has none.
    [[nodiscard]] TokenId byte_token(std::uint8_t byte) const { return m_byte_tokens[byte]; }

private:
    Vocabulary() = default;
    [[nodiscard]] Result<void> append_entry(std::string_view stored, TokenType type);
    [[nodiscard]] Result<void> index_entry(TokenId id);
    [[nodiscard]] Result<void> find_byte_tokens(std::optional<TokenId> unknown);

    std::vector<char> m_arena;
    std::vector<std::uint32_t> m_offsets{0};  // [size() + 1]
    std::vector<TokenType> m_types;
    std::array<TokenId, 256> m_byte_tokens{};
    std::size_t m_longest = 0;  // bytes of the longest ordinary entry

    // Flat hash table, linear probing.
    // OPTIMIZATION: hash and size stand in the slot, and for up to kMaxExactSize bytes they
    // identify the entry, so that most look-ups touch one cache line instead of three: loading
    // takes two thirds of the time.
    struct Slot {
        std::uint64_t hash = 0;
        std::uint32_t size = 0;
        TokenId id = kNoToken;  // free
    };
    [[nodiscard]] bool holds(const Slot& slot, std::uint64_t hash, std::string_view bytes) const;
    std::vector<Slot> m_slots;
};

/// `key` as a token id of this vocabulary; nothing if the file has no such key.
[[nodiscard]] Result<std::optional<TokenId>> read_token_id(const GgufFile& file,
                                                           std::string_view key,
                                                           int n_vocab);

}  // namespace lares
