#include "tools/reader/formats/text_sink.h"

#include "engine/base/utf8.h"

#include <array>
#include <utility>

namespace lares::reader {
namespace {

/// 0x80 to 0x9F; what has no meaning there is U+FFFD.
constexpr std::array<char32_t, 32> kWindows1252 = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

}  // namespace

char32_t from_windows_1252(unsigned char byte) {
    return byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80] : byte;
}

void TextSink::put(char c) {
    if (m_text.size() >= kMaxTextBytes) {
        m_is_full = true;
        return;
    }
    m_text.push_back(c);
}

void TextSink::add(std::string_view text) {
    for (const char c : text) {
        if (c == '\n') {
            while (!m_text.empty() && (m_text.back() == ' ' || m_text.back() == '\t'))
                m_text.pop_back();
            if (m_text.empty() || m_text.ends_with("\n\n")) continue;
        } else if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F) {
            continue;
        }
        put(c);
    }
}

void TextSink::add_character(char32_t c) {
    std::string one;
    append_utf8(one, c);
    add(one);
}

void TextSink::begin_cell() {
    while (m_text.ends_with(' ')) m_text.pop_back();
    if (is_in_line()) put('\t');
}

void TextSink::end_line() {
    if (is_in_line()) add("\n");
}

void TextSink::add_empty() {
    end_line();
    if (!m_text.empty()) add("\n");
}

std::string TextSink::take() {
    const std::size_t last = m_text.find_last_not_of(" \t\n");
    m_text.resize(last == std::string::npos ? 0 : last + 1);
    if (!m_text.empty()) m_text.push_back('\n');
    return std::exchange(m_text, {});
}

}  // namespace lares::reader
