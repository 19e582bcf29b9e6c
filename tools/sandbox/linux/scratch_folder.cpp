#include "tools/sandbox/scratch_folder.h"

#include "engine/base/path_text.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <random>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace lares {
namespace {
namespace fs = std::filesystem;

constexpr const char* kGate = "/lock";
constexpr const char* kInside = "/folder";
constexpr int kOpenFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

Error cannot_make(const std::string& parent) {
    return {ErrorCode::Io, "no folder to work in could be made in " + parent + " (" +
                               std::generic_category().message(errno) +
                               "); make room on that disk, or see whose folder it is"};
}

/// A program may have closed folders of its own: opened again, so that they can go.
void open_up(const fs::path& folder) {
    std::error_code error;
    fs::permissions(folder, fs::perms::owner_all, fs::perm_options::add, error);
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        if (it->symlink_status(error).type() == fs::file_type::directory) open_up(it->path());
    }
}

void remove_tree(const std::string& path) {
    std::error_code error;
    fs::remove_all(path_from_utf8(path), error);  // follows no link
    if (!error) return;
    open_up(path_from_utf8(path));
    fs::remove_all(path_from_utf8(path), error);
}

/// Removes what nobody works in any more. The caller holds the gate.
void remove_forgotten(const std::string& parent) {
    std::error_code error;
    for (fs::directory_iterator it(path_from_utf8(parent), error), end; !error && it != end;
         it.increment(error)) {
        const std::string path = utf8_from_path(it->path());
        const UniqueNativeHandle folder(::open(path.c_str(), kOpenFolder));
        if (folder && ::flock(folder.get(), LOCK_EX | LOCK_NB) == 0) remove_tree(path);
    }
}

std::string random_name() {
    std::random_device random;
    std::array<char, 24> name{};
    std::snprintf(name.data(), name.size(), "%08x%08x", static_cast<unsigned>(random()),
                  static_cast<unsigned>(random()));
    return name.data();
}

}  // namespace

Result<ScratchFolder> ScratchFolder::make(const std::string& parent) {
    std::error_code error;
    fs::create_directories(path_from_utf8(parent), error);
    if (::chmod(parent.c_str(), 0700) != 0) return cannot_make(parent);
    // One at a time: what was just made and has no lock yet would look forgotten.
    const UniqueNativeHandle gate(
        ::open((parent + kGate).c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!gate || ::flock(gate.get(), LOCK_EX) != 0) return cannot_make(parent);
    remove_forgotten(parent);

    ScratchFolder scratch;
    const std::string path = parent + "/" + random_name();
    if (::mkdir(path.c_str(), 0700) != 0) return cannot_make(parent);
    scratch.m_path = path;
    scratch.m_lock = UniqueNativeHandle(::open(path.c_str(), kOpenFolder));
    const std::string inside = path + kInside;
    if (!scratch.m_lock || ::flock(scratch.m_lock.get(), LOCK_EX | LOCK_NB) != 0 ||
        ::mkdir(inside.c_str(), 0700) != 0)
        return cannot_make(parent);
    ASSIGN_OR_RETURN(scratch.m_folder, FolderHandle::open(inside));
    return scratch;
}

ScratchFolder::~ScratchFolder() {
    if (m_lock && !m_path.empty()) remove_tree(m_path);
}

}  // namespace lares
