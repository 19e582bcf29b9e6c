#pragma once

struct sqlite3;

namespace lares {

/// Whether what went wrong last on this connection is a lack of space in any of its files: a full
/// disk, a quota, or the limit on a file's size. Only the first is SQLITE_FULL; the others come as
/// ordinary write errors, and what the system said is with the file. `code` is what SQLite
/// returned, extended or not. Ask before anything else is done with the connection. Any thread.
[[nodiscard]] bool is_out_of_space(sqlite3* connection, int code);

}  // namespace lares
