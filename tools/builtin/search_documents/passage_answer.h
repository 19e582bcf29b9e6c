#pragma once

#include "tools/builtin/search_documents/passages.h"
#include "tools/builtin/tool_text.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

/// A passage and where its file has it: ":12", ", page 3"; and the part for read_file, from 2 on.
struct PlacedPassage {
    Passage passage;
    std::string where;
};
/// Precondition: valid UTF-8, borrowed. Any thread.
[[nodiscard]] std::vector<PlacedPassage> placed_passages(std::string_view text, TextForm form);

/// How a file that is no document is cut: by its name.
[[nodiscard]] TextForm text_form_of(std::string_view path);
/// "lease.md" of "home/lease.md": its words count with each passage.
[[nodiscard]] std::string_view file_name_of(std::string_view path);

/// Of all passages that are looked through.
struct PassageTotals {
    std::uint64_t n_passage = 0;
    std::uint64_t n_word = 0;
};
/// What one word of a query adds to a passage's score (Okapi BM25, k1 = 1.2, b = 0.75): above 0 for
/// a passage that holds it. `n_holding`: passages that do; `n_hit` times here, of `n_word` words.
[[nodiscard]] double bm25(const PassageTotals& all,
                          std::uint64_t n_holding,
                          std::uint64_t n_hit,
                          std::uint64_t n_word);

/// A passage as an answer shows it.
struct FoundPassage {
    std::string path;
    std::string where;  ///< PlacedPassage
    std::string heading;
    std::string text;
    std::optional<SourceMessage> message = {};  ///< that it is of; then `path` is its title
};

/// The answer of search_documents and search_conversations, as tools/registry/README.md has it: at
/// most eight passages, three of a file or conversation, some 6,000 bytes. Offered best first.
class PassageAnswer {
public:
    /// There is room for one more.
    [[nodiscard]] bool is_open() const { return m_is_open; }
    /// And for one of this file.
    [[nodiscard]] bool takes(std::string_view path) const;
    /// One that there is no room for is passed over.
    void add(const FoundPassage& passage);
    [[nodiscard]] std::size_t n_shown() const { return m_n_shown; }
    /// `notices`: lines for the end, each behind a line break. `holder`: what passages are of.
    [[nodiscard]] ToolText finish(std::string notices, std::string_view holder = "file") const;

private:
    std::string m_text;
    std::map<std::string, std::size_t, std::less<>> m_n_of_file;  ///< or of a conversation
    std::vector<ToolSource> m_sources;
    std::size_t m_n_shown = 0;
    bool m_is_open = true;
};

}  // namespace lares
