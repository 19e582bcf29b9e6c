#pragma once

#include "app/store/sqlite_handles.h"

#include <QtGlobal>

#include <functional>

namespace lares::app {

/// Calls `take` for the rows of a damaged table that can be read, in ascending order of their first
/// column, a whole number; `sql` selects those greater than ?1 in that order. Where reading fails,
/// the nearest number behind which it goes on is searched for. False from `take` ends it.
void walkRows(sqlite3* database, const char* sql, const std::function<bool(sqlite3_stmt*)>& take);

}  // namespace lares::app
