#include "tools/builtin/search_documents/search_documents.h"

#include "tools/builtin/search_documents/search_words.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace lares {
namespace {

constexpr std::size_t kMaxShown = 8;
constexpr std::size_t kMaxShownOfFile = 3;
// Of the whole answer: some 2,000 tokens.
constexpr std::size_t kMaxShownBytes = 6000;

bool is_markdown(std::string_view path) {
    const std::string folded =
        folded_text(path.substr(path.size() - std::min<std::size_t>(path.size(), 9)));
    return folded.ends_with(".md") || folded.ends_with(".markdown");
}

std::string_view file_name_of(std::string_view path) {
    const std::size_t separator = path.find_last_of("/\\");
    return separator == std::string_view::npos ? path : path.substr(separator + 1);
}

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

}  // namespace

PassageSearch::PassageSearch(std::string_view query) {
    for (std::string& word : search_words(query)) {
        if (m_query.size() == kMaxQueryWords) break;
        m_query.emplace(std::move(word), m_query.size());
    }
    m_n_holding.resize(m_query.size());
}

void PassageSearch::look(const std::string& path, std::string_view text) {
    look(path, text, is_markdown(path) ? TextForm::Markdown : TextForm::Plain);
}

void PassageSearch::look_in_document(const std::string& path, std::string_view text) {
    look(path, text, TextForm::Document);
}

void PassageSearch::look(const std::string& path, std::string_view text, TextForm form) {
    const std::vector<std::string> name = search_words(file_name_of(path));
    std::size_t n_character = 0;  // before `counted_to`
    std::size_t counted_to = 0;
    for (const Passage& passage : passages_of(text, form)) {
        Kept kept;
        kept.n_hit.resize(m_query.size());
        bool is_found = false;
        const auto count = [&](const std::vector<std::string>& words) {
            kept.n_word += words.size();
            for (const std::string& word : words) {
                const auto it = m_query.find(word);
                if (it == m_query.end()) continue;
                is_found = true;
                if (++kept.n_hit[it->second] == 1) ++m_n_holding[it->second];
            }
        };
        count(search_words(passage.text));
        count(search_words(passage.heading));
        count(name);
        ++m_n_passage;
        m_n_word += kept.n_word;
        if (!is_found) continue;
        ++m_n_found;
        n_character += characters_in(text.substr(counted_to, passage.begin - counted_to));
        counted_to = passage.begin;
        const std::size_t part = n_character / kPartCharacters + 1;
        if (form != TextForm::Document) kept.where = ":" + std::to_string(passage.line);
        if (!passage.page.empty()) kept.where = ", " + name_text(passage.page);
        if (part > 1) kept.where += ", part " + std::to_string(part);
        kept.path = path;
        kept.heading = name_text(passage.heading);
        kept.text = passage.text;
        m_kept.push_back(std::move(kept));
        if (m_kept.size() > kMaxKeptPassages) drop_the_worst();
    }
}

double PassageSearch::score(const Kept& passage) const {
    constexpr double kK1 = 1.2;
    constexpr double kB = 0.75;
    const double mean = static_cast<double>(m_n_word) / static_cast<double>(m_n_passage);
    const double length = static_cast<double>(passage.n_word) / mean;
    double sum = 0;
    for (std::size_t i = 0; i < m_n_holding.size(); ++i) {
        const auto n_holding = static_cast<double>(m_n_holding[i]);
        const auto n_hit = static_cast<double>(passage.n_hit[i]);
        const double rarity =
            std::log1p((static_cast<double>(m_n_passage) - n_holding + 0.5) / (n_holding + 0.5));
        sum += rarity * n_hit * (kK1 + 1) / (n_hit + kK1 * (1 - kB + kB * length));
    }
    return sum;
}

std::vector<const PassageSearch::Kept*> PassageSearch::ranked() const {
    std::vector<std::pair<double, const Kept*>> scored;
    for (const Kept& passage : m_kept) scored.emplace_back(score(passage), &passage);
    // The folder's order is the system's: ties are broken by what everybody sees.
    std::stable_sort(scored.begin(), scored.end(), [](const auto& one, const auto& other) {
        return one.first != other.first ? one.first > other.first
                                        : one.second->path < other.second->path;
    });
    std::vector<const Kept*> passages;
    for (const auto& one : scored) passages.push_back(one.second);
    return passages;
}

void PassageSearch::drop_the_worst() {
    // By what is known of the words so far. Half of them go, so that this is seldom done; what is
    // shown in the end is far less than what stays.
    std::vector<const Kept*> best = ranked();
    best.resize(kMaxKeptPassages / 2);
    const std::set<const Kept*> stays(best.begin(), best.end());
    std::vector<Kept> kept;
    for (Kept& passage : m_kept) {
        if (stays.contains(&passage)) kept.push_back(std::move(passage));
    }
    m_kept = std::move(kept);
}

ToolText PassageSearch::result() const {
    std::map<std::string_view, std::size_t> n_of_file;
    std::string text;
    std::size_t n_shown = 0;
    for (const Kept* passage : ranked()) {
        if (n_shown == kMaxShown) break;
        const auto of_file = n_of_file.find(passage->path);
        if (of_file != n_of_file.end() && of_file->second == kMaxShownOfFile) continue;
        std::string shown = passage->path + passage->where;
        if (!passage->heading.empty()) shown += " (" + passage->heading + ")";
        shown += "\n" + shown_lines(passage->text);
        if (n_shown > 0 && text.size() + shown.size() > kMaxShownBytes) break;
        text.append(text.empty() ? "" : "\n\n").append(shown);
        ++n_of_file[passage->path];
        ++n_shown;
    }
    if (text.empty()) text = "(nothing found)";
    std::string end = notices(m_n_found - n_shown);
    if (n_shown > 0 && !end.empty()) end.insert(0, "\n");
    return {text + end,
            counted_text(n_shown, "passage") + " in " + counted_text(n_of_file.size(), "file")};
}

}  // namespace lares
