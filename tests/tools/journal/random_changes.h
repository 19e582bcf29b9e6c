#pragma once

#include "tools/builtin/changes/change_tools.h"

#include <random>
#include <string>
#include <vector>

namespace lares::test {

/// A tree of folders, files of all sizes and modes, and links, to be changed.
void make_sample_tree(const std::string& root, std::mt19937& random);

/// Calls the real tools in a granted folder, whatever comes into its mind: folders in folders,
/// files that replace others, moves of all that is there, also in ways that have to fail.
class RandomChanges {
public:
    RandomChanges(const FolderHandle& folder, ChangeLog& log, std::uint32_t seed)
        : m_folder(folder), m_tools{log, "conversation", "turn"}, m_random(seed) {}

    /// One call. The changes it made; mostly one.
    std::vector<ChangeId> make_one();

private:
    [[nodiscard]] std::size_t below(std::size_t n) { return m_random() % n; }
    [[nodiscard]] ToolPath at(const std::string& relative) const;
    [[nodiscard]] std::string in_some_folder(const std::string& name);
    [[nodiscard]] std::string new_name();
    [[nodiscard]] ToolText write_something();
    [[nodiscard]] ToolText move_something();
    void look();

    const FolderHandle& m_folder;
    ChangeTools m_tools;
    std::mt19937 m_random;
    std::vector<std::string> m_folders;  ///< relative, the granted folder itself as ""
    std::vector<std::string> m_files;
    std::vector<std::string> m_links;
};

}  // namespace lares::test
