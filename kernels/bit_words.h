#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

/// Reordering bits a word at a time, for the host's side of the planes. A bit's position in a word
/// is a number of binary digits: 0 to 2 say which bit of a byte, 3 and up which byte. The orders of
/// files and planes differ in which digit means what, so every step between them exchanges two
/// digits, for all bits of a word at once.
namespace lares::kernels {

static_assert(std::endian::native == std::endian::little, "as files and cards have it");

template <class T>
[[nodiscard]] T load(const std::uint8_t* from) {
    T v;
    std::memcpy(&v, from, sizeof v);
    return v;
}
template <class T>
void store(std::uint8_t* to, T v) {
    std::memcpy(to, &v, sizeof v);
}

/// Two words of 32 bits as one of 64.
[[nodiscard]] constexpr std::uint64_t join_words(std::uint32_t low, std::uint32_t high) {
    return low | std::uint64_t{high} << 32;
}

/// The bits of a word whose positions have 0 as digit A and, if B is given, 1 as digit B.
template <unsigned kA, unsigned kB = kA>
inline constexpr std::uint64_t kPositions = [] {
    std::uint64_t mask = 0;
    for (unsigned bit = 0; bit < 64; ++bit)
        if ((bit >> kA & 1U) == 0 && (kA == kB || (bit >> kB & 1U) == 1))
            mask |= std::uint64_t{1} << bit;
    return mask;
}();

/// Exchanges digits A > B of the positions of all bits.
template <unsigned kA, unsigned kB>
[[nodiscard]] constexpr std::uint64_t swap_digits(std::uint64_t x) {
    constexpr unsigned kShift = (1U << kA) - (1U << kB);
    const std::uint64_t changed = (x >> kShift ^ x) & kPositions<kA, kB>;
    return x ^ changed ^ changed << kShift;
}

/// Exchanges digit D of the positions with which word a bit is in: the ones of `first` go to the
/// zeros of `second` and come back.
template <unsigned kD>
constexpr void swap_digit_and_word(std::uint64_t& first, std::uint64_t& second) {
    constexpr unsigned kShift = 1U << kD;
    const std::uint64_t changed = (first >> kShift ^ second) & kPositions<kD>;
    second ^= changed;
    first ^= changed << kShift;
}

/// Two digits, D + 1 and D, with the number of the word among four.
template <unsigned kD>
constexpr void swap_digits_and_words(std::array<std::uint64_t, 4>& x) {
    swap_digit_and_word<kD + 1>(x[0], x[2]);
    swap_digit_and_word<kD + 1>(x[1], x[3]);
    swap_digit_and_word<kD>(x[0], x[1]);
    swap_digit_and_word<kD>(x[2], x[3]);
}

/// Byte i of word j becomes byte j of word i.
constexpr void transpose_bytes(std::array<std::uint64_t, 8>& x) {
    for (std::size_t i = 0; i < 4; ++i) swap_digit_and_word<5>(x[i], x[i + 4]);
    for (const std::size_t i : {0, 1, 4, 5}) swap_digit_and_word<4>(x[i], x[i + 2]);
    for (const std::size_t i : {0, 2, 4, 6}) swap_digit_and_word<3>(x[i], x[i + 1]);
}

/// Eight numbers of 6 bits, a byte each, without the gaps: 48 bits.
[[nodiscard]] constexpr std::uint64_t join_sixes(std::uint64_t x) {
    x = (x & 0x003F003F003F003F) | (x & 0x3F003F003F003F00) >> 2;
    x = (x & 0x00000FFF00000FFF) | (x & 0x0FFF00000FFF0000) >> 4;
    return (x & 0x0000000000FFFFFF) | (x & 0x00FFFFFF00000000) >> 8;
}

/// Eight numbers of 4 bits to a byte each.
[[nodiscard]] constexpr std::uint64_t spread_nibbles(std::uint32_t nibbles) {
    std::uint64_t x = nibbles;
    x = (x | x << 16) & 0x0000FFFF0000FFFF;
    x = (x | x << 8) & 0x00FF00FF00FF00FF;
    return (x | x << 4) & 0x0F0F0F0F0F0F0F0F;
}
/// Eight numbers of 2 bits likewise.
[[nodiscard]] constexpr std::uint64_t spread_pairs(std::uint16_t pairs) {
    std::uint64_t x = pairs;
    x = (x | x << 24) & 0x000000FF000000FF;
    x = (x | x << 12) & 0x000F000F000F000F;
    return (x | x << 6) & 0x0303030303030303;
}

}  // namespace lares::kernels
