#pragma once

#include "tools/builtin/search_documents/passage_ranking.h"
#include "tools/builtin/tool_text.h"

#include <string>
#include <string_view>

namespace lares {

/// What somebody said in one message of an earlier conversation: Markdown, valid UTF-8.
struct PastText {
    SourceMessage message;
    std::string title;       ///< of the conversation: one line, short
    std::string date;        ///< "14 March 2026"; empty: not known
    std::string date_words;  ///< the same as the user writes it, for the search
    bool is_of_user = false;
    std::string text;
};

/// The passages of earlier conversations that fit the words of a question best (PassageRanking).
/// The conversation's title counts with each passage; so does the date, which finds nothing by
/// itself. One thread at a time.
class PastSearch {
public:
    explicit PastSearch(std::string_view query) : m_ranking(query) {}

    [[nodiscard]] bool is_empty() const { return m_ranking.is_empty(); }
    /// The newest message first: of equally good passages the newer one is shown first.
    void look(const PastText& text);
    /// Best first; at most eight, three of a conversation, the same words once. `is_cut`: not all
    /// was looked at.
    [[nodiscard]] ToolText result(bool is_cut) const;

private:
    PassageRanking m_ranking;
};

}  // namespace lares
