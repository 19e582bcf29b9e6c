#include "engine/base/utf8.h"
#include "tools/reader/formats/formats.h"
#include "tools/reader/formats/html_entities.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace lares::reader {
namespace {

constexpr std::size_t kMaxEntity = 32;

/// What is between their tags is no text of the page.
constexpr std::array<std::string_view, 12> kSilent = {"script",   "style",  "template", "svg",
                                                      "object",   "iframe", "canvas",   "select",
                                                      "textarea", "audio",  "video",    "noscript"};
/// Of them, those in which a tag of another name is no tag.
constexpr std::array<std::string_view, 4> kRaw = {"script", "style", "textarea", "iframe"};
constexpr std::array<std::string_view, 28> kBlocks = {
    "address", "article", "aside",   "blockquote", "body", "dd",     "details",
    "div",     "dl",      "dt",      "fieldset",   "form", "figure", "figcaption",
    "footer",  "head",    "header",  "hr",         "li",   "main",   "nav",
    "ol",      "section", "summary", "table",      "tr",   "ul",     "title"};
constexpr std::array<std::string_view, 8> kParagraphs = {"p",  "h1", "h2", "h3",
                                                         "h4", "h5", "h6", "pre"};

template <std::size_t n>
bool is_one_of(std::string_view name, const std::array<std::string_view, n>& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

std::string lower(std::string_view text) {
    std::string folded(text);
    for (char& c : folded) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return folded;
}

struct Tag {
    std::string name;
    bool is_end = false;
    bool is_empty = false;  ///< "<br/>"
};

class HtmlReader {
public:
    HtmlReader(std::string_view page, TextSink& sink) : m_rest(page), m_sink(sink) {}

    void read() {
        while (!m_rest.empty() && !m_sink.is_full()) {
            const char c = m_rest.front();
            if (c == '<' && read_markup()) continue;
            if (c == '&' && read_entity()) continue;
            put_character(c);
            m_rest.remove_prefix(1);
        }
        m_sink.end_line();
    }

private:
    /// False: this "<" begins nothing and is a character.
    bool read_markup() {
        if (m_rest.starts_with("<!--")) return skip_past("-->", 4);
        if (m_rest.starts_with("<![CDATA[")) return skip_past("]]>", 9);
        if (m_rest.starts_with("<!") || m_rest.starts_with("<?")) return skip_past(">", 2);
        const std::size_t at = m_rest.starts_with("</") ? 2 : 1;
        if (at >= m_rest.size() || std::isalpha(static_cast<unsigned char>(m_rest[at])) == 0)
            return false;
        apply(read_tag(at));
        return true;
    }
    bool skip_past(std::string_view end, std::size_t from) {
        const std::size_t at = m_rest.find(end, from);
        m_rest.remove_prefix(at == std::string_view::npos ? m_rest.size() : at + end.size());
        return true;
    }
    Tag read_tag(std::size_t at) {
        Tag tag;
        tag.is_end = at == 2;
        std::size_t end = at;
        while (end < m_rest.size() && !is_space(m_rest[end]) && m_rest[end] != '>' &&
               m_rest[end] != '/')
            ++end;
        tag.name = lower(m_rest.substr(at, end - at));
        // A ">" inside quotes ends nothing.
        char quote = '\0';
        for (; end < m_rest.size(); ++end) {
            const char c = m_rest[end];
            if (quote != '\0') {
                if (c == quote) quote = '\0';
            } else if (c == '>') {
                break;
            } else if ((c == '"' || c == '\'') && m_rest[end - 1] == '=') {
                quote = c;
            }
        }
        tag.is_empty = end < m_rest.size() && m_rest[end - 1] == '/';
        m_rest.remove_prefix(std::min(end + 1, m_rest.size()));
        return tag;
    }
    void apply(const Tag& tag) {
        if (is_one_of(tag.name, kSilent)) return apply_silent(tag);
        if (m_n_silent > 0) return;
        if (tag.name == "br") {
            m_sink.add("\n");
        } else if (tag.name == "td" || tag.name == "th") {
            if (!tag.is_end) m_sink.begin_cell();
        } else if (is_one_of(tag.name, kParagraphs)) {
            m_sink.add_empty();
            if (tag.name == "pre") m_is_pre = !tag.is_end;
            if (!tag.is_end && tag.name[0] == 'h')
                m_pending = std::string(static_cast<std::size_t>(tag.name[1] - '0'), '#') + " ";
        } else if (is_one_of(tag.name, kBlocks)) {
            m_sink.end_line();
            m_pending = tag.name == "li" && !tag.is_end ? "- " : "";
            if (tag.name == "title" && tag.is_end) m_sink.add_empty();
        } else {
            return;  // in the line
        }
        m_was_space = true;
    }
    void apply_silent(const Tag& tag) {
        if (tag.is_end) {
            if (m_n_silent > 0) --m_n_silent;
            return;
        }
        if (tag.is_empty && !is_one_of(tag.name, kRaw)) return;
        if (is_one_of(tag.name, kRaw)) return skip_raw(tag.name);
        ++m_n_silent;
    }
    /// To behind the end tag, in letters of any case.
    void skip_raw(const std::string& name) {
        while (!m_rest.empty()) {
            const std::size_t at = m_rest.find("</");
            if (at == std::string_view::npos) break;
            m_rest.remove_prefix(at + 2);
            if (lower(m_rest.substr(0, name.size())) != name) continue;
            const std::size_t end = m_rest.find('>');
            m_rest.remove_prefix(end == std::string_view::npos ? m_rest.size() : end + 1);
            return;
        }
        m_rest = {};
    }
    bool read_entity() {
        std::size_t end = 1;
        while (end < m_rest.size() && end < kMaxEntity &&
               (std::isalnum(static_cast<unsigned char>(m_rest[end])) != 0 || m_rest[end] == '#'))
            ++end;
        const auto c = character_of_entity(m_rest.substr(1, end - 1));
        if (!c) return false;
        if (end < m_rest.size() && m_rest[end] == ';') ++end;
        m_rest.remove_prefix(end);
        if (*c == 0xAD) return true;  // where a word may be broken
        std::string text;
        append_utf8(text, *c == 0xA0 ? U' ' : *c);
        for (const char byte : text) put_character(byte);
        return true;
    }
    void put_character(char c) {
        if (m_n_silent > 0) return;
        if (!m_is_pre && is_space(c)) {
            if (!m_was_space && m_sink.is_in_line()) m_sink.add(" ");
            m_was_space = true;
            return;
        }
        if (!m_pending.empty()) m_sink.add(std::exchange(m_pending, {}));
        m_sink.add(std::string_view(&c, 1));
        m_was_space = false;
    }

    std::string_view m_rest;
    TextSink& m_sink;
    std::string m_pending;  ///< what begins the next line that says anything
    int m_n_silent = 0;
    bool m_is_pre = false;
    bool m_was_space = true;
};

bool is_utf8(std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size();) {
        const Utf8Unit unit = decode_utf8(bytes, i);
        if (unit.kind != Utf8Unit::Kind::Valid) return false;
        i += unit.size;
    }
    return true;
}

/// Whatever it says of itself: what is not UTF-8 is read as the code page that pages of old mean.
std::string as_utf8(std::string_view bytes) {
    std::string text;
    const bool is_big_endian = bytes.starts_with("\xFE\xFF");
    if (is_big_endian || bytes.starts_with("\xFF\xFE")) {
        const auto byte = [&](std::size_t i) {
            return static_cast<char32_t>(static_cast<unsigned char>(bytes[i]));
        };
        const auto unit = [&](std::size_t i) {
            return is_big_endian ? byte(i) << 8 | byte(i + 1) : byte(i + 1) << 8 | byte(i);
        };
        for (std::size_t i = 2; i + 1 < bytes.size(); i += 2) {
            char32_t c = unit(i);
            if (c >= 0xD800 && c < 0xDC00 && i + 3 < bytes.size() && unit(i + 2) >= 0xDC00 &&
                unit(i + 2) < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10) + (unit(i + 2) - 0xDC00);
                i += 2;
            }
            append_utf8(text, c);
        }
        return text;
    }
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    if (is_utf8(bytes)) return std::string(bytes);
    for (const char c : bytes) append_utf8(text, from_windows_1252(static_cast<unsigned char>(c)));
    return text;
}

}  // namespace

void read_html(std::string_view bytes, TextSink& sink) {
    const std::string page = as_utf8(bytes);
    HtmlReader(page, sink).read();
}

}  // namespace lares::reader
