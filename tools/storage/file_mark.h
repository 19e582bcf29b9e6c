#pragma once

#include "tools/storage/sqlite_file.h"

#include <cstdint>
#include <string_view>

namespace lares {

/// What tells a SQLite file of ours from others: SQLite's application_id and user_version.
struct FileMark {
    std::int64_t application;    ///< four letters as a number
    std::int64_t format;         ///< the newest that this program knows
    std::string_view cannot;     ///< in another program's file: "no tool call can be written down"
    std::string_view what;       ///< that a newer Lares wrote: "this log of tool calls"
    std::string_view next_step;  ///< then: "update Lares"
};

/// True: it is empty. False: it is ours, and of a format that this program knows. Unsupported: it
/// is neither, and stays as it is.
[[nodiscard]] Result<bool> is_new_file(const SqliteFile& file, const FileMark& mark);

}  // namespace lares
