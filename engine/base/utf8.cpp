#include "engine/base/utf8.h"

namespace lares {
namespace {

struct Lead {
    int n_continuation;      // 0: not a lead byte
    std::uint8_t low, high;  // range of the first continuation byte; the others are 80..BF
};

// Unicode 15, Table 3-7. The narrower ranges after E0, ED, F0 and F4 keep out overlong forms,
// surrogates and numbers above U+10FFFF.
Lead lead_of(std::uint8_t byte) {
    if (byte < 0xC2 || byte > 0xF4) return {0, 0, 0};
    if (byte < 0xE0) return {1, 0x80, 0xBF};
    if (byte == 0xE0) return {2, 0xA0, 0xBF};
    if (byte == 0xED) return {2, 0x80, 0x9F};
    if (byte < 0xF0) return {2, 0x80, 0xBF};
    if (byte == 0xF0) return {3, 0x90, 0xBF};
    if (byte == 0xF4) return {3, 0x80, 0x8F};
    return {3, 0x80, 0xBF};
}

}  // namespace

Utf8Unit decode_utf8(std::string_view text, std::size_t position) {
    using Kind = Utf8Unit::Kind;
    const auto first = static_cast<std::uint8_t>(text[position]);
    if (first < 0x80) return {Kind::Valid, first, 1};

    const Lead lead = lead_of(first);
    if (lead.n_continuation == 0) return {Kind::Invalid, 0xFFFD, 1};

    // A lead with n continuation bytes has 6 - n payload bits.
    char32_t code_point = first & (0x3FU >> lead.n_continuation);
    std::uint8_t low = lead.low;
    std::uint8_t high = lead.high;
    std::uint8_t size = 1;
    for (; size <= lead.n_continuation; ++size) {
        if (position + size == text.size()) return {Kind::Incomplete, 0xFFFD, size};
        const auto byte = static_cast<std::uint8_t>(text[position + size]);
        if (byte < low || byte > high) return {Kind::Invalid, 0xFFFD, size};
        code_point = code_point << 6 | (byte & 0x3FU);
        low = 0x80;
        high = 0xBF;
    }
    return {Kind::Valid, code_point, size};
}

}  // namespace lares
