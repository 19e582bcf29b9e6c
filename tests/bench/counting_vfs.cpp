#include "tests/bench/counting_vfs.h"

#include <sqlite3.h>

#include <array>
#include <atomic>
#include <mutex>
#include <unordered_map>

namespace lares::test {
namespace {

std::atomic<std::int64_t> g_syncs, g_writes, g_written, g_reads;

sqlite3_vfs g_vfs;
int (*g_open)(sqlite3_vfs*, const char*, sqlite3_file*, int, int*);

/// One kind of file of the default VFS (a database and its log lock differently), and ours for it.
struct Methods {
    sqlite3_io_methods counting;
    const sqlite3_io_methods* real = nullptr;
};
std::array<Methods, 4> g_methods;
/// By file: what it points at may be somebody else's by now, who counts nothing (clean_pages.cpp).
std::unordered_map<sqlite3_file*, const sqlite3_io_methods*> g_real;
std::mutex g_mutex;

const sqlite3_io_methods& real_of(sqlite3_file* file) {
    const std::lock_guard lock(g_mutex);
    return *g_real.at(file);
}

int counting_write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    ++g_writes;
    g_written += size;
    return real_of(file).xWrite(file, bytes, size, offset);
}

int counting_read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
    ++g_reads;
    return real_of(file).xRead(file, bytes, size, offset);
}

int counting_sync(sqlite3_file* file, int flags) {
    ++g_syncs;
    return real_of(file).xSync(file, flags);
}

/// Ours for that kind of file; its own where there are more kinds than expected.
const sqlite3_io_methods* counting_or_own(sqlite3_file* file) {
    const std::lock_guard lock(g_mutex);
    const sqlite3_io_methods* const real = file->pMethods;
    g_real[file] = real;
    for (Methods& methods : g_methods) {
        if (!methods.real) {
            methods.counting = *real;
            methods.counting.xWrite = counting_write;
            methods.counting.xRead = counting_read;
            methods.counting.xSync = counting_sync;
            methods.real = real;
        }
        if (methods.real == real) return &methods.counting;
    }
    return real;
}

int counting_open(
    sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    const int code = g_open(vfs, name, file, flags, out_flags);
    if (code == SQLITE_OK && file->pMethods) file->pMethods = counting_or_own(file);
    return code;
}

}  // namespace

void install_counting_vfs() {
    g_vfs = *sqlite3_vfs_find(nullptr);
    g_open = g_vfs.xOpen;
    g_vfs.xOpen = counting_open;
    g_vfs.zName = "counting";
    g_vfs.pNext = nullptr;
    sqlite3_vfs_register(&g_vfs, 1);
}

IoCounts take_io_counts() {
    return {g_syncs.exchange(0), g_writes.exchange(0), g_written.exchange(0), g_reads.exchange(0)};
}

}  // namespace lares::test
