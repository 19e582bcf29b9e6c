#pragma once

#include "engine/tokenizer/bpe_tokenizer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lares {

/// The tokens that may be picked, a bit each, 32 to a word: what kernels/sample.h reads.
class TokenMask {
public:
    /// None of them. Precondition: n_vocab >= 1.
    explicit TokenMask(int n_vocab)
        : m_n_vocab(n_vocab), m_words((static_cast<std::size_t>(n_vocab) + 31) / 32) {}

    /// Precondition of the three: a token of the vocabulary.
    void allow(TokenId token) { word(token) |= bit(token); }
    void forbid(TokenId token) { word(token) &= ~bit(token); }
    [[nodiscard]] bool allows(TokenId token) const {
        return (m_words[static_cast<std::size_t>(token) / 32] & bit(token)) != 0;
    }

    [[nodiscard]] bool is_empty() const {
        return std::ranges::all_of(m_words, [](std::uint32_t w) { return w == 0; });
    }
    [[nodiscard]] int n_vocab() const { return m_n_vocab; }
    [[nodiscard]] std::span<const std::uint32_t> words() const { return m_words; }

private:
    [[nodiscard]] static std::uint32_t bit(TokenId token) {
        return 1U << (static_cast<std::uint32_t>(token) % 32);
    }
    [[nodiscard]] std::uint32_t& word(TokenId token) {
        return m_words[static_cast<std::size_t>(token) / 32];
    }

    int m_n_vocab;
    std::vector<std::uint32_t> m_words;
};

}  // namespace lares
