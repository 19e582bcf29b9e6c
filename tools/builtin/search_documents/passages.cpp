#include "tools/builtin/search_documents/passages.h"

#include "tools/builtin/file_search.h"

#include <algorithm>
#include <utility>

namespace lares {
namespace {

// An empty line ends a passage that is at least this long: shorter paragraphs stand together.
constexpr std::size_t kEnoughBytes = 400;
constexpr std::size_t kMaxHeadingBytes = 120;
constexpr std::string_view kWhite = " \t\r\n\f\v";

std::string_view without_white(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kWhite);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kWhite) - first + 1);
}

/// 1 to 6 for "# Rent" and so on, 0 for any other line.
std::size_t heading_level(std::string_view line) {
    const std::size_t level = std::min(line.find_first_not_of('#'), line.size());
    return level >= 1 && level <= 6 && level < line.size() && line[level] == ' ' ? level : 0;
}

std::string_view cut_text(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && !begins_character(text[most])) --most;
    return text.substr(0, most);
}

/// Where to cut a line that does not fit.
std::size_t cut_of(std::string_view line) {
    const std::string_view most = cut_text(line, kMaxPassageBytes);
    for (const std::string_view end : {". ", "? ", "! ", "; "}) {
        const std::size_t at = most.rfind(end);
        if (at != std::string_view::npos && at >= kEnoughBytes) return at + end.size();
    }
    const std::size_t space = most.find_last_of(" \t");
    return space == std::string_view::npos || space == 0 ? most.size() : space + 1;
}

class PassageCutter {
public:
    PassageCutter(std::string_view text, TextForm form) : m_text(text), m_form(form) {}

    std::vector<Passage> cut() {
        for (std::size_t begin = 0; begin < m_text.size(); ++m_line) {
            const std::size_t end = std::min(m_text.find('\n', begin), m_text.size());
            take(begin, end);
            begin = end + 1;
        }
        finish();
        end_heading(1);
        return std::move(m_passages);
    }

private:
    struct Heading {
        std::size_t level;
        std::string_view text;
        std::size_t begin;
        std::size_t line;
        bool is_used;  ///< a passage names it
    };

    void take(std::size_t begin, std::size_t end) {
        const std::string_view line = m_text.substr(begin, end - begin);
        if (m_form == TextForm::Document) {
            if (const auto page = page_of(line); !page.empty()) {
                finish();
                m_page = page;
                return;
            }
        }
        if (m_form == TextForm::Markdown) {
            if (line.starts_with("```")) m_is_code = !m_is_code;
            if (const std::size_t level = m_is_code ? 0 : heading_level(line); level > 0) {
                finish();
                end_heading(level);
                m_headings.push_back(
                    {level, without_white(line.substr(level)), begin, m_line, false});
                return;
            }
        }
        if (without_white(line).empty()) {
            if (m_end - m_begin >= kEnoughBytes) finish();
            return;
        }
        if (m_end > m_begin && end - m_begin > kMaxPassageBytes) finish();
        while (end - begin > kMaxPassageBytes) {
            const std::size_t length = cut_of(m_text.substr(begin, end - begin));
            add(begin, begin + length);
            finish();
            begin += length;
        }
        add(begin, end);
    }

    void add(std::size_t begin, std::size_t end) {
        if (m_end == m_begin) {
            m_begin = begin;
            m_first_line = m_line;
        }
        m_end = end;
    }

    void finish() {
        const std::string_view whole = m_text.substr(m_begin, m_end - m_begin);
        const std::string_view text = without_white(whole);
        if (!text.empty()) {
            const auto begin = static_cast<std::size_t>(text.data() - m_text.data());
            m_passages.push_back({text, begin, m_first_line, m_page, headings()});
            for (Heading& heading : m_headings) heading.is_used = true;
        }
        m_begin = m_end = 0;
    }

    /// Headings from this level on are over.
    void end_heading(std::size_t level) {
        if (!m_headings.empty() && m_headings.back().level >= level && !m_headings.back().is_used) {
            const Heading alone = m_headings.back();
            m_headings.pop_back();
            if (!alone.text.empty())
                m_passages.push_back({cut_text(alone.text, kMaxPassageBytes), alone.begin,
                                      alone.line, m_page, headings()});
        }
        while (!m_headings.empty() && m_headings.back().level >= level) m_headings.pop_back();
    }

    [[nodiscard]] std::string headings() const {
        std::string all;
        for (const Heading& heading : m_headings) {
            if (heading.text.empty()) continue;
            if (!all.empty()) all += " > ";
            all += cut_text(heading.text, kMaxHeadingBytes);
        }
        return all;
    }

    std::string_view m_text;
    TextForm m_form;
    std::vector<Passage> m_passages;
    std::vector<Heading> m_headings;  // open ones, outermost first
    std::string_view m_page;
    bool m_is_code = false;  // in a fence, where "#" begins a comment
    std::size_t m_line = 1;
    std::size_t m_begin = 0;  // of the passage that is being made; empty: as m_end
    std::size_t m_end = 0;
    std::size_t m_first_line = 1;
};

}  // namespace

std::vector<Passage> passages_of(std::string_view text, TextForm form) {
    return PassageCutter(text, form).cut();
}

}  // namespace lares
