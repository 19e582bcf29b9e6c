#pragma once

#include "tools/builtin/file_search.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lares {

/// The lines of files that hold a text, upper and lower case alike (folded_name's letters). At most
/// 30 lines are kept, five of a file; the others are counted. One thread at a time.
class TextSearch : public FileSearch {
public:
    explicit TextSearch(std::string_view text);

    void look(const std::string& path, std::string_view text) override;
    void look_in_document(const std::string& path, std::string_view text) override;
    [[nodiscard]] ToolText result() const override;

private:
    enum class Place { Line, Page };

    void look(const std::string& path, std::string_view text, Place place);

    std::string m_wanted;                                     // folded
    std::map<std::string, std::vector<std::string>> m_files;  // what is shown of each
    std::size_t m_n_line = 0;
};

}  // namespace lares
