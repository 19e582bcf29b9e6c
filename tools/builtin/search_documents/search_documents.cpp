#include "tools/builtin/search_documents/search_documents.h"

#include "tools/builtin/search_documents/search_words.h"

#include <algorithm>
#include <set>
#include <utility>

namespace lares {

std::map<std::string, std::size_t, std::less<>> words_of_query(std::string_view query) {
    std::map<std::string, std::size_t, std::less<>> words;
    for (std::string& word : search_words(query)) {
        if (words.size() == kMaxQueryWords) break;
        words.emplace(std::move(word), words.size());
    }
    return words;
}

PassageSearch::PassageSearch(std::string_view query) : m_query(words_of_query(query)) {
    m_n_holding.resize(m_query.size());
}

void PassageSearch::look(const std::string& path, std::string_view text) {
    look(path, text, text_form_of(path));
}

void PassageSearch::look_in_document(const std::string& path, std::string_view text) {
    look(path, text, TextForm::Document);
}

void PassageSearch::look(const std::string& path, std::string_view text, TextForm form) {
    const std::vector<std::string> name = search_words(file_name_of(path));
    for (auto& [passage, where] : placed_passages(text, form)) {
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
        ++m_all.n_passage;
        m_all.n_word += kept.n_word;
        if (!is_found) continue;
        ++m_n_found;
        kept.found = {path, std::move(where), name_text(passage.heading),
                      std::string(passage.text)};
        m_kept.push_back(std::move(kept));
        if (m_kept.size() > kMaxKeptPassages) drop_the_worst();
    }
}

double PassageSearch::score(const Kept& passage) const {
    double sum = 0;
    for (std::size_t i = 0; i < m_n_holding.size(); ++i)
        sum += bm25(m_all, m_n_holding[i], passage.n_hit[i], passage.n_word);
    return sum;
}

std::vector<const PassageSearch::Kept*> PassageSearch::ranked() const {
    std::vector<std::pair<double, const Kept*>> scored;
    for (const Kept& passage : m_kept) scored.emplace_back(score(passage), &passage);
    // The folder's order is the system's: ties are broken by what everybody sees.
    std::stable_sort(scored.begin(), scored.end(), [](const auto& one, const auto& other) {
        return one.first != other.first ? one.first > other.first
                                        : one.second->found.path < other.second->found.path;
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
    PassageAnswer answer;
    for (const Kept* passage : ranked()) {
        if (!answer.is_open()) break;
        answer.add(passage->found);
    }
    return answer.finish(notices(m_n_found - answer.n_shown()));
}

}  // namespace lares
