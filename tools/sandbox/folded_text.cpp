#include "tools/sandbox/folded_text.h"

#include "engine/base/utf8.h"

namespace lares {
namespace {

char32_t folded(char32_t c) {
    const auto in = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
    if (in(U'A', U'Z')) return c + 32;
    if (c < 0xC0) return c;
    if (in(0xC0, 0xDE) && c != 0xD7) return c + 32;                // Latin-1
    if (in(0x100, 0x137) || in(0x14A, 0x177)) return c | 1;        // pairs: even is upper case
    if (in(0x139, 0x148) || in(0x179, 0x17E)) return c + (c & 1);  // pairs: odd is upper case
    if (c == 0x178) return 0xFF;
    if (in(0x391, 0x3A9)) return c + 32;  // Greek
    if (in(0x410, 0x42F)) return c + 32;  // Cyrillic
    if (in(0x400, 0x40F)) return c + 80;
    return c;
}

}  // namespace

std::u32string folded_name(std::string_view name) {
    std::u32string text;
    for (std::size_t i = 0; i < name.size();) {
        const Utf8Unit unit = decode_utf8(name, i);
        if (unit.kind == Utf8Unit::Kind::Valid) {
            text.push_back(folded(unit.code_point));
        } else {  // above every code point, and different for different bytes
            for (std::size_t k = i; k < i + unit.size; ++k)
                text.push_back(0x110000 + static_cast<unsigned char>(name[k]));
        }
        i += unit.size;
    }
    return text;
}

std::string folded_text(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const char byte = text[i];
        if (static_cast<unsigned char>(byte) < 0x80) {
            out.push_back(byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : byte);
            ++i;
            continue;
        }
        const Utf8Unit unit = decode_utf8(text, i);
        append_utf8(out, folded(unit.code_point));  // folded() stays within two bytes, or as it is
        i += unit.size;
    }
    return out;
}

}  // namespace lares
