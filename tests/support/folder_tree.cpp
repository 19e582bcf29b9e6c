#include "tests/support/folder_tree.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <system_error>

namespace lares::test {
namespace fs = std::filesystem;

FolderTree::FolderTree() {
    std::string name = (fs::temp_directory_path() / "lares-test-XXXXXX").string();
    if (!::mkdtemp(name.data())) {
        std::perror("cannot make a temporary folder");
        std::exit(1);
    }
    m_root = fs::canonical(name);
}

FolderTree::~FolderTree() {
    std::error_code error;
    fs::remove_all(m_root, error);
}

std::string FolderTree::path(std::string_view relative) const {
    return relative.empty() ? m_root.string() : (m_root / relative).string();
}

void FolderTree::file(std::string_view relative, std::string_view bytes) const {
    const fs::path path = m_root / relative;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

void FolderTree::folder(std::string_view relative) const {
    fs::create_directories(m_root / relative);
}

void FolderTree::link(std::string_view relative, std::string_view target) const {
    const fs::path path = m_root / relative;
    fs::create_directories(path.parent_path());
    fs::create_symlink(target, path);
}

}  // namespace lares::test
