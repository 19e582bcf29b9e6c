#include "engine/tokenizer/vocabulary.h"

#include "engine/formats/gguf_reader.h"
#include "engine/tokenizer/byte_alphabet.h"
#include "engine/tokenizer/flat_hash.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>

namespace lares {
namespace {

Error corrupt_entry(std::size_t id, std::string_view what) {
    return {ErrorCode::Corrupt, "token " + std::to_string(id) + " " + std::string(what)};
}

/// "<0x41>" is the byte 41.
std::optional<char> parse_byte_entry(std::string_view stored) {
    if (stored.size() != 6 || !stored.starts_with("<0x") || stored[5] != '>') return {};
    unsigned value = 0;
    const auto [end, error] = std::from_chars(stored.data() + 3, stored.data() + 5, value, 16);
    if (error != std::errc() || end != stored.data() + 5) return {};
    return static_cast<char>(value);
}

Result<TokenType> parse_type(std::int64_t type, std::size_t id) {
    if (type < 1 || type > 6)
        return corrupt_entry(id, "has the unknown type " + std::to_string(type));
    return static_cast<TokenType>(type);
}

}  // namespace

Result<Vocabulary> Vocabulary::read(const GgufFile& file) {
    ASSIGN_OR_RETURN(const auto stored, file.get_strings("tokenizer.ggml.tokens"));
    ASSIGN_OR_RETURN(const auto types, file.get_integers("tokenizer.ggml.token_type"));
    ASSIGN_OR_RETURN(const auto unknown, read_token_id(file, "tokenizer.ggml.unknown_token_id",
                                                       static_cast<int>(stored.size())));
    return create(stored, types, unknown);
}

Result<Vocabulary> Vocabulary::create(std::span<const std::string_view> stored,
                                      std::span<const std::int64_t> types,
                                      std::optional<TokenId> unknown) {
    if (stored.empty() || stored.size() > kMaxVocab)
        return Error{ErrorCode::Unsupported, "a vocabulary of " + std::to_string(stored.size()) +
                                                 " tokens; this engine takes 1 to " +
                                                 std::to_string(kMaxVocab)};
    if (types.size() != stored.size())
        return Error{ErrorCode::Corrupt, std::to_string(stored.size()) + " tokens but " +
                                             std::to_string(types.size()) + " token types"};

    Vocabulary vocabulary;
    vocabulary.m_types.reserve(stored.size());
    vocabulary.m_offsets.reserve(stored.size() + 1);
    for (std::size_t id = 0; id < stored.size(); ++id) {
        ASSIGN_OR_RETURN(const TokenType type, parse_type(types[id], id));
        RETURN_IF_ERROR(vocabulary.append_entry(stored[id], type));
    }

    vocabulary.m_slots.resize(slot_count(stored.size()));
    for (TokenId id = 0; id < vocabulary.size(); ++id) {
        if (!vocabulary.is_ordinary(id)) continue;
        RETURN_IF_ERROR(vocabulary.index_entry(id));
    }
    RETURN_IF_ERROR(vocabulary.find_byte_tokens(unknown));
    return vocabulary;
}

Result<void> Vocabulary::append_entry(std::string_view stored, TokenType type) {
    const std::size_t id = m_types.size();
    if (stored.empty()) return corrupt_entry(id, "is empty");

    std::string bytes;
    if (type == TokenType::Normal) {
        if (!append_alphabet_bytes(stored, bytes))
            return corrupt_entry(id, "has a character outside the byte alphabet");
    } else if (type == TokenType::Byte) {
        const auto byte = parse_byte_entry(stored);
        if (!byte) return corrupt_entry(id, "is of type byte but not written as <0xNN>");
        bytes.push_back(*byte);
    } else {
        bytes = stored;  // special entries are stored literally
    }

    if (bytes.size() > std::numeric_limits<std::uint32_t>::max() - m_arena.size())
        return corrupt_entry(id, "ends beyond 4 GiB of vocabulary");
    m_arena.insert(m_arena.end(), bytes.begin(), bytes.end());
    m_offsets.push_back(static_cast<std::uint32_t>(m_arena.size()));
    m_types.push_back(type);
    if (is_ordinary(static_cast<TokenId>(id))) m_longest = std::max(m_longest, bytes.size());
    return {};
}

inline bool Vocabulary::holds(const Slot& slot, std::uint64_t hash, std::string_view wanted) const {
    return slot.hash == hash && slot.size == wanted.size() &&
           (wanted.size() <= kMaxExactSize || bytes(slot.id) == wanted);
}

Result<void> Vocabulary::index_entry(TokenId id) {
    const std::string_view entry = bytes(id);
    const std::uint64_t hash = hash_bytes(entry);
    const std::size_t mask = m_slots.size() - 1;
    std::size_t index = hash & mask;
    for (int n_probe = 0; n_probe < kMaxProbes; ++n_probe, index = (index + 1) & mask) {
        Slot& slot = m_slots[index];
        if (slot.id == kNoToken) {
            slot = {hash, static_cast<std::uint32_t>(entry.size()), id};
            return {};
        }
        if (holds(slot, hash, entry))
            return corrupt_entry(id, "repeats token " + std::to_string(slot.id));
    }
    return corrupt_entry(id, "and others were made to collide in a hash table");
}

TokenId Vocabulary::find_or_none(std::string_view wanted) const {
    if (wanted.size() > m_longest) return kNoToken;
    const std::uint64_t hash = hash_bytes(wanted);
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t index = hash & mask;; index = (index + 1) & mask) {
        const Slot& slot = m_slots[index];
        if (slot.id == kNoToken || holds(slot, hash, wanted)) return slot.id;
    }
}

Result<void> Vocabulary::find_byte_tokens(std::optional<TokenId> unknown) {
    for (TokenId id = 0; id < size() && !unknown; ++id)
        if (type(id) == TokenType::Unknown) unknown = id;

    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        const TokenId id = find_or_none({&c, 1});
        if (id == kNoToken && !unknown)
            return Error{ErrorCode::Corrupt, "no token for the byte " + std::to_string(byte) +
                                                 ", and no unknown token to stand for it"};
        m_byte_tokens[byte] = id != kNoToken ? id : *unknown;
    }
    return {};
}

Result<std::optional<TokenId>> read_token_id(const GgufFile& file,
                                             std::string_view key,
                                             int n_vocab) {
    if (file.find_or_null(key) == nullptr) return std::optional<TokenId>();
    ASSIGN_OR_RETURN(const std::uint32_t id, file.get_u32(key));
    if (id >= static_cast<std::uint32_t>(n_vocab))
        return Error{ErrorCode::Corrupt, std::string(key) + " is " + std::to_string(id) +
                                             ", outside the vocabulary of " +
                                             std::to_string(n_vocab)};
    return std::optional<TokenId>(static_cast<TokenId>(id));
}

}  // namespace lares
