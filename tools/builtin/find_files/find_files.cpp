#include "tools/builtin/find_files/find_files.h"

#include "tools/builtin/find_files/name_pattern.h"
#include "tools/sandbox/folder_reader.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>
#include <vector>

namespace lares {
namespace {

constexpr std::size_t kMaxPaths = 30;
constexpr std::size_t kMaxEntries = 200'000;

/// A walk through a folder and what is below it, one folder open at a time.
class Search {
public:
    Search(const ToolPath& folder, const std::string& pattern, const RunLimits& limits)
        : m_folder(folder), m_pattern(pattern), m_limits(limits) {}

    [[nodiscard]] ToolText run() {
        OpenOutcome root = open_beneath("");
        if (root.fault) return open_fault_text(*root.fault, m_folder, true);
        read(FolderReader(std::move(root.handle)), "");
        while (!m_open.empty() && !m_is_cut && !m_limits.expired()) {
            const std::string next = std::move(m_open.back());
            m_open.pop_back();
            OpenOutcome opened = open_beneath(next);  // one that cannot be read is passed over
            if (!opened.fault) read(FolderReader(std::move(opened.handle)), next);
        }
        return m_limits.expired() ? expired_text(m_limits) : result();
    }

private:
    [[nodiscard]] OpenOutcome open_beneath(const std::string& below) const {
        return open_folder_beneath(m_folder.folder, joined(m_folder.relative, below),
                                   m_limits.open_method);
    }

    static std::string joined(const std::string& folder, const std::string& name) {
        if (folder.empty() || name.empty()) return folder + name;
        return folder + "/" + name;
    }

    /// `below`: the path from the folder of the call to the one that is read.
    void read(FolderReader reader, const std::string& below) {
        while (const auto entry = reader.next()) {
            if (m_limits.expired()) return;
            if (m_looked_at == kMaxEntries) {
                m_is_cut = true;
                return;
            }
            ++m_looked_at;
            if (entry->kind == EntryKind::Folder) {
                m_open.push_back(joined(below, entry->name));
            } else if (entry->kind == EntryKind::File && m_pattern.matches(entry->name)) {
                add(joined(below, entry->name));
            }
        }
    }

    void add(std::string path) {
        ++m_count;
        m_first.insert(std::move(path));
        if (m_first.size() > kMaxPaths) m_first.erase(std::prev(m_first.end()));
    }

    [[nodiscard]] ToolText result() const {
        const std::string prefix = path_as_called(m_folder.as_called, "");
        std::string text;
        for (const std::string& path : m_first) {
            std::string shown = name_text(path);
            if (prefix.back() == '\\') std::replace(shown.begin(), shown.end(), '/', '\\');
            text.append(text.empty() ? "" : "\n").append(prefix).append(shown);
        }
        if (m_count > m_first.size())
            text += "\n... " + std::to_string(m_count - m_first.size()) + " more";
        if (text.empty()) text = "(no files found)";
        if (m_is_cut)
            text += "\n[stopped after " + std::to_string(kMaxEntries) + " files and folders]";
        return {text, std::to_string(m_count) + (m_count == 1 ? " file" : " files")};
    }

    const ToolPath& m_folder;
    const NamePattern m_pattern;
    const RunLimits& m_limits;
    std::vector<std::string> m_open;  // folders that wait
    std::set<std::string> m_first;
    std::size_t m_count = 0;
    std::size_t m_looked_at = 0;
    bool m_is_cut = false;
};

}  // namespace

ToolText find_files(const ToolPath& folder, const std::string& pattern, const RunLimits& limits) {
    return Search(folder, pattern, limits).run();
}

}  // namespace lares
