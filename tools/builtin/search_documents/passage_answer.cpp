#include "tools/builtin/search_documents/passage_answer.h"

#include "tools/builtin/read_file/read_file.h"
#include "tools/sandbox/folded_text.h"

#include <algorithm>
#include <cmath>

namespace lares {
namespace {

constexpr std::size_t kMaxShown = 8;
constexpr std::size_t kMaxShownOfFile = 3;
// Of the whole answer: some 2,000 tokens.
constexpr std::size_t kMaxShownBytes = 6000;

/// The text with control characters written out, its lines kept; empty ones are left out.
std::string shown_lines(std::string_view text) {
    std::string shown;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        while (line.ends_with(' ') || line.ends_with('\t') || line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.empty()) continue;
        std::string plain(line);
        std::replace(plain.begin(), plain.end(), '\t', ' ');
        shown.append(shown.empty() ? "" : "\n").append(name_text(plain));
    }
    return shown;
}

/// What its passages are counted by: titles are no names.
std::string holder_of(const FoundPassage& passage) {
    return passage.message ? "\n" + std::to_string(passage.message->conversation) : passage.path;
}

/// "page 3" of ", page 3, part 2"; empty of ":12" and of ", part 2".
std::string page_in(std::string_view where) {
    constexpr std::string_view kComma = ", ";
    const std::string_view place = where.substr(0, where.rfind(", part "));
    return place.starts_with(kComma) ? std::string(place.substr(kComma.size())) : std::string();
}

}  // namespace

std::vector<PlacedPassage> placed_passages(std::string_view text, TextForm form) {
    std::vector<PlacedPassage> placed;
    std::size_t n_character = 0;  // before `counted_to`
    std::size_t counted_to = 0;
    for (Passage& passage : passages_of(text, form)) {
        n_character += characters_in(text.substr(counted_to, passage.begin - counted_to));
        counted_to = passage.begin;
        const std::size_t part = n_character / kPartCharacters + 1;
        std::string where;
        if (form != TextForm::Document) where = ":" + std::to_string(passage.line);
        if (!passage.page.empty()) where = ", " + name_text(passage.page);
        if (part > 1) where += ", part " + std::to_string(part);
        placed.push_back({std::move(passage), std::move(where)});
    }
    return placed;
}

TextForm text_form_of(std::string_view path) {
    const std::string folded =
        folded_text(path.substr(path.size() - std::min<std::size_t>(path.size(), 9)));
    const bool is_markdown = folded.ends_with(".md") || folded.ends_with(".markdown");
    return is_markdown ? TextForm::Markdown : TextForm::Plain;
}

std::string_view file_name_of(std::string_view path) {
    const std::size_t separator = path.find_last_of("/\\");
    return separator == std::string_view::npos ? path : path.substr(separator + 1);
}

double bm25(const PassageTotals& all,
            std::uint64_t n_holding,
            std::uint64_t n_hit,
            std::uint64_t n_word) {
    constexpr double kK1 = 1.2;
    constexpr double kB = 0.75;
    const double mean = static_cast<double>(all.n_word) / static_cast<double>(all.n_passage);
    const double length = static_cast<double>(n_word) / mean;
    const auto holding = static_cast<double>(n_holding);
    const auto hit = static_cast<double>(n_hit);
    const double rarity =
        std::log1p((static_cast<double>(all.n_passage) - holding + 0.5) / (holding + 0.5));
    return rarity * hit * (kK1 + 1) / (hit + kK1 * (1 - kB + kB * length));
}

bool PassageAnswer::takes(std::string_view path) const {
    const auto it = m_n_of_file.find(path);
    return m_is_open && (it == m_n_of_file.end() || it->second < kMaxShownOfFile);
}

void PassageAnswer::add(const FoundPassage& passage) {
    const std::string holder = holder_of(passage);
    if (!takes(holder)) return;
    std::string shown = passage.path + passage.where;
    if (!passage.heading.empty()) shown += " (" + passage.heading + ")";
    shown += "\n" + shown_lines(passage.text);
    if (m_n_shown > 0 && m_text.size() + shown.size() > kMaxShownBytes) {
        m_is_open = false;
        return;
    }
    m_text.append(m_text.empty() ? "" : "\n\n").append(shown);
    ++m_n_of_file[holder];
    ToolSource source{passage.path, passage.message ? std::string() : page_in(passage.where),
                      passage.message};
    if (std::find(m_sources.begin(), m_sources.end(), source) == m_sources.end())
        m_sources.push_back(std::move(source));
    m_is_open = ++m_n_shown < kMaxShown;
}

ToolText PassageAnswer::finish(std::string notices, std::string_view holder) const {
    if (m_n_shown > 0 && !notices.empty()) notices.insert(0, "\n");
    ToolText text{
        (m_n_shown > 0 ? m_text : "(nothing found)") + notices,
        counted_text(m_n_shown, "passage") + " in " + counted_text(m_n_of_file.size(), holder)};
    text.sources = m_sources;
    return text;
}

}  // namespace lares
