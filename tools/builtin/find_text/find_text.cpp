#include "tools/builtin/find_text/find_text.h"

#include "tools/sandbox/folded_text.h"

#include <algorithm>
#include <functional>

namespace lares {
namespace {

constexpr std::size_t kMaxLines = 30;
constexpr std::size_t kMaxLinesOfFile = 5;
// Of a line: enough to see what it is about. Files without line breaks are one line.
constexpr std::size_t kBeforeHit = 80;
constexpr std::size_t kAfterHit = 160;

/// The part of a line around what was found there, as one line of text.
std::string around(std::string_view line, std::size_t hit) {
    std::size_t begin = hit > kBeforeHit ? hit - kBeforeHit : 0;
    while (begin > 0 && !begins_character(line[begin])) --begin;
    std::size_t end = std::min(line.size(), hit + kAfterHit);
    while (end < line.size() && !begins_character(line[end])) ++end;
    std::string_view part = line.substr(begin, end - begin);
    const bool is_cut_before = begin > 0;
    const bool is_cut_after = end < line.size();
    while (part.starts_with(' ') || part.starts_with('\t')) part.remove_prefix(1);
    while (part.ends_with(' ') || part.ends_with('\t')) part.remove_suffix(1);
    return (is_cut_before ? "..." : "") + name_text(part) + (is_cut_after ? "..." : "");
}

}  // namespace

TextSearch::TextSearch(std::string_view text) : m_wanted(folded_text(text)) {}

void TextSearch::look(const std::string& path, std::string_view text) {
    look(path, text, Place::Line);
}

void TextSearch::look_in_document(const std::string& path, std::string_view text) {
    look(path, text, Place::Page);
}

void TextSearch::look(const std::string& path, std::string_view text, Place place) {
    const std::string folded = folded_text(text);
    const std::boyer_moore_horspool_searcher wanted(m_wanted.begin(), m_wanted.end());
    std::vector<std::string> lines;
    std::size_t n_before = 0;  // line breaks before `counted_to`
    std::size_t counted_to = 0;
    std::string_view page;
    for (auto at = folded.begin();;) {
        at = std::search(at, folded.end(), wanted);
        if (at == folded.end()) break;
        const auto hit = static_cast<std::size_t>(at - folded.begin());
        const std::size_t begin = hit == 0 ? 0 : text.rfind('\n', hit - 1) + 1;
        const std::size_t end = std::min(text.find('\n', hit), text.size());
        for (std::size_t line = counted_to; line < begin;) {
            const std::size_t next = text.find('\n', line);
            if (place == Place::Page) {
                if (const auto named = page_of(text.substr(line, next - line)); !named.empty())
                    page = named;
            }
            ++n_before;
            line = next + 1;
        }
        counted_to = begin;
        ++m_n_line;
        if (lines.size() < kMaxLinesOfFile) {
            std::string where = ":";
            if (place == Place::Line) where += std::to_string(n_before + 1) + ":";
            if (!page.empty()) where = ", " + std::string(page) + ":";
            lines.push_back(path + where + " " +
                            around(text.substr(begin, end - begin), hit - begin));
        }
        at = folded.begin() + static_cast<std::ptrdiff_t>(end);  // one line is shown once
    }
    if (!lines.empty()) m_files.emplace(path, std::move(lines));
}

ToolText TextSearch::result() const {
    std::string text;
    const auto add = [&text](const std::string& line) {
        text.append(text.empty() ? "" : "\n").append(line);
    };
    std::size_t n_shown = 0;
    for (const auto& [path, lines] : m_files) {
        for (const std::string& line : lines) {
            if (n_shown == kMaxLines) break;
            ++n_shown;
            add(line);
        }
    }
    if (text.empty()) add("(not found)");
    return {text + notices(m_n_line - n_shown),
            counted_text(m_n_line, "line") + " in " + counted_text(m_files.size(), "file")};
}

}  // namespace lares
