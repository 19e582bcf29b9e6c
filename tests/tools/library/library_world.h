#pragma once

#include "tests/support/folder_tree.h"
#include "tools/library/library_index.h"

#include <filesystem>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace lares::test {

/// A tree of folders in which somebody does anything, and what a library of its folders must hold.
/// Every text has a word that no other has: it tells what is left of which text.
class LibraryWorld {
public:
    explicit LibraryWorld(unsigned seed);
    ~LibraryWorld() { open_up(); }
    LibraryWorld(const LibraryWorld&) = delete;
    LibraryWorld& operator=(const LibraryWorld&) = delete;

    /// Something happens to a file, seldom to a folder.
    void change_something();
    /// What may not be read may be again, and folders that are links or files are folders.
    void open_up();

    [[nodiscard]] std::string path(std::string_view relative = {}) const {
        return m_tree.path(relative);
    }
    /// Those that can be in a library, some in others.
    [[nodiscard]] std::vector<std::string> folders() const;
    /// All regular files of a folder that have a text or ought to, as the disk has them now: read
    /// without a line of what is tested. Links, hidden folders and what is no text are left out.
    [[nodiscard]] std::vector<LibraryFile> files_in(const std::string& folder) const;
    /// The words by which texts are told apart, in lower case.
    [[nodiscard]] static std::set<std::string> marks_in(std::string_view bytes);

    [[nodiscard]] std::string query();
    [[nodiscard]] int below(int n) { return static_cast<int>(m_random() % unsigned(n)); }
    [[nodiscard]] const std::vector<std::string>& did() const { return m_did; }
    void did(std::string what) { m_did.push_back(std::move(what)); }

private:
    using Path = std::filesystem::path;
    [[nodiscard]] Path any_folder();
    [[nodiscard]] Path any_name();
    [[nodiscard]] Path any_file();
    [[nodiscard]] std::string words(int n);
    [[nodiscard]] std::string text();
    void write(const Path& file);
    void write_over_at_the_same_time(const Path& file);
    void change_file(int what);
    void change_folder(int what);
    void close(const Path& path);

    FolderTree m_tree;
    std::mt19937 m_random;
    std::vector<Path> m_closed;
    int m_n_mark = 0;
    int m_n_time = 0;
    std::vector<std::string> m_did;
};

}  // namespace lares::test
