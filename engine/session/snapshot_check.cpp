#include "engine/base/path_text.h"
#include "engine/session/engine.h"
#include "engine/session/snapshot_file.h"

#include <system_error>

namespace lares {
namespace {

/// One snapshot at a time is in memory.
Result<void> check_snapshot_file(const std::filesystem::path& path) {
    ASSIGN_OR_RETURN(const SnapshotFile file, SnapshotFile::open(path));
    for (std::size_t i = 0; i < file.positions().size(); ++i) RETURN_IF_ERROR(file.read(i));
    return {};
}

}  // namespace

Result<SnapshotCheck> Engine::check_snapshots(const std::filesystem::path& folder) {
    SnapshotCheck check;
    std::error_code error;
    if (!std::filesystem::exists(folder, error) && !error) return check;
    auto entry = std::filesystem::directory_iterator(folder, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        if (entry->path().extension() != SnapshotFile::kExtension) continue;
        ++check.n_file;
        std::error_code gone;
        const std::uintmax_t size = entry->file_size(gone);
        if (!gone) check.size_bytes += size;
        if (const Result<void> sound = check_snapshot_file(entry->path()); !sound)
            check.damaged.push_back({entry->path(), sound.error().message});
    }
    if (error)
        return Error{ErrorCode::Io,
                     utf8_from_path(folder) + ": cannot be read (" + error.message() + ")"};
    return check;
}

}  // namespace lares
