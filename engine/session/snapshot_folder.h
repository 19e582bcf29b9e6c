#pragma once

#include "engine/base/result.h"
#include "engine/session/snapshot_file.h"

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace lares {

/// Snapshots on a disk, so that a conversation that is opened again after a restart is not read
/// again. One file for each line of snapshots (SnapshotFile); a new line of an owner takes the
/// place of the old one. A thread of its own writes. What lies here can always be computed again:
/// nothing waits for the disk to have it, a file that is damaged or of another version is removed,
/// and a full disk ends the keeping and nothing else. (design: state.md)
/// Everything but `bytes` and `notice` is called by one thread, that of the engine; those two by
/// any.
class SnapshotFolder {
public:
    struct Options {
        std::filesystem::path folder;  ///< made, and closed to other users, where it is not there
        /// Files beyond it go, the one that was not used for the longest time first.
        std::uint64_t budget_bytes = std::uint64_t{8} << 30;
        /// What a file leaves free on the disk; else it is not written.
        std::uint64_t spare_bytes = std::uint64_t{1} << 30;
    };

    /// Looks at what is there: headers alone. Errors: Io.
    [[nodiscard]] static Result<std::unique_ptr<SnapshotFolder>> open(const Options& options);
    /// Writes what was handed over.
    ~SnapshotFolder();
    SnapshotFolder(const SnapshotFolder&) = delete;
    SnapshotFolder& operator=(const SnapshotFolder&) = delete;

    /// Where the longest snapshot with this key is whose tokens begin `tokens`.
    struct Found {
        std::filesystem::path file;
        std::string owner;
        std::size_t snapshot = 0;
        int n_positions = 0;
        std::uint64_t size_bytes = 0;  ///< to read
    };
    [[nodiscard]] std::optional<Found> deepest_prefix(const std::string& key,
                                                      std::span<const TokenId> tokens) const;
    /// It counts as used now. Errors: those of SnapshotFile::read; a damaged file is gone then.
    [[nodiscard]] Result<SnapshotBytes> load(const Found& found);

    /// Hands `line` to the thread that writes. The bytes are let go by a later call here, not by
    /// that thread: a session must not see them become its own in mid-step.
    void save(SnapshotLine line);
    /// Removes all of an owner's, also what is about to be written.
    void remove(const std::string& owner);
    void remove_all();
    /// Waits until everything handed over is written.
    void wait();

    [[nodiscard]] std::uint64_t bytes() const;
    /// One sentence: what failed last. Empty: nothing did.
    [[nodiscard]] std::string notice() const;

private:
    struct Job {
        SnapshotLine line;
        bool is_done = false;
        bool is_cancelled = false;
    };
    struct Kept {
        SnapshotFile file;
        std::filesystem::file_time_type used;
    };
    explicit SnapshotFolder(Options options) : m_options(std::move(options)) {}
    void find_files();
    void write_jobs(const std::stop_token& quit);
    void write(const SnapshotLine& line);
    void forget(const std::filesystem::path& path);
    void make_room(std::uint64_t needed, const std::filesystem::path& replaced);
    void note(const Error& error);

    Options m_options;
    mutable std::mutex m_mutex;  // of everything below
    std::condition_variable_any m_changed;
    std::list<Job> m_jobs;  // a list: the thread that writes looks at one while others come
    std::vector<Kept> m_kept;
    std::string m_notice;
    std::jthread m_writer;  // last: it ends before the rest goes
};

}  // namespace lares
