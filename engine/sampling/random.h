#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace lares {

/// xoshiro256++ (Blackman & Vigna 2021, arXiv:1805.01407), its state filled by splitmix64 as its
/// authors advise. Our own, because the distributions of the standard library draw differently from
/// one library to the next, and a seed must give the same numbers everywhere.
class Random {
public:
    explicit Random(std::uint64_t seed) {
        for (std::uint64_t& word : m_state) word = split_mix(seed);
    }
    explicit Random(const std::array<std::uint64_t, 4>& state) : m_state(state) {}

    [[nodiscard]] std::uint64_t next() {
        auto& s = m_state;
        const std::uint64_t result = std::rotl(s[0] + s[3], 23) + s[0];
        const std::uint64_t shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = std::rotl(s[3], 45);
        return result;
    }

    /// Uniform in [0, 1): the upper 53 bits as a fraction.
    [[nodiscard]] double next_unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }

private:
    static std::uint64_t split_mix(std::uint64_t& seed) {
        std::uint64_t z = seed += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    std::array<std::uint64_t, 4> m_state;
};

}  // namespace lares
