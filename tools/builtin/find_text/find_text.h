#pragma once

#include "tools/builtin/file_search.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lares {

/// The lines of files that hold a text, upper and lower case alike (folded_name's letters). At most
/// 30 lines are kept, five of a file; the others are counted. One thread at a time.
class TextSearch : public FileSearch {
public:
    explicit TextSearch(std::string_view text);

    void look(const std::string& path, std::string_view text) override;
    void look_in_document(const std::string& path, std::string_view text) override;
    void pass_over_document() override { ++m_n_passed_over; }
    void stop(std::string notice) override { m_notice = std::move(notice); }
    [[nodiscard]] ToolText result() const override;

private:
    enum class Place { Line, Page };

    void look(const std::string& path, std::string_view text, Place place);

    std::string m_wanted;                                     // folded
    std::map<std::string, std::vector<std::string>> m_files;  // what is shown of each
    std::size_t m_n_line = 0;
    std::size_t m_n_passed_over = 0;
    std::string m_notice;
};

}  // namespace lares
