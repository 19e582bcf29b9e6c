#include "tests/support/folder_tree.h"

#include "engine/base/path_text.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <system_error>
#ifdef _WIN32
#include <windows.h>
#else
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#endif

namespace lares::test {
namespace fs = std::filesystem;

FolderTree::FolderTree() {
    std::random_device random;
    std::error_code error;
    fs::path folder;
    do {  // until nobody else has it: tests run side by side
        folder = fs::temp_directory_path() / ("lares-test-" + std::to_string(random()));
    } while (!fs::create_directory(folder, error) && !error);
    if (error) {
        std::fprintf(stderr, "cannot make a temporary folder: %s\n", error.message().c_str());
        std::exit(1);
    }
    m_root = fs::canonical(folder);
}

FolderTree::~FolderTree() {
    std::error_code error;
    fs::remove_all(m_root, error);
}

std::string FolderTree::path(std::string_view relative) const {
    const fs::path path = relative.empty() ? m_root : m_root / path_from_utf8(relative);
    std::string text = utf8_from_path(path);
    if (fs::path::preferred_separator == '\\') std::replace(text.begin(), text.end(), '\\', '/');
    return text;
}

void FolderTree::file(std::string_view relative, std::string_view bytes) const {
    const fs::path path = m_root / path_from_utf8(relative);
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

void FolderTree::folder(std::string_view relative) const {
    fs::create_directories(m_root / path_from_utf8(relative));
}

void FolderTree::link(std::string_view relative, std::string_view target) const {
    const fs::path path = m_root / relative;
    fs::create_directories(path.parent_path());
    fs::create_symlink(target, path);
}

bool FolderTree::socket([[maybe_unused]] std::string_view relative) const {
#ifdef _WIN32
    return false;
#else
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = path(relative);
    if (name.size() >= sizeof address.sun_path) return false;
    name.copy(address.sun_path, name.size());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    const int bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::close(fd);
    return bound == 0;
#endif
}

bool is_wine() {
#ifdef _WIN32
    return ::GetProcAddress(::GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
#else
    return false;
#endif
}

}  // namespace lares::test
