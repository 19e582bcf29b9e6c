#pragma once

#include "tools/builtin/read_file/read_file.h"
#include "tools/builtin/tool_text.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lares {

/// The lines of files that hold a text, upper and lower case alike (folded_name's letters). At most
/// 30 lines are kept, five of a file; the others are counted. One thread at a time.
class TextSearch {
public:
    explicit TextSearch(std::string_view text);

    /// Looks through a file's text. `path` as results show it.
    void look(const std::string& path, std::string_view text);
    /// The same for the text of a document, where a line's number would say nothing: the page,
    /// slide or sheet that it is on is named instead, where there is one.
    void look_in_document(const std::string& path, std::string_view text);
    /// A document that could not be looked into.
    void pass_over_document() { ++m_n_passed_over; }
    /// Not everything was looked at, and why, for the model: "[stopped: out of time]".
    void stop(std::string notice) { m_notice = std::move(notice); }

    /// As tools/registry/README.md has it; files by their path.
    [[nodiscard]] ToolText result() const;

private:
    enum class Place { Line, Page };

    void look(const std::string& path, std::string_view text, Place place);

    std::string m_wanted;                                     // folded
    std::map<std::string, std::vector<std::string>> m_files;  // what is shown of each
    std::size_t m_n_line = 0;
    std::size_t m_n_passed_over = 0;
    std::string m_notice;
};

/// Looks through the text files in a folder and below it; hidden folders are left out, and so are
/// files above 16 MB. Documents are handed over for the caller to look through, if there is a
/// `hand_over`; at most kMaxSearchedDocuments. Returns why nothing was looked at. One thread a
/// call.
[[nodiscard]] std::optional<ToolText> find_text(const ToolPath& folder,
                                                TextSearch& search,
                                                const RunLimits& limits,
                                                const HandOverDocument& hand_over = {});

/// Each of them stays open until it is looked through, by a process of its own.
constexpr std::size_t kMaxSearchedDocuments = 64;

}  // namespace lares
