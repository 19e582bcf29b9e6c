#include "tools/builtin/run_command/printed_text.h"

#include "engine/base/utf8.h"
#include "tools/builtin/tool_text.h"

#include <array>
#include <cstdio>

namespace lares {
namespace {

constexpr char kEscape = '\x1b';
constexpr char kBell = '\x07';

bool is_between(char c, char first, char last) {
    return c >= first && c <= last;
}

/// Where the escape sequence that begins at `at` ends (ECMA-48, 5.3 to 5.6).
std::size_t end_of_escape(std::string_view bytes, std::size_t at) {
    std::size_t i = at + 1;
    if (i == bytes.size()) return i;
    const char kind = bytes[i++];
    if (kind == '[') {
        while (i < bytes.size() && is_between(bytes[i], ' ', '?')) ++i;
        return i < bytes.size() ? i + 1 : i;
    }
    if (kind == ']' || kind == 'P' || kind == 'X' || kind == '^' || kind == '_') {
        while (i < bytes.size() && bytes[i] != kBell && bytes[i] != kEscape && bytes[i] != '\n')
            ++i;
        if (i == bytes.size() || bytes[i] == '\n') return i;
        if (bytes[i] == kBell) return i + 1;
        return i + 1 < bytes.size() && bytes[i + 1] == '\\' ? i + 2 : i;
    }
    if (is_between(kind, ' ', '/')) {
        while (i < bytes.size() && is_between(bytes[i], ' ', '/')) ++i;
        return i < bytes.size() ? i + 1 : i;
    }
    return is_between(kind, '0', '~') ? i : at + 1;
}

bool is_written_out(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x61C || c == 0x200E || c == 0x200F ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 ||
           c == 0x2029;
}

void remove_last_character(std::string& line) {
    while (!line.empty()) {
        const bool is_first = begins_character(line.back());
        line.pop_back();
        if (is_first) return;
    }
}

}  // namespace

std::string printed_text(std::string_view bytes) {
    std::string text;
    std::string line;
    bool is_written_over = false;  // a \r came: what comes next takes the line's place
    for (std::size_t i = 0; i < bytes.size();) {
        const char byte = bytes[i];
        if (byte == kEscape) {
            i = end_of_escape(bytes, i);
            continue;
        }
        if (byte == '\n') {
            text += line + '\n';
            line.clear();
            is_written_over = false;
            ++i;
            continue;
        }
        if (byte == '\r' || byte == '\b') {
            if (byte == '\b') remove_last_character(line);
            is_written_over = is_written_over || byte == '\r';
            ++i;
            continue;
        }
        if (is_written_over) line.clear();
        is_written_over = false;
        const Utf8Unit unit = decode_utf8(bytes, i);
        if (unit.kind != Utf8Unit::Kind::Valid) {
            line += "\xEF\xBF\xBD";
        } else if (byte != '\t' && is_written_out(unit.code_point)) {
            std::array<char, 16> escaped{};
            std::snprintf(escaped.data(), escaped.size(), "\\u{%x}",
                          static_cast<unsigned>(unit.code_point));
            line += escaped.data();
        } else {
            line += bytes.substr(i, unit.size);
        }
        i += unit.size;
    }
    return text + line;
}

}  // namespace lares
