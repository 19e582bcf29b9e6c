#include "tools/storage/disk_space.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace lares {
namespace {

#ifdef EDQUOT
constexpr std::array kOutOfSpace = {ENOSPC, EFBIG, EDQUOT};
#else
constexpr std::array kOutOfSpace = {ENOSPC, EFBIG};
#endif

bool is_lack_of_space(int system_error) {
    return std::find(kOutOfSpace.begin(), kOutOfSpace.end(), system_error) != kOutOfSpace.end();
}

bool ran_out(sqlite3* connection, const char* schema, int which_file) {
    sqlite3_file* file = nullptr;
    if (sqlite3_file_control(connection, schema, which_file, &file) != SQLITE_OK) return false;
    if (!file || !file->pMethods) return false;
    int last = 0;
    if (file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &last) != SQLITE_OK)
        return false;
    return is_lack_of_space(last);
}

}  // namespace

bool is_out_of_space(sqlite3* connection, int code) {
    const int kind = code & 0xFF;
    if (kind == SQLITE_FULL) return true;
    if (kind != SQLITE_IOERR || !connection) return false;
    // A rollback journal is closed by now, and took what the system said along; that of a log or a
    // database is still there where the rollback has overwritten the connection's.
    if (is_lack_of_space(sqlite3_system_errno(connection))) return true;
    for (int i = 0; const char* schema = sqlite3_db_name(connection, i); ++i) {
        if (ran_out(connection, schema, SQLITE_FCNTL_JOURNAL_POINTER) ||
            ran_out(connection, schema, SQLITE_FCNTL_FILE_POINTER))
            return true;
    }
    return false;
}

}  // namespace lares
