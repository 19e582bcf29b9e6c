#include "tools/storage/clean_pages.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <list>
#include <mutex>
#include <optional>
#include <span>

namespace lares {
namespace {

using Page = std::span<const unsigned char>;

// https://www.sqlite.org/fileformat2.html, "B-tree Pages"
constexpr std::size_t kFileHeaderBytes = 100;  // at the beginning of the first page
constexpr unsigned kInnerIndex = 2;
constexpr unsigned kInnerTable = 5;
constexpr unsigned kLeafIndex = 10;
constexpr unsigned kLeafTable = 13;
constexpr std::size_t kLockByte = 0x40000000;  // its page is passed over
constexpr std::size_t kMinPageBytes = 512;
constexpr std::size_t kMaxPageBytes = 65536;

std::size_t number_at(Page page, std::size_t at) {
    return std::size_t{page[at]} << 8 | page[at + 1];
}

/// Such a page, which says of each page whose it is, begins as one of a tree may.
bool may_be_pointer_map(std::size_t number, std::size_t page_bytes) {
    if (number < 2) return false;
    const std::size_t n_between = page_bytes / 5 + 1;
    const std::size_t map = (number - 2) / n_between * n_between + 2;
    return number == map || (map == kLockByte / page_bytes + 1 && number == map + 1);
}

struct Gap {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// Between the places of a tree's rows and the rows. Nothing where it is not sure to be one.
std::optional<Gap> gap_of(Page page, std::size_t number) {
    const std::size_t header = number == 1 ? kFileHeaderBytes : 0;
    const unsigned type = page[header];
    const bool is_inner = type == kInnerIndex || type == kInnerTable;
    if (!is_inner && type != kLeafIndex && type != kLeafTable) return std::nullopt;
    if (is_inner && may_be_pointer_map(number, page.size())) return std::nullopt;
    const std::size_t first_free = number_at(page, header + 1);
    const std::size_t n_row = number_at(page, header + 3);
    std::size_t content = number_at(page, header + 5);
    if (content == 0) content = kMaxPageBytes;
    const std::size_t begin = header + (is_inner ? 12 : 8);
    const Gap gap{begin + 2 * n_row, content};
    if (gap.begin > gap.end || gap.end > page.size() || (is_inner && n_row == 0))
        return std::nullopt;
    if (first_free != 0 && first_free < content) return std::nullopt;
    for (std::size_t at = begin; at < gap.begin; at += 2) {
        const std::size_t row = number_at(page, at);
        if (row < content || row >= page.size()) return std::nullopt;
    }
    return gap;
}

/// What a file of the system's VFS does, but for writing. The first member: `methods` of a file
/// leads to it.
struct CleanMethods {
    sqlite3_io_methods methods;
    const sqlite3_io_methods* own;
};

int write_clean(sqlite3_file* file, const void* bytes, int n_byte, sqlite3_int64 offset) {
    const auto* clean = reinterpret_cast<const CleanMethods*>(file->pMethods);
    const auto size = static_cast<std::size_t>(n_byte);
    const bool is_page = size >= kMinPageBytes && size <= kMaxPageBytes &&
                         (size & (size - 1)) == 0 && offset % n_byte == 0;
    if (!is_page) return clean->own->xWrite(file, bytes, n_byte, offset);
    const Page page(static_cast<const unsigned char*>(bytes), size);
    const auto gap = gap_of(page, static_cast<std::size_t>(offset / n_byte) + 1);
    if (!gap || std::all_of(page.begin() + std::ptrdiff_t(gap->begin),
                            page.begin() + std::ptrdiff_t(gap->end),
                            [](unsigned char byte) { return byte == 0; }))
        return clean->own->xWrite(file, bytes, n_byte, offset);
    std::array<unsigned char, kMaxPageBytes> copy;  // SQLite's own page is not ours to change
    std::memcpy(copy.data(), bytes, size);
    std::memset(copy.data() + gap->begin, 0, gap->end - gap->begin);
    return clean->own->xWrite(file, copy.data(), n_byte, offset);
}

sqlite3_vfs* system_vfs() {
    static sqlite3_vfs* const system = sqlite3_vfs_find(nullptr);
    return system;
}

/// Those of a file of the system's, made once for each kind that it has.
const CleanMethods* clean_methods_of(const sqlite3_io_methods* own) {
    static std::mutex mutex;
    static std::list<CleanMethods> all;  // stay where they are as long as a file is open
    const std::lock_guard lock(mutex);
    for (const CleanMethods& one : all) {
        if (one.own == own) return &one;
    }
    CleanMethods& made = all.emplace_back(CleanMethods{*own, own});
    made.methods.xWrite = write_clean;
    return &made;
}

int open_clean(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    sqlite3_vfs* const system = system_vfs();
    const int code = system->xOpen(system, name, file, flags, out_flags);
    if (code == SQLITE_OK && (flags & SQLITE_OPEN_MAIN_DB) != 0 && file->pMethods)
        file->pMethods = &clean_methods_of(file->pMethods)->methods;
    return code;
}

}  // namespace

const char* clean_pages_vfs() {
    static const char* const name = []() -> const char* {
        static sqlite3_vfs clean;
        if (!system_vfs()) return nullptr;
        clean = *system_vfs();
        clean.pNext = nullptr;
        clean.zName = "lares-clean-pages";
        clean.xOpen = open_clean;
        return sqlite3_vfs_register(&clean, /*makeDflt=*/0) == SQLITE_OK ? clean.zName : nullptr;
    }();
    return name;
}

}  // namespace lares
