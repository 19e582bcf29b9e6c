#include "installer/linux/appimage/extract.h"

#include "installer/linux/appimage/squashfs.h"

#include <array>
#include <fnmatch.h>
#include <fstream>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <utility>
#include <vector>

namespace lares::appimage {
namespace fs = std::filesystem;
namespace {

struct DestroyImage {
    void operator()(sqfs* image) const {
        sqfs_fd_close(image->fd);
        sqfs_destroy(image);
        delete image;
    }
};
using UniqueImage = std::unique_ptr<sqfs, DestroyImage>;

Error damaged(const std::string& path) {
    return {ErrorCode::Corrupt, "the image is damaged at " + path + "; download it again"};
}

Result<UniqueImage> open_image(const fs::path& file, std::uint64_t offset) {
    auto image = std::make_unique<sqfs>();
    // Says on stderr itself what was wrong.
    if (sqfs_open_image(image.get(), file.c_str(), offset) != SQFS_OK)
        return Error{ErrorCode::Corrupt, "there is no file system behind the program"};
    return UniqueImage(image.release());
}

Result<void> write_file(sqfs& image, sqfs_inode& inode, const fs::path& target) {
    std::ofstream out(target, std::ios::binary | std::ios::trunc);
    std::vector<char> bytes(1 << 17);
    const std::uint64_t size = inode.xtra.reg.file_size;
    for (std::uint64_t done = 0; done < size;) {
        auto n = static_cast<sqfs_off_t>(bytes.size());
        if (sqfs_read_range(&image, &inode, static_cast<sqfs_off_t>(done), &n, bytes.data()) !=
                SQFS_OK ||
            n <= 0)
            return damaged(target.string());
        out.write(bytes.data(), n);
        done += static_cast<std::uint64_t>(n);
    }
    out.close();
    if (!out || ::chmod(target.c_str(), inode.base.mode & 0755) != 0)
        return Error{ErrorCode::Io,
                     "cannot write " + target.string() + "; is there room on the disk?"};
    return {};
}

Result<void> write_link(sqfs& image, sqfs_inode& inode, const fs::path& target) {
    std::array<char, 4096> text{};
    std::size_t n = text.size();
    if (sqfs_readlink(&image, &inode, text.data(), &n) != SQFS_OK) return damaged(target.string());
    std::error_code error;
    fs::remove(target, error);
    fs::create_symlink(text.data(), target, error);
    if (error) return Error{ErrorCode::Io, "cannot write " + target.string()};
    return {};
}

Result<void> write_entry(sqfs& image, sqfs_dir_entry& entry, const fs::path& target) {
    sqfs_inode inode{};
    if (sqfs_inode_get(&image, &inode, sqfs_dentry_inode(&entry)) != SQFS_OK)
        return damaged(target.string());
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    switch (sqfs_dentry_type(&entry)) {
        case SQUASHFS_DIR_TYPE:
            fs::create_directories(target, error);
            return {};
        case SQUASHFS_REG_TYPE:
            return write_file(image, inode, target);
        case SQUASHFS_SYMLINK_TYPE:
            return write_link(image, inode, target);
        default:
            return {};  // devices and sockets, of which our images have none
    }
}

bool is_wanted(const std::string& path, const std::string& pattern) {
    return pattern.empty() || path == pattern || path.starts_with(pattern + "/") ||
           ::fnmatch(pattern.c_str(), path.c_str(), 0) == 0;
}

}  // namespace

Result<void> extract(const fs::path& image,
                     std::uint64_t offset,
                     const fs::path& into,
                     const std::string& pattern) {
    ASSIGN_OR_RETURN(const UniqueImage opened, open_image(image, offset));
    sqfs_traverse walk{};
    if (sqfs_traverse_open(&walk, opened.get(), sqfs_inode_root(opened.get())) != SQFS_OK)
        return damaged("its root");
    const std::unique_ptr<sqfs_traverse, decltype(&sqfs_traverse_close)> closes(
        &walk, sqfs_traverse_close);
    sqfs_err error = SQFS_OK;
    while (sqfs_traverse_next(&walk, &error)) {
        if (walk.dir_end) continue;
        const std::string path = walk.path;
        // A folder that is wanted for what is in it is made then.
        if (!is_wanted(path, pattern)) continue;
        for (const fs::path& part : fs::path(path)) {
            if (part == ".." || part == "/") return damaged(path);
        }
        RETURN_IF_ERROR(write_entry(*opened, walk.entry, into / path));
    }
    if (error != SQFS_OK) return damaged(image.string());
    return {};
}

}  // namespace lares::appimage
