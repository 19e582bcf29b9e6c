#include "tests/bench/counting_vfs.h"

#include <sqlite3.h>

#include <atomic>

namespace lares::test {
namespace {

std::atomic<std::int64_t> g_syncs, g_writes, g_written, g_reads;

sqlite3_vfs g_vfs;
int (*g_open)(sqlite3_vfs*, const char*, sqlite3_file*, int, int*);
const sqlite3_io_methods* g_real;  ///< of the default VFS: the same for all its files
sqlite3_io_methods g_counting;

int counting_write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    ++g_writes;
    g_written += size;
    return g_real->xWrite(file, bytes, size, offset);
}

int counting_read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
    ++g_reads;
    return g_real->xRead(file, bytes, size, offset);
}

int counting_sync(sqlite3_file* file, int flags) {
    ++g_syncs;
    return g_real->xSync(file, flags);
}

int counting_open(
    sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    const int code = g_open(vfs, name, file, flags, out_flags);
    if (code != SQLITE_OK || !file->pMethods) return code;
    if (!g_real) {
        g_real = file->pMethods;
        g_counting = *g_real;
        g_counting.xWrite = counting_write;
        g_counting.xRead = counting_read;
        g_counting.xSync = counting_sync;
    }
    // A file with other methods (another way of locking) stays uncounted.
    if (file->pMethods == g_real) file->pMethods = &g_counting;
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
