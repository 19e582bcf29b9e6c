#include "tools/builtin/file_search.h"

#include "tools/builtin/folder_walk.h"
#include "tools/builtin/read_file/whole_file.h"

namespace lares {

std::string FileSearch::notices(std::size_t n_more) const {
    std::string lines;
    if (n_more > 0) lines += "\n... " + std::to_string(n_more) + " more";
    if (m_n_passed_over > 0)
        lines += "\n[" + counted_text(m_n_passed_over, "document") + " not looked into]";
    if (!m_notice.empty()) lines += "\n" + m_notice;
    return lines;
}

std::string_view page_of(std::string_view line) {
    constexpr std::string_view kDash = "— ";
    constexpr std::string_view kEnd = " —";
    if (!line.starts_with(kDash) || !line.ends_with(kEnd) ||
        line.size() <= kDash.size() + kEnd.size())
        return {};
    return line.substr(kDash.size(), line.size() - kDash.size() - kEnd.size());
}

std::optional<ToolText> search_files(const ToolPath& folder,
                                     FileSearch& search,
                                     const RunLimits& limits,
                                     const HandOverDocument& hand_over) {
    std::size_t n_document = 0;
    const auto visit = [&](const std::string& below) {
        const std::string relative =
            folder.relative.empty() ? below : folder.relative + "/" + below;
        OpenOutcome opened = open_file_beneath(folder.folder, relative, limits.open_method);
        if (opened.fault) return;  // one that cannot be read is passed over
        const WholeFile file = read_whole(opened.handle, /*finds_documents=*/true, limits);
        if (file.fault) return;
        const std::string path = walked_path(folder.as_called, below);
        if (!file.family) {
            search.look(path, file.text);
        } else if (hand_over && n_document < kMaxSearchedDocuments) {
            ++n_document;
            hand_over({std::move(opened.handle), *file.family, path});
        } else {
            search.pass_over_document();
        }
    };
    const WalkEnd end = walk_folder(folder, WalkInto::NotHidden, limits, visit);
    if (end.is_cut) search.stop(cut_notice());
    if (!end.error) return std::nullopt;
    // What was found by then is worth having, unless somebody wants an end of it.
    if (!limits.expired() || limits.stop.stop_requested()) return end.error;
    search.stop("[stopped: out of time]");
    return std::nullopt;
}

}  // namespace lares
