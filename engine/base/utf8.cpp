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

void append_utf8(std::string& text, char32_t code_point) {
    const bool is_surrogate = code_point >= 0xD800 && code_point < 0xE000;
    const char32_t c = code_point > 0x10FFFF || is_surrogate ? 0xFFFD : code_point;
    const auto byte = [&](char32_t value) { text.push_back(static_cast<char>(value)); };
    if (c < 0x80) {
        byte(c);
    } else if (c < 0x800) {
        byte(0xC0 | (c >> 6));
        byte(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        byte(0xE0 | (c >> 12));
        byte(0x80 | ((c >> 6) & 0x3F));
        byte(0x80 | (c & 0x3F));
    } else {
        byte(0xF0 | (c >> 18));
        byte(0x80 | ((c >> 12) & 0x3F));
        byte(0x80 | ((c >> 6) & 0x3F));
        byte(0x80 | (c & 0x3F));
    }
}

}  // namespace lares
