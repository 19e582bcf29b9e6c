#include "tools/reader/formats/formats.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

namespace lares::reader {
namespace {

constexpr std::size_t kMaxGroups = 1000;
constexpr int kMostSkipped = 16;

/// Groups that hold no text of the document.
constexpr std::array<std::string_view, 26> kSilent = {
    "fonttbl",   "colortbl", "stylesheet", "info",      "pict",         "object",   "header",
    "footer",    "headerl",  "headerr",    "headerf",   "footerl",      "footerr",  "footerf",
    "themedata", "fldinst",  "listtable",  "datastore", "latentstyles", "xmlnstbl", "rsidtbl",
    "generator", "pntext",   "listtext",   "filetbl",   "revtbl"};
constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kWords = {{
    {"par", "\n"},
    {"line", "\n"},
    {"sect", "\n"},
    {"page", "\n"},
    {"row", "\n"},
    {"tab", "\t"},
    {"cell", "\t"},
    {"emdash", "—"},
    {"endash", "–"},
    {"bullet", "•"},
    {"lquote", "‘"},
    {"rquote", "’"},
    {"ldblquote", "“"},
    {"rdblquote", "”"},
    {"emspace", " "},
    {"enspace", " "},
    {"nestrow", "\n"},
}};

struct Group {
    bool is_silent = false;
    int n_fallback = 1;  ///< characters that stand for one of \u, for older programs
};

class RtfReader {
public:
    RtfReader(std::string_view text, TextSink& sink) : m_rest(text), m_sink(sink) {}

    Result<void> read() {
        m_groups.push_back({});
        while (!m_rest.empty() && !m_sink.is_full()) {
            const char c = m_rest.front();
            m_rest.remove_prefix(1);
            if (c == '{') {
                if (m_groups.size() >= kMaxGroups) {
                    return Error{ErrorCode::InvalidArgument,
                                 "is nested deeper than documents are (" +
                                     std::to_string(kMaxGroups) + " levels), so it was not read."};
                }
                m_groups.push_back(m_groups.back());
                m_n_skip = 0;
            } else if (c == '}') {
                if (m_groups.size() > 1) m_groups.pop_back();
                m_n_skip = 0;
            } else if (c == '\\') {
                read_control();
            } else if (c != '\r' && c != '\n') {
                put_byte(static_cast<unsigned char>(c));
            }
        }
        if (m_groups.size() > 1 && !m_sink.is_full()) return damaged("it ends too early");
        return {};
    }

private:
    void read_control() {
        if (m_rest.empty()) return;
        const char c = m_rest.front();
        if (std::isalpha(static_cast<unsigned char>(c)) != 0) return read_word();
        m_rest.remove_prefix(1);
        switch (c) {
            case '\'':
                return read_hex();
            case '*':
                m_groups.back().is_silent = true;
                return;
            case '~':
                return put_character(U' ');
            case '_':
                return put_character(U'-');
            case '\n':
            case '\r':
                return put_text("\n");
            case '\\':
            case '{':
            case '}':
                return put_byte(static_cast<unsigned char>(c));
            default:
                return;
        }
    }
    void read_hex() {
        int value = 0;
        for (int i = 0; i < 2 && !m_rest.empty(); ++i) {
            const char c = m_rest.front();
            if (std::isxdigit(static_cast<unsigned char>(c)) == 0) return;
            const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
            value = value * 16 + digit;
            m_rest.remove_prefix(1);
        }
        put_byte(static_cast<unsigned char>(value));
    }
    void read_word() {
        std::size_t end = 0;
        while (end < m_rest.size() && std::isalpha(static_cast<unsigned char>(m_rest[end])) != 0)
            ++end;
        const std::string_view word = m_rest.substr(0, end);
        m_rest.remove_prefix(end);
        const bool is_negative = m_rest.starts_with('-');
        if (is_negative) m_rest.remove_prefix(1);
        bool has_number = false;
        long number = 0;
        while (!m_rest.empty() && std::isdigit(static_cast<unsigned char>(m_rest.front())) != 0) {
            number = std::min(number * 10 + (m_rest.front() - '0'), 1'000'000'000L);
            has_number = true;
            m_rest.remove_prefix(1);
        }
        if (m_rest.starts_with(' ')) m_rest.remove_prefix(1);
        apply(word, is_negative ? -number : number, has_number);
    }
    void apply(std::string_view word, long number, bool has_number) {
        Group& group = m_groups.back();
        if (word == "u" && has_number) {
            apply_unicode(number < 0 ? number + 65536 : number);
        } else if (word == "uc") {
            group.n_fallback = static_cast<int>(std::clamp(number, 0L, long{kMostSkipped}));
        } else if (word == "bin") {
            const auto n = static_cast<std::size_t>(std::max(number, 0L));
            m_rest.remove_prefix(std::min(n, m_rest.size()));
        } else if (word == "ansicpg") {
            m_is_western = number == 1252;
        } else if (word == "v") {
            group.is_silent = group.is_silent || number != 0 || !has_number;  // hidden text
        } else if (std::find(kSilent.begin(), kSilent.end(), word) != kSilent.end()) {
            group.is_silent = true;
        } else {
            for (const auto& [known, text] : kWords) {
                if (known == word) return put_text(text);
            }
        }
    }
    void apply_unicode(long number) {
        const auto c = static_cast<char32_t>(number);
        m_n_skip = 0;
        if (c >= 0xD800 && c < 0xDC00) {
            m_high = c;
        } else if (c >= 0xDC00 && c < 0xE000 && m_high != 0) {
            put_character(0x10000 + ((std::exchange(m_high, U'\0') - 0xD800) << 10) + (c - 0xDC00));
        } else {
            put_character(c);
        }
        m_n_skip = m_groups.back().n_fallback;
    }
    void put_byte(unsigned char byte) {
        if (byte < 0x80) return put_character(byte);
        put_character(m_is_western ? from_windows_1252(byte) : U'\xFFFD');
    }
    void put_character(char32_t c) {
        if (m_n_skip > 0) {
            --m_n_skip;
            return;
        }
        if (m_groups.back().is_silent) return;
        m_sink.add_character(c);
    }
    void put_text(std::string_view text) {
        if (!m_groups.back().is_silent) m_sink.add(text);
    }

    std::string_view m_rest;
    TextSink& m_sink;
    std::vector<Group> m_groups;
    char32_t m_high = 0;
    int m_n_skip = 0;
    bool m_is_western = true;
};

}  // namespace

Result<void> read_rtf(std::string_view bytes, TextSink& sink) {
    return RtfReader(bytes, sink).read();
}

}  // namespace lares::reader
