#include "tools/builtin/find_files/find_files.h"

#include "tools/builtin/find_files/name_pattern.h"
#include "tools/builtin/folder_walk.h"

#include <cstddef>
#include <iterator>
#include <set>

namespace lares {
namespace {

constexpr std::size_t kMaxPaths = 30;

}  // namespace

ToolText find_files(const ToolPath& folder, const std::string& pattern, const RunLimits& limits) {
    const NamePattern wanted(pattern);
    std::set<std::string> first;
    std::size_t n_found = 0;
    const auto visit = [&](const std::string& below) {
        if (!wanted.matches(std::string_view(below).substr(below.rfind('/') + 1))) return;
        ++n_found;
        first.insert(below);
        if (first.size() > kMaxPaths) first.erase(std::prev(first.end()));
    };
    const WalkEnd end = walk_folder(folder, WalkInto::Everything, limits, visit);
    if (end.error) return *end.error;

    std::string text;
    for (const std::string& below : first)
        text.append(text.empty() ? "" : "\n").append(walked_path(folder.as_called, below));
    if (n_found > first.size()) text += "\n... " + std::to_string(n_found - first.size()) + " more";
    if (text.empty()) text = "(no files found)";
    if (end.is_cut) text += "\n" + cut_notice();
    return {text, std::to_string(n_found) + (n_found == 1 ? " file" : " files")};
}

}  // namespace lares
