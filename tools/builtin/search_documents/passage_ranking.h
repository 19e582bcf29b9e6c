#pragma once

#include "tools/builtin/search_documents/passage_answer.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

/// Which of the passages that it is shown fit the words of a question best, by Okapi BM25
/// (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework", k1 = 1.2, b = 0.75):
/// words that few passages hold count more. Keeps what may be answered and no more than
/// kMaxKeptPassages; the others are counted. One thread at a time.
class PassageRanking {
public:
    explicit PassageRanking(std::string_view query);

    /// Nothing can be found: the query has no words.
    [[nodiscard]] bool is_empty() const { return m_query.empty(); }
    /// Words that count with each passage of a text.
    struct Around {
        std::vector<std::string> name = {};    ///< of the file, of the conversation
        std::vector<std::string> beside = {};  ///< that find no passage by themselves
    };
    /// `make` is asked for what is shown of a passage that holds one of the words.
    void look(const Passage& passage,
              const Around& around,
              const std::function<FoundPassage()>& make);

    /// Best first; equal ones by path, those of messages and of one file in the order in which they
    /// were looked at. Valid until the next `look`.
    [[nodiscard]] std::vector<const FoundPassage*> ranked() const;
    /// Of those that hold one of the words.
    [[nodiscard]] std::size_t n_found() const { return m_n_found; }

private:
    struct Kept {
        FoundPassage found;
        std::vector<std::uint32_t> n_hit;  ///< of each word of the query
        std::size_t n_word = 0;
    };

    [[nodiscard]] double score(const Kept& passage) const;
    [[nodiscard]] std::vector<const Kept*> ranked_kept() const;
    void drop_the_worst();

    std::map<std::string, std::size_t, std::less<>> m_query;  // word → its number
    std::vector<std::uint64_t> m_n_holding;                   // passages that hold each word
    PassageTotals m_all;
    std::size_t m_n_found = 0;
    std::vector<Kept> m_kept;
};

/// The words of a query that count, each with its number; the first kMaxQueryWords different ones.
[[nodiscard]] std::map<std::string, std::size_t, std::less<>> words_of_query(
    std::string_view query);

constexpr std::size_t kMaxQueryWords = 64;
constexpr std::size_t kMaxKeptPassages = 2000;

}  // namespace lares
