#pragma once

#include "tools/builtin/file_search.h"
#include "tools/builtin/search_documents/passage_answer.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

/// The passages of files that fit the words of a question best, by Okapi BM25 (Robertson and
/// Zaragoza 2009, "The Probabilistic Relevance Framework", k1 = 1.2, b = 0.75): words that few
/// passages hold count more, a file's name and the headings above a passage count with it. Keeps
/// what it may show and no more than kMaxKeptPassages; the others are counted. One thread at a
/// time.
class PassageSearch : public FileSearch {
public:
    explicit PassageSearch(std::string_view query);

    void look(const std::string& path, std::string_view text) override;
    void look_in_document(const std::string& path, std::string_view text) override;
    /// Best first; at most eight, three of a file, each with its path and where it stands.
    [[nodiscard]] ToolText result() const override;

private:
    struct Kept {
        FoundPassage found;
        std::vector<std::uint32_t> n_hit;  ///< of each word of the query
        std::size_t n_word = 0;
    };

    void look(const std::string& path, std::string_view text, TextForm form);
    [[nodiscard]] double score(const Kept& passage) const;
    /// Best first; of equal ones by path, then as they stand in the file.
    [[nodiscard]] std::vector<const Kept*> ranked() const;
    void drop_the_worst();

    std::map<std::string, std::size_t, std::less<>> m_query;  // word → its number
    std::vector<std::uint64_t> m_n_holding;                   // passages that hold each word
    PassageTotals m_all;                                      // of all files
    std::size_t m_n_found = 0;                                // that hold one of the words
    std::vector<Kept> m_kept;
};

/// The words of a query that count, each with its number; the first kMaxQueryWords different ones.
[[nodiscard]] std::map<std::string, std::size_t, std::less<>> words_of_query(
    std::string_view query);

constexpr std::size_t kMaxQueryWords = 64;
constexpr std::size_t kMaxKeptPassages = 2000;

}  // namespace lares
