#include "tools/library/word_hits.h"

#include "tools/builtin/search_documents/search_words.h"

#include <map>
#include <vector>

namespace lares {
namespace {

constexpr unsigned kBits = 7;  // of a number in a byte; the eighth says that more follow
constexpr unsigned kMore = 0x80;
constexpr unsigned kMaxShift = 56;

void append_number(std::string& bytes, std::uint64_t number) {
    for (; number >= kMore; number >>= kBits)
        bytes += static_cast<char>((number & (kMore - 1)) | kMore);
    bytes += static_cast<char>(number);
}

}  // namespace

FileWords words_of_file(std::string_view path, std::span<const PlacedPassage> passages) {
    FileWords words;
    std::unordered_map<std::string_view, std::uint64_t> last;  // passage that holds it
    const std::vector<std::string> name = search_words(file_name_of(path));
    for (std::size_t i = 0; i < passages.size(); ++i) {
        std::map<std::string, std::uint64_t> n_hit;
        std::uint64_t n_word = 0;
        const auto count = [&](const std::vector<std::string>& some) {
            n_word += some.size();
            for (const std::string& word : some) ++n_hit[word];
        };
        count(search_words(passages[i].passage.text));
        count(search_words(passages[i].passage.heading));
        count(name);
        words.n_word += n_word;
        for (const auto& [word, n] : n_hit) {
            const auto it = words.hits.try_emplace(word).first;
            std::uint64_t& before = last[it->first];  // a node's key stays where it is
            append_number(it->second, i - before);
            append_number(it->second, n);
            append_number(it->second, n_word);
            before = i;
        }
    }
    return words;
}

std::optional<std::uint64_t> HitReader::number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; !m_bytes.empty() && shift <= kMaxShift; shift += kBits) {
        const auto byte = static_cast<unsigned char>(m_bytes.front());
        m_bytes.remove_prefix(1);
        value |= std::uint64_t{byte & (kMore - 1)} << shift;
        if (byte < kMore) return value;
    }
    return std::nullopt;
}

std::optional<WordHit> HitReader::next() {
    const std::string_view before = m_bytes;
    const auto step = number();
    const auto n_hit = step ? number() : std::nullopt;
    const auto n_word = n_hit ? number() : std::nullopt;
    if (!n_word) {
        m_bytes = before;
        return std::nullopt;
    }
    m_passage += *step;
    return WordHit{m_passage, *n_hit, *n_word};
}

}  // namespace lares
