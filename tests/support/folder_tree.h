#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace lares::test {

/// A temporary folder to build a tree in; removed with everything in it at the end. Names are
/// UTF-8.
class FolderTree {
public:
    /// Whether a test may make symbolic links: Windows lets administrators, Wine nobody. What links
    /// come to there is tst_windows_files' matter.
#ifdef _WIN32
    static constexpr bool kHasLinks = false;
#else
    static constexpr bool kHasLinks = true;
#endif

    FolderTree();
    ~FolderTree();
    FolderTree(const FolderTree&) = delete;
    FolderTree& operator=(const FolderTree&) = delete;

    /// Its real path, or that of something in it, written as FolderHandle::path is.
    [[nodiscard]] std::string path(std::string_view relative = {}) const;

    /// Each makes the folders before it.
    void file(std::string_view relative, std::string_view bytes = {}) const;
    void folder(std::string_view relative) const;
    void link(std::string_view relative, std::string_view target) const;  ///< where kHasLinks
    /// False where that cannot be made: on Windows, and for a path that is too long for one.
    [[nodiscard]] bool socket(std::string_view relative) const;

private:
    std::filesystem::path m_root;
};

/// Whether this system is Wine, for what that does not do as Windows does.
[[nodiscard]] bool is_wine();

}  // namespace lares::test
