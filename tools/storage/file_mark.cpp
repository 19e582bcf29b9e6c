#include "tools/storage/file_mark.h"

#include "engine/base/path_text.h"

#include <string>

namespace lares {

Result<bool> is_new_file(const SqliteFile& file, const FileMark& mark) {
    ASSIGN_OR_RETURN(const std::int64_t application, file.number("PRAGMA application_id"));
    ASSIGN_OR_RETURN(const std::int64_t version, file.number("PRAGMA user_version"));
    ASSIGN_OR_RETURN(const std::int64_t n_table, file.number("SELECT count(*) FROM sqlite_schema"));
    if (application == 0 && version == 0 && n_table == 0) return true;
    const std::string where = utf8_from_path(file.path());
    if (application != mark.application) {
        return Error{ErrorCode::Unsupported, where + ": this is another program's file, so " +
                                                 std::string(mark.cannot) + "; move it away"};
    }
    if (version > mark.format) {
        return Error{ErrorCode::Unsupported, where + ": a newer Lares wrote " +
                                                 std::string(mark.what) + "; " +
                                                 std::string(mark.next_step)};
    }
    return false;
}

}  // namespace lares
