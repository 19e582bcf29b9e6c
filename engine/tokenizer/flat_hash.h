#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace lares {

// What the tokenizer's two flat hash tables share: open addressing with linear probing over a power
// of two of slots, filled once, at most two thirds full.

/// No honest vocabulary comes near this many steps (about 50 are seen). One made to collide would
/// cost quadratic time, so filling a table stops with an error instead.
inline constexpr int kMaxProbes = 1024;

[[nodiscard]] inline std::size_t slot_count(std::size_t n_entry) {
    return std::bit_ceil(n_entry + n_entry / 2 + 2);
}

/// Multiply and fold, twice: a bijection in which every input bit reaches every output bit.
[[nodiscard]] inline std::uint64_t mix_hash(std::uint64_t x) {
    x *= 0x9E3779B97F4A7C15;
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93;
    return x ^ (x >> 32);
}

template <class Word>
[[nodiscard]] Word load_word(const char* bytes) {
    Word word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

/// Up to this size, equal hashes of strings of one size mean equal strings: mix_hash is a
/// bijection.
inline constexpr std::size_t kMaxExactSize = 7;

/// Differs between byte orders, so it never leaves the process.
[[nodiscard]] inline std::uint64_t hash_bytes(std::string_view bytes) {
    const char* p = bytes.data();
    const std::size_t size = bytes.size();
    std::uint64_t hash = size;
    if (size >= 8) {
        for (std::size_t i = 0; i + 8 < size; i += 8)
            hash = mix_hash(hash ^ load_word<std::uint64_t>(p + i));
        return mix_hash(hash ^ load_word<std::uint64_t>(p + size - 8));
    }
    // Two overlapping halves cover 4 to 7 bytes, three single reads 1 to 3.
    std::uint64_t word = 0;
    if (size >= 4) {
        word = std::uint64_t{load_word<std::uint32_t>(p)} << 32 |
               load_word<std::uint32_t>(p + size - 4);
    } else if (size > 0) {
        const auto byte = [p](std::size_t i) {
            return std::uint64_t{static_cast<std::uint8_t>(p[i])};
        };
        word = byte(0) << 16 | byte(size / 2) << 8 | byte(size - 1);
    }
    return mix_hash(mix_hash(word) ^ hash);
}

}  // namespace lares
