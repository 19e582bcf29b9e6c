#pragma once

#include "engine/tokenizer/bpe_tokenizer.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lares {

/// Finds where the end of a conversation has stood before in it: what followed there may well
/// follow again (prompt lookup decoding; LZ77's hash chains). Appending and looking up take a
/// bounded time whatever the tokens are; 20 to 30 bytes for each token. Deterministic: the same
/// tokens, the same findings. One thread at a time.
class DraftIndex {
public:
    static constexpr int kShort = 2;     ///< tokens that must be equal at least
    static constexpr int kLong = 4;      ///< where so many are, the shorter ones are not looked at
    static constexpr int kLongest = 32;  ///< tokens that are compared at most
    static constexpr int kMaxPlaces = 16;  ///< earlier places that are compared, newest first

    /// Throws std::bad_alloc.
    void append(std::span<const TokenId> tokens);

    struct Match {
        int length = 0;                      ///< equal tokens up to the end; 0: none
        std::span<const TokenId> following;  ///< what came after them; until the next append
    };
    /// The place with the most equal tokens before it, the newest of several.
    [[nodiscard]] Match longest() const;

    [[nodiscard]] std::size_t size() const { return m_tokens.size(); }

private:
    /// For each number of tokens, kShort and kLong, the places where such a run ends.
    struct Chains {
        std::vector<std::int32_t> heads;   // by hash: one past the newest place; 0: none
        std::vector<std::int32_t> before;  // by place: one past the one before with that hash
    };

    [[nodiscard]] std::size_t slot(std::size_t end, int n, std::size_t n_slots) const;
    void link(Chains& chains, std::size_t end, int n) const;
    void grow();
    [[nodiscard]] int equal_tokens(std::size_t a, std::size_t b) const;
    [[nodiscard]] Match longest_in(const Chains& chains, int n) const;

    std::vector<TokenId> m_tokens;
    Chains m_short, m_long;
};

}  // namespace lares
