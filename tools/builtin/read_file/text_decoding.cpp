#include "tools/builtin/read_file/text_decoding.h"

#include "engine/base/utf8.h"

#include <string_view>

namespace lares {
namespace {

std::optional<std::string> utf8_from_utf16(std::string_view bytes, bool is_big_endian) {
    if (bytes.size() % 2 != 0) return std::nullopt;
    const auto unit = [&](std::size_t i) {
        const auto first = static_cast<unsigned char>(bytes[i]);
        const auto second = static_cast<unsigned char>(bytes[i + 1]);
        return static_cast<char32_t>(is_big_endian ? first << 8 | second : second << 8 | first);
    };
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        char32_t c = unit(i);
        if (c >= 0xD800 && c < 0xE000) {  // half of a pair
            if (c >= 0xDC00 || i + 4 > bytes.size()) return std::nullopt;
            const char32_t low = unit(i + 2);
            if (low < 0xDC00 || low >= 0xE000) return std::nullopt;
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
            i += 2;
        }
        append_utf8(text, c);
    }
    return text;
}

bool is_text(std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size();) {
        const Utf8Unit unit = decode_utf8(bytes, i);
        if (unit.kind != Utf8Unit::Kind::Valid || unit.code_point == 0) return false;
        i += unit.size;
    }
    return true;
}

void unify_line_ends(std::string& text) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r') {
            if (i + 1 < text.size() && text[i + 1] == '\n') continue;
            text[end++] = '\n';
        } else {
            text[end++] = text[i];
        }
    }
    text.resize(end);
}

}  // namespace

std::optional<std::string> text_from_bytes(std::string bytes) {
    std::optional<std::string> text;
    if (bytes.starts_with("\xFF\xFE")) {
        text = utf8_from_utf16(std::string_view(bytes).substr(2), false);
    } else if (bytes.starts_with("\xFE\xFF")) {
        text = utf8_from_utf16(std::string_view(bytes).substr(2), true);
    } else {
        if (bytes.starts_with("\xEF\xBB\xBF")) bytes.erase(0, 3);
        text = std::move(bytes);
    }
    if (!text || !is_text(*text)) return std::nullopt;
    unify_line_ends(*text);
    return text;
}

}  // namespace lares
