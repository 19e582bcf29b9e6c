#include "engine/tokenizer/byte_alphabet.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace lares {
namespace {

constexpr int kNotInAlphabet = -1;
constexpr std::size_t kAlphabetEnd = 256 + 68;

constexpr bool stands_for_itself(int byte) {
    return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
}

constexpr std::array<std::int16_t, kAlphabetEnd> make_byte_of_code_point() {
    std::array<std::int16_t, kAlphabetEnd> byte_of{};
    byte_of.fill(kNotInAlphabet);
    std::size_t next = 256;
    for (int byte = 0; byte < 256; ++byte)
        byte_of[stands_for_itself(byte) ? byte : next++] = static_cast<std::int16_t>(byte);
    return byte_of;
}
constexpr auto kByteOfCodePoint = make_byte_of_code_point();

}  // namespace

bool append_alphabet_bytes(std::string_view stored, std::string& bytes) {
    // OPTIMIZATION: written through a pointer; a vocabulary holds millions of these characters.
    const std::size_t old_size = bytes.size();
    bytes.resize(old_size + stored.size());
    char* out = bytes.data() + old_size;
    for (std::size_t i = 0; i < stored.size(); ++i) {
        std::size_t code_point = static_cast<std::uint8_t>(stored[i]);
        if (code_point >= 0x80) {
            // The whole alphabet fits in sequences of two bytes: C2 to C5 and a continuation.
            if (code_point < 0xC2 || code_point > 0xC5 || i + 1 == stored.size()) return false;
            const auto continuation = static_cast<std::uint8_t>(stored[++i]);
            if ((continuation & 0xC0) != 0x80) return false;
            code_point = (code_point & 0x1F) << 6 | (continuation & 0x3F);
        }
        if (code_point >= kAlphabetEnd || kByteOfCodePoint[code_point] == kNotInAlphabet)
            return false;
        *out++ = static_cast<char>(kByteOfCodePoint[code_point]);
    }
    bytes.resize(static_cast<std::size_t>(out - bytes.data()));
    return true;
}

}  // namespace lares
