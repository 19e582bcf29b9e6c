#pragma once

#include "tools/builtin/search_documents/passage_answer.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lares {

/// A passage of a file that holds a word.
struct WordHit {
    std::uint64_t passage = 0;  ///< from 0 on
    std::uint64_t n_hit = 0;    ///< how often
    std::uint64_t n_word = 0;   ///< all words of the passage
};

/// The words of one file and the passages that hold them, as the index keeps them: three numbers a
/// hit, each of one byte where it is small.
struct FileWords {
    std::unordered_map<std::string, std::string> hits;  ///< of each word
    std::uint64_t n_word = 0;                           ///< in all passages
};
/// The words of the passages, with those of their headings and of the file's name, as
/// PassageSearch counts them. Any thread.
[[nodiscard]] FileWords words_of_file(std::string_view path,
                                      std::span<const PlacedPassage> passages);

/// Takes the next hit off the front of such bytes. Nothing: they are at their end, or damaged (then
/// some are left).
class HitReader {
public:
    explicit HitReader(std::string_view bytes) : m_bytes(bytes) {}
    [[nodiscard]] std::optional<WordHit> next();
    [[nodiscard]] bool is_at_end() const { return m_bytes.empty(); }

private:
    [[nodiscard]] std::optional<std::uint64_t> number();

    std::string_view m_bytes;
    std::uint64_t m_passage = 0;
};

}  // namespace lares
