#include "tools/storage/sqlite_copy.h"

#include "engine/base/path_text.h"

#include <cstdint>
#include <optional>
#include <random>
#include <system_error>
#include <utility>
#include <vector>

namespace lares {
namespace fs = std::filesystem;
namespace {

constexpr int kTries = 20;

/// What shows that a file was written to; nothing where there is none.
using Stamp = std::optional<std::pair<std::uintmax_t, fs::file_time_type>>;

Stamp stamp_of(const fs::path& file) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(file, error);
    if (error) return std::nullopt;
    const fs::file_time_type time = fs::last_write_time(file, error);
    if (error) return std::nullopt;
    return std::pair{size, time};
}

std::vector<Stamp> stamps_of(const std::vector<fs::path>& files) {
    std::vector<Stamp> stamps;
    stamps.reserve(files.size());
    for (const fs::path& file : files) stamps.push_back(stamp_of(file));
    return stamps;
}

Error cannot(const fs::path& path, const char* what, const std::error_code& error) {
    if (error == std::errc::no_space_on_device) {
        std::error_code ignored;
        return {ErrorCode::Io, utf8_from_path(path) + ": no room for a copy in " +
                                   utf8_from_path(fs::temp_directory_path(ignored)) +
                                   "; set TMPDIR to a folder on a disk with more"};
    }
    return {ErrorCode::Io, utf8_from_path(path) + ": " + what + " (" + error.message() + ")"};
}

Result<fs::path> make_temporary_folder() {
    std::error_code error;
    const fs::path all = fs::temp_directory_path(error);
    std::random_device random;
    for (int i = 0; !error && i < kTries; ++i) {
        const fs::path folder =
            all / ("lares-copy-" + std::to_string(random()) + std::to_string(random()));
        if (!fs::create_directory(folder, error)) continue;  // the name is taken
        fs::permissions(folder, fs::perms::owner_all, error);
        if (!error) return folder;
    }
    return cannot(all, "no folder for copies can be made here", error);
}

/// Also away what a try before has left.
Result<void> copy_all(const std::vector<fs::path>& files, const fs::path& folder) {
    for (const fs::path& file : files) {
        const fs::path copy = folder / file.filename();
        std::error_code error;
        fs::remove(copy, error);
        if (!fs::exists(file, error)) continue;
        if (!fs::copy_file(file, copy, error)) return cannot(file, "cannot be copied", error);
        fs::permissions(copy, fs::perms::owner_read | fs::perms::owner_write, error);
    }
    return {};
}

}  // namespace

Result<SqliteCopy> SqliteCopy::of(std::span<const fs::path> files) {
    ASSIGN_OR_RETURN(fs::path folder, make_temporary_folder());
    SqliteCopy copy(std::move(folder));
    std::vector<fs::path> all;
    for (const fs::path& file : files) {
        for (const char* ending : {"", "-journal", "-wal"}) all.push_back(fs::path(file) += ending);
    }
    Result<void> copied;
    for (int i = 0; i < kTries; ++i) {
        const std::vector<Stamp> before = stamps_of(all);
        copied = copy_all(all, copy.folder());
        if (stamps_of(all) != before) continue;  // whatever failed, it was in motion
        if (!copied) return copied.error();
        return copy;
    }
    return Error{ErrorCode::Io, utf8_from_path(files.front()) +
                                    ": another program keeps writing to it; close Lares and try "
                                    "again"};
}

SqliteCopy::SqliteCopy(SqliteCopy&& other) noexcept : m_folder(std::exchange(other.m_folder, {})) {}

SqliteCopy::~SqliteCopy() {
    std::error_code ignored;
    if (!m_folder.empty()) fs::remove_all(m_folder, ignored);
}

}  // namespace lares
