#pragma once

#include "tools/builtin/read_file/read_file.h"
#include "tools/builtin/tool_text.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace lares {

/// What looks for something in one file after the other. One thread at a time.
class FileSearch {
public:
    virtual ~FileSearch() = default;

    /// Looks through a file's text. `path` as results show it.
    virtual void look(const std::string& path, std::string_view text) = 0;
    /// The same for the text of a document, where a line's number would say nothing: the page,
    /// slide or sheet that it is on is named instead, where there is one.
    virtual void look_in_document(const std::string& path, std::string_view text) = 0;
    /// A document that could not be looked into.
    void pass_over_document() { ++m_n_passed_over; }
    /// Not everything was looked at, and why, for the model: "[stopped: out of time]".
    void stop(std::string notice) { m_notice = std::move(notice); }
    /// As tools/registry/README.md has it.
    [[nodiscard]] virtual ToolText result() const = 0;

protected:
    /// What a result ends with: how many it has beyond those that it shows, what was not looked at,
    /// each in a line of its own behind a line break.
    [[nodiscard]] std::string notices(std::size_t n_more) const;

private:
    std::size_t m_n_passed_over = 0;
    std::string m_notice;
};

/// "page 3" of "— page 3 —", a line of a document's text; empty for any other line.
[[nodiscard]] std::string_view page_of(std::string_view line);

/// Looks through the text files in a folder and below it; hidden folders are left out, and so are
/// files above 16 MB. Documents are handed over for the caller to look through, if there is a
/// `hand_over`; at most kMaxSearchedDocuments. Returns why nothing was looked at. One thread a
/// call.
[[nodiscard]] std::optional<ToolText> search_files(const ToolPath& folder,
                                                   FileSearch& search,
                                                   const RunLimits& limits,
                                                   const HandOverDocument& hand_over = {});

/// Each of them stays open until it is looked through, by a process of its own.
constexpr std::size_t kMaxSearchedDocuments = 64;

}  // namespace lares
