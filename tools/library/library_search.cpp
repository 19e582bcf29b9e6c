// How the index answers a query: every word's rows, one after the other, add to the scores of the
// passages that hold it; what is shown is read last.
#include "tools/builtin/folder_walk.h"
#include "tools/builtin/search_documents/search_documents.h"
#include "tools/library/library_index.h"
#include "tools/library/path_range.h"
#include "tools/library/word_hits.h"
#include "tools/storage/sqlite_file.h"

#include <algorithm>
#include <unordered_map>

namespace lares {
namespace {

/// A file that is searched.
struct SearchedFile {
    std::int64_t id;
    std::string path;  ///< as results show it
    std::size_t n_passage;
    std::size_t first = 0;  ///< the number of its first passage among all
};

/// The passages of some files under one number after the other, with a score each.
class ScoredPassages {
public:
    void add(SearchedFile file, std::uint64_t n_word) {
        m_all.n_passage += file.n_passage;
        m_all.n_word += n_word;
        m_files.push_back(std::move(file));
    }

    /// Once all files are in it: of equal scores the first by path comes first.
    void sort() {
        std::sort(m_files.begin(), m_files.end(),
                  [](const auto& one, const auto& other) { return one.path < other.path; });
        std::size_t first = 0;
        for (std::size_t i = 0; i < m_files.size(); ++i) {
            m_files[i].first = first;
            first += m_files[i].n_passage;
            m_place.emplace(m_files[i].id, i);
        }
        m_scores.resize(first);
    }

    /// False: the bytes are damaged.
    [[nodiscard]] bool collect(std::int64_t id, std::string_view bytes) {
        const auto it = m_place.find(id);
        if (it == m_place.end()) return true;  // of another folder
        const SearchedFile& file = m_files[it->second];
        HitReader reader(bytes);
        while (const auto hit = reader.next()) {
            if (hit->passage >= file.n_passage) return false;
            m_hits.push_back({file.first + hit->passage, hit->n_hit, hit->n_word});
        }
        return reader.is_at_end();
    }

    /// All hits of a word are collected.
    void end_word() {
        for (const WordHit& hit : m_hits)
            m_scores[hit.passage] += bm25(m_all, m_hits.size(), hit.n_hit, hit.n_word);
        m_hits.clear();
    }

    /// Those that hold a word of the query, to be taken off best first.
    [[nodiscard]] std::vector<std::size_t> found() const {
        std::vector<std::size_t> some;
        for (std::size_t i = 0; i < m_scores.size(); ++i) {
            if (m_scores[i] > 0) some.push_back(i);
        }
        std::make_heap(some.begin(), some.end(), order());
        return some;
    }
    [[nodiscard]] std::size_t take_best(std::vector<std::size_t>& found) const {
        std::pop_heap(found.begin(), found.end(), order());
        const std::size_t best = found.back();
        found.pop_back();
        return best;
    }
    [[nodiscard]] const SearchedFile& file_of(std::size_t passage) const {
        const auto after = std::upper_bound(
            m_files.begin(), m_files.end(), passage,
            [](std::size_t number, const SearchedFile& file) { return number < file.first; });
        return *(after - 1);
    }

private:
    struct Order {
        const std::vector<double>& scores;
        bool operator()(std::size_t one, std::size_t other) const {
            return scores[one] != scores[other] ? scores[one] < scores[other] : one > other;
        }
    };
    [[nodiscard]] Order order() const { return {m_scores}; }

    std::vector<SearchedFile> m_files;
    std::unordered_map<std::int64_t, std::size_t> m_place;  // of a file, by its id
    PassageTotals m_all;
    std::vector<double> m_scores;
    std::vector<WordHit> m_hits;  // of one word
};

Result<void> add_files(SqliteFile& database, const LibraryScope& scope, ScoredPassages& scored) {
    ASSIGN_OR_RETURN(auto rows,
                     database.prepare("SELECT id, path, n_passage, n_word FROM files WHERE "
                                      "folder = ? AND path >= ? AND path < ? AND n_passage != 0"));
    const PathRange range = paths_below(scope.below);
    rows.bind(scope.folder).bind(range.first).bind(range.last);
    while (true) {
        ASSIGN_OR_RETURN(const bool has_row, rows.step());
        if (!has_row) return {};
        const std::int64_t n_passage = rows.integer(2);
        if (n_passage < 0 || static_cast<std::uint64_t>(n_passage) > kMaxFilePassages)
            return database.damaged();
        const std::string path = rows.text(1).substr(range.first.size());
        scored.add({rows.integer(0), walked_path(scope.as_called, path),
                    static_cast<std::size_t>(n_passage)},
                   static_cast<std::uint64_t>(rows.integer(3)));
    }
}

Result<FoundPassage> passage_of(SqliteFile& database, const SearchedFile& file, std::size_t n) {
    ASSIGN_OR_RETURN(auto row,
                     database.prepare("SELECT place, heading, text FROM passages WHERE id = ?"));
    ASSIGN_OR_RETURN(const bool is_there,
                     row.bind((file.id << 20) + static_cast<std::int64_t>(n)).step());
    if (!is_there) return database.damaged();
    return FoundPassage{file.path, row.text(0), name_text(row.text(1)), row.text(2)};
}

}  // namespace

Result<ToolText> LibraryIndex::search(std::string_view query,
                                      std::span<const LibraryScope> scopes,
                                      const std::string& notices,
                                      const RunLimits& limits) {
    const std::lock_guard lock(m_mutex);
    PassageAnswer answer;
    ASSIGN_OR_RETURN(SqliteFile * database, open(/*makes_file=*/false));
    if (!database) return answer.finish(notices);
    // All of it as of one moment: another program may take files in meanwhile.
    ASSIGN_OR_RETURN(const auto moment, SqliteFile::Transaction::begin(*database));
    ScoredPassages scored;
    for (const LibraryScope& scope : scopes) RETURN_IF_ERROR(add_files(*database, scope, scored));
    scored.sort();
    std::vector<std::string> words(kMaxQueryWords);  // by their numbers
    for (const auto& [word, number] : words_of_query(query)) words[number] = word;
    for (const std::string& word : words) {
        if (limits.expired()) return expired_text(limits);
        if (word.empty()) break;
        ASSIGN_OR_RETURN(auto rows,
                         database->prepare("SELECT file, passages FROM hits WHERE word = ?"));
        rows.bind(word);
        while (true) {
            ASSIGN_OR_RETURN(const bool has_row, rows.step());
            if (!has_row) break;
            if (!scored.collect(rows.integer(0), rows.text(1))) return database->damaged();
        }
        scored.end_word();
    }
    std::vector<std::size_t> found = scored.found();
    const std::size_t n_found = found.size();
    while (!found.empty() && answer.is_open()) {
        const std::size_t best = scored.take_best(found);
        const SearchedFile& file = scored.file_of(best);
        if (!answer.takes(file.path)) continue;
        ASSIGN_OR_RETURN(const FoundPassage passage,
                         passage_of(*database, file, best - file.first));
        answer.add(passage);
    }
    const std::size_t n_more = n_found - answer.n_shown();
    return answer.finish((n_more > 0 ? "\n... " + std::to_string(n_more) + " more" : "") + notices);
}

}  // namespace lares
