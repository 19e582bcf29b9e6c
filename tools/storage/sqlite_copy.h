#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <span>
#include <string>

namespace lares {

/// Copies of SQLite files, so that they can be read and checked without the least change to them:
/// what another program has not finished, or what a crash has left, SQLite takes in or rolls back
/// in the copy. They lie in a folder of their own among the system's temporary ones (TMPDIR),
/// closed to other users, and go with this object; a program that is killed leaves them there. One
/// thread at a time.
class SqliteCopy {
public:
    /// Copies those of `files` that are there, with what SQLite keeps beside them ("-journal",
    /// "-wal"), as of one moment: while somebody writes, it is tried again. Errors: Io, a sentence.
    [[nodiscard]] static Result<SqliteCopy> of(std::span<const std::filesystem::path> files);
    SqliteCopy(SqliteCopy&& other) noexcept;
    SqliteCopy& operator=(SqliteCopy&&) = delete;
    ~SqliteCopy();

    /// Where they are, under their own names.
    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }

private:
    explicit SqliteCopy(std::filesystem::path folder) : m_folder(std::move(folder)) {}
    std::filesystem::path m_folder;  ///< empty: moved from
};

}  // namespace lares
