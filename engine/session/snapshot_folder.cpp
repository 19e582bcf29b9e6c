#include "engine/session/snapshot_folder.h"

#include "engine/base/path_text.h"
#include "engine/base/xxhash64.h"
#include "engine/session/snapshot_cache.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <system_error>
#include <utility>

namespace lares {
namespace {

std::uint64_t hash_of(std::string_view text, std::uint64_t seed) {
    return xxhash64(std::as_bytes(std::span(text)), seed);
}

/// One name for all lines of an owner with a key, so that the newest takes the place of the others;
/// without an owner one for each sequence of tokens.
std::string file_name_of(const SnapshotLine& line) {
    std::uint64_t hash = hash_of(line.owner, hash_of(line.key, line.key.size()));
    if (line.owner.empty())
        hash = xxhash64(std::as_bytes(std::span(line.snapshots.back().tokens)), hash);
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(hash));
    return std::string(text.data()) + SnapshotFile::kExtension;
}

/// Programs that make back-ups leave out a folder with this file (bford.info/cachedir).
void mark_as_cache(const std::filesystem::path& folder) {
    std::ofstream tag(folder / "CACHEDIR.TAG", std::ios::binary);
    tag << "Signature: 8a477f597d28d172789f06886806bc55\n"
           "# What Lares has read of its conversations, so that it need not read them again.\n"
           "# All of it may be deleted at any time.\n";
}

}  // namespace

Result<std::unique_ptr<SnapshotFolder>> SnapshotFolder::open(const Options& options) {
    std::error_code error;
    std::filesystem::create_directories(options.folder, error);
    if (!error)
        std::filesystem::permissions(options.folder, std::filesystem::perms::owner_all, error);
    if (error)
        return Error{ErrorCode::Io, utf8_from_path(options.folder) +
                                        ": what the model has read cannot be kept here (" +
                                        error.message() +
                                        "); conversations are read again after a restart"};
    std::unique_ptr<SnapshotFolder> folder(new SnapshotFolder(options));
    mark_as_cache(options.folder);
    folder->find_files();
    folder->m_writer =
        std::jthread([raw = folder.get()](const std::stop_token& quit) { raw->write_jobs(quit); });
    return folder;
}

SnapshotFolder::~SnapshotFolder() = default;

void SnapshotFolder::find_files() {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(m_options.folder, error)) {
        const std::filesystem::path& path = entry.path();
        std::error_code ignored;
        if (path.extension() == ".partial") std::filesystem::remove(path, ignored);
        if (path.extension() != SnapshotFile::kExtension) continue;
        auto file = SnapshotFile::open(path);
        if (file)
            m_kept.push_back({std::move(*file), entry.last_write_time(ignored)});
        else if (file.error().code != ErrorCode::Io && file.error().code != ErrorCode::OutOfMemory)
            std::filesystem::remove(path, ignored);
    }
}

std::optional<SnapshotFolder::Found> SnapshotFolder::deepest_prefix(
    const std::string& key, std::span<const TokenId> tokens) const {
    const std::scoped_lock lock(m_mutex);
    std::optional<Found> deepest;
    for (const Kept& kept : m_kept) {
        if (kept.file.key() != key) continue;
        const std::vector<int> positions = kept.file.positions();
        for (std::size_t i = 0; i < positions.size(); ++i) {
            if (deepest && positions[i] <= deepest->n_positions) continue;
            const auto prefix =
                std::span(kept.file.tokens()).first(static_cast<std::size_t>(positions[i]));
            if (begins_with(tokens, prefix))
                deepest = {kept.file.path(), kept.file.owner(), i, positions[i],
                           kept.file.size_bytes(i)};
        }
    }
    return deepest;
}

Result<SnapshotBytes> SnapshotFolder::load(const Found& found) {
    std::unique_lock lock(m_mutex);
    const auto kept = std::ranges::find_if(
        m_kept, [&](const Kept& entry) { return entry.file.path() == found.file; });
    if (kept == m_kept.end())
        return Error{ErrorCode::NotFound, utf8_from_path(found.file) + ": it is gone"};
    kept->used = std::filesystem::file_time_type::clock::now();
    const SnapshotFile file = kept->file;
    lock.unlock();

    std::error_code ignored;
    std::filesystem::last_write_time(found.file, std::filesystem::file_time_type::clock::now(),
                                     ignored);
    auto bytes = file.read(found.snapshot);
    if (!bytes) {
        lock.lock();
        note(bytes.error());
        if (bytes.error().code != ErrorCode::OutOfMemory) forget(found.file);
    }
    return bytes;
}

void SnapshotFolder::save(SnapshotLine line) {
    {
        const std::scoped_lock lock(m_mutex);
        std::erase_if(m_jobs, [](const Job& job) { return job.is_done; });
        m_jobs.push_back({std::move(line)});
    }
    m_changed.notify_all();
}

void SnapshotFolder::wait() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(
        lock, [&] { return std::ranges::all_of(m_jobs, [](auto& job) { return job.is_done; }); });
    m_jobs.clear();
}

void SnapshotFolder::write_jobs(const std::stop_token& quit) {
    std::unique_lock lock(m_mutex);
    const auto next = [&] {
        return std::ranges::find_if(m_jobs, [](const Job& job) { return !job.is_done; });
    };
    while (true) {
        m_changed.wait(lock, quit, [&] { return next() != m_jobs.end(); });
        const auto job = next();
        if (job == m_jobs.end()) return;  // asked to quit, and nothing is left
        if (!job->is_cancelled) {
            lock.unlock();
            write(job->line);
            lock.lock();
            // It was removed in the meantime.
            if (job->is_cancelled) forget(m_options.folder / file_name_of(job->line));
        }
        job->is_done = true;
        m_changed.notify_all();
    }
}

/// On the thread that writes, without the lock.
void SnapshotFolder::write(const SnapshotLine& line) {
    const std::filesystem::path path = m_options.folder / file_name_of(line);
    const std::uint64_t needed = SnapshotFile::size_bytes_at_most(line);
    if (needed > m_options.budget_bytes) return;
    {
        const std::scoped_lock lock(m_mutex);
        make_room(needed, path);
    }
    std::error_code error;
    const auto space = std::filesystem::space(m_options.folder, error);
    const bool has_room =
        error || (space.available >= needed && space.available - needed >= m_options.spare_bytes);
    Result<void> written =
        has_room ? SnapshotFile::write(path, line)
                 : Error{ErrorCode::Io,
                         "the disk is too full to keep what the model has read; conversations are "
                         "read again after a restart until there is room"};
    auto file = written ? SnapshotFile::open(path) : Result<SnapshotFile>(written.error());

    const std::scoped_lock lock(m_mutex);
    if (!file) return note(file.error());
    std::erase_if(m_kept, [&](const Kept& kept) { return kept.file.path() == path; });
    m_kept.push_back({std::move(*file), std::filesystem::file_time_type::clock::now()});
    m_notice.clear();
}

/// Removes files until `needed` bytes fit the budget; `replaced` will go anyway.
void SnapshotFolder::make_room(std::uint64_t needed, const std::filesystem::path& replaced) {
    const auto total = [&] {
        std::uint64_t sum = needed;
        for (const Kept& kept : m_kept)
            if (kept.file.path() != replaced) sum += kept.file.size_bytes();
        return sum;
    };
    while (total() > m_options.budget_bytes) {
        auto oldest = m_kept.end();
        for (auto it = m_kept.begin(); it != m_kept.end(); ++it)
            if (it->file.path() != replaced && (oldest == m_kept.end() || it->used < oldest->used))
                oldest = it;
        if (oldest == m_kept.end()) return;
        forget(std::filesystem::path(oldest->file.path()));
    }
}

void SnapshotFolder::remove(const std::string& owner) {
    const std::scoped_lock lock(m_mutex);
    for (Job& job : m_jobs)
        if (job.line.owner == owner) job.is_cancelled = true;
    std::vector<std::filesystem::path> paths;
    for (const Kept& kept : m_kept)
        if (kept.file.owner() == owner) paths.push_back(kept.file.path());
    for (const auto& path : paths) forget(path);
}

void SnapshotFolder::remove_all() {
    const std::scoped_lock lock(m_mutex);
    for (Job& job : m_jobs) job.is_cancelled = true;
    while (!m_kept.empty()) forget(std::filesystem::path(m_kept.back().file.path()));
}

/// With the lock.
void SnapshotFolder::forget(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::remove(path, error);
    if (error)
        note({ErrorCode::Io, utf8_from_path(path) + ": cannot be removed: " + error.message()});
    std::erase_if(m_kept, [&](const Kept& kept) { return kept.file.path() == path; });
}

void SnapshotFolder::note(const Error& error) {
    m_notice = error.message;
}

std::uint64_t SnapshotFolder::bytes() const {
    const std::scoped_lock lock(m_mutex);
    std::uint64_t sum = 0;
    for (const Kept& kept : m_kept) sum += kept.file.size_bytes();
    return sum;
}

std::string SnapshotFolder::notice() const {
    const std::scoped_lock lock(m_mutex);
    return m_notice;
}

}  // namespace lares
