#pragma once

namespace lares {

/// The name of a VFS of SQLite's, for sqlite3_open_v2: the system's own, but what is written into a
/// database has nothing in the unused middle of its pages. When SQLite moves rows from page to
/// page, secure_delete or not, copies stay there that a later deletion does not find. Null: the
/// system's own has to do. Any thread.
[[nodiscard]] const char* clean_pages_vfs();

}  // namespace lares
