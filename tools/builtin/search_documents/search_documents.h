#pragma once

#include "tools/builtin/file_search.h"
#include "tools/builtin/search_documents/passage_ranking.h"

#include <string>
#include <string_view>

namespace lares {

/// The passages of files that fit the words of a question best (PassageRanking); a file's name and
/// the headings above a passage count with it. One thread at a time.
class PassageSearch : public FileSearch {
public:
    explicit PassageSearch(std::string_view query) : m_ranking(query) {}

    void look(const std::string& path, std::string_view text) override;
    void look_in_document(const std::string& path, std::string_view text) override;
    /// Best first; at most eight, three of a file, each with its path and where it stands.
    [[nodiscard]] ToolText result() const override;

private:
    void look(const std::string& path, std::string_view text, TextForm form);

    PassageRanking m_ranking;
};

}  // namespace lares
