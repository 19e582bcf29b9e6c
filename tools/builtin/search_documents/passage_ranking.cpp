#include "tools/builtin/search_documents/passage_ranking.h"

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

PassageRanking::PassageRanking(std::string_view query) : m_query(words_of_query(query)) {
    m_n_holding.resize(m_query.size());
}

void PassageRanking::look(const Passage& passage,
                          const Around& around,
                          const std::function<FoundPassage()>& make) {
    Kept kept;
    kept.n_hit.resize(m_query.size());
    bool is_found = false;
    const auto count = [&](const std::vector<std::string>& words, bool finds) {
        kept.n_word += words.size();
        for (const std::string& word : words) {
            const auto it = m_query.find(word);
            if (it == m_query.end()) continue;
            is_found |= finds;
            if (++kept.n_hit[it->second] == 1) ++m_n_holding[it->second];
        }
    };
    count(search_words(passage.text), true);
    count(search_words(passage.heading), true);
    count(around.name, true);
    count(around.beside, false);
    ++m_all.n_passage;
    m_all.n_word += kept.n_word;
    if (!is_found) return;
    ++m_n_found;
    kept.found = make();
    m_kept.push_back(std::move(kept));
    if (m_kept.size() > kMaxKeptPassages) drop_the_worst();
}

double PassageRanking::score(const Kept& passage) const {
    double sum = 0;
    for (std::size_t i = 0; i < m_n_holding.size(); ++i)
        sum += bm25(m_all, m_n_holding[i], passage.n_hit[i], passage.n_word);
    return sum;
}

std::vector<const PassageRanking::Kept*> PassageRanking::ranked_kept() const {
    std::vector<std::pair<double, const Kept*>> scored;
    for (const Kept& passage : m_kept) scored.emplace_back(score(passage), &passage);
    // The folder's order is the system's: ties are broken by what everybody sees. Messages come in
    // an order that says something.
    std::stable_sort(scored.begin(), scored.end(), [](const auto& one, const auto& other) {
        if (one.first != other.first) return one.first > other.first;
        const FoundPassage& first = one.second->found;
        return !first.message && first.path < other.second->found.path;
    });
    std::vector<const Kept*> passages;
    for (const auto& one : scored) passages.push_back(one.second);
    return passages;
}

std::vector<const FoundPassage*> PassageRanking::ranked() const {
    std::vector<const FoundPassage*> passages;
    for (const Kept* kept : ranked_kept()) passages.push_back(&kept->found);
    return passages;
}

void PassageRanking::drop_the_worst() {
    // By what is known of the words so far. Half of them go, so that this is seldom done; what is
    // shown in the end is far less than what stays.
    std::vector<const Kept*> best = ranked_kept();
    best.resize(kMaxKeptPassages / 2);
    const std::set<const Kept*> stays(best.begin(), best.end());
    std::vector<Kept> kept;
    for (Kept& passage : m_kept) {
        if (stays.contains(&passage)) kept.push_back(std::move(passage));
    }
    m_kept = std::move(kept);
}

}  // namespace lares
