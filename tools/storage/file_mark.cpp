#include "tools/storage/file_mark.h"

#include "engine/base/path_text.h"

#include <string>

namespace lares {

Result<bool> is_new_file(const SqliteFile& file, const FileMark& mark) {
    // At one moment: another program may be making the file just now.
    ASSIGN_OR_RETURN(auto row,
                     file.prepare("SELECT (SELECT application_id FROM pragma_application_id), "
                                  "(SELECT user_version FROM pragma_user_version), (SELECT "
                                  "count(*) FROM sqlite_schema)"));
    ASSIGN_OR_RETURN([[maybe_unused]] const bool has_row, row.step());
    const std::int64_t application = row.integer(0);
    const std::int64_t version = row.integer(1);
    const std::int64_t n_table = row.integer(2);
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
