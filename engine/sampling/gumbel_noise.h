#pragma once

#include "engine/sampling/portable_log.h"
#include "engine/tokenizer/bpe_tokenizer.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace lares {

/// Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): four words
/// that depend on nothing but the counter and the key.
[[nodiscard]] inline std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                                         std::array<std::uint32_t, 2> key) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t first = std::uint64_t{0xD2511F53} * counter[0];
        const std::uint64_t second = std::uint64_t{0xCD9E8D57} * counter[2];
        counter = {static_cast<std::uint32_t>(second >> 32) ^ counter[1] ^ key[0],
                   static_cast<std::uint32_t>(second),
                   static_cast<std::uint32_t>(first >> 32) ^ counter[3] ^ key[1],
                   static_cast<std::uint32_t>(first)};
        key[0] += 0x9E3779B9;
        key[1] += 0xBB67AE85;
    }
    return counter;
}

/// What is added to the logits of one draw, so that the largest sum is distributed as their softmax
/// (Gumbel 1954; Maddison et al. 2014, arXiv:1411.0030): -log(-log(u)), u of the seed, the step and
/// the token. Every token has its own, whichever others may be drawn: so the CPU and a card
/// (kernels/sample.h), which computes the same in f32, draw the same token.
class GumbelNoise {
public:
    static constexpr double kMost = 16.64;  ///< no noise is above

    GumbelNoise(std::uint64_t seed, std::uint32_t step) : m_seed(seed), m_step(step) {}

    [[nodiscard]] double at(TokenId token) {
        const auto id = static_cast<std::uint32_t>(token);
        if (id / 4 != m_quarter) {
            m_quarter = id / 4;
            m_words = philox({m_quarter, m_step, 0, 0}, {static_cast<std::uint32_t>(m_seed),
                                                         static_cast<std::uint32_t>(m_seed >> 32)});
        }
        // 23 bits and a half: never 0, and never 1 in f32 either.
        const double u = (static_cast<double>(m_words[id % 4] >> 9) + 0.5) * 0x1p-23;
        return -portable_log(-portable_log(u));
    }

private:
    std::uint64_t m_seed;
    std::uint32_t m_step;
    std::uint32_t m_quarter = ~std::uint32_t{0};  // the tokens that m_words are of; none at first
    std::array<std::uint32_t, 4> m_words{};
};

}  // namespace lares
