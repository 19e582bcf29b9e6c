#include "tools/sandbox/display_text.h"

#include "engine/base/utf8.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace lares {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

/// What one cannot see, or what moves its neighbours: Unicode's default ignorable code points,
/// format controls, line and paragraph separators, private use, spaces that are no space.
constexpr std::array<Range, 20> kHidden = {{
    {0x00, 0x1F},     {0x7F, 0xA0},     {0xAD, 0xAD},     {0x34F, 0x34F},   {0x61C, 0x61C},
    {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x2000, 0x200F}, {0x2028, 0x202F},
    {0x205F, 0x206F}, {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164}, {0xE000, 0xF8FF},
    {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0xE0000, 0x10FFFF},
}};

bool is_hidden(char32_t c) {
    return std::any_of(kHidden.begin(), kHidden.end(),
                       [c](const Range& range) { return c >= range.first && c <= range.last; });
}

void append_code(std::string& text, const char* format, unsigned code) {
    std::array<char, 16> escaped{};
    std::snprintf(escaped.data(), escaped.size(), format, code);
    text += escaped.data();
}

}  // namespace

std::string display_text(std::string_view text) {
    std::string shown;
    for (std::size_t i = 0; i < text.size();) {
        const Utf8Unit unit = decode_utf8(text, i);
        if (unit.kind != Utf8Unit::Kind::Valid) {
            for (std::size_t k = i; k < i + unit.size; ++k)
                append_code(shown, "\\x{%02x}", static_cast<unsigned char>(text[k]));
        } else if (is_hidden(unit.code_point)) {
            append_code(shown, "\\u{%x}", static_cast<unsigned>(unit.code_point));
        } else {
            shown.append(text.substr(i, unit.size));
        }
        i += unit.size;
    }
    return shown;
}

}  // namespace lares
