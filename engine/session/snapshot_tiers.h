#pragma once

#include "engine/session/session.h"
#include "engine/session/snapshot_cache.h"
#include "engine/session/snapshot_folder.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace lares {

/// The snapshots of a session: the ones used last in memory, and on a disk what is kept beyond this
/// run of the program. Snapshots are derived data: whatever fails here costs time and nothing else.
/// One thread at a time, that of the session. (design: state.md)
class SnapshotTiers {
public:
    /// `folder` null: in memory alone.
    SnapshotTiers(std::size_t budget_bytes, std::unique_ptr<SnapshotFolder> folder)
        : m_cache(budget_bytes), m_folder(std::move(folder)) {}

    /// Keeps a snapshot of where the session is. Without memory for it the next turn is slower, no
    /// more. `disk`: whether keep() takes it.
    void remember(const Session& session, const std::string& owner, SnapshotCache::Disk disk);

    /// Brings the session to the longest known beginning of `prompt`; how many tokens that saved.
    /// Errors: those of Session::restore except DeviceFailed, after which the session is empty.
    [[nodiscard]] Result<int> restore_deepest(Session& session, std::span<const TokenId> prompt);

    /// Hands what the disk has not yet to the thread that writes it.
    void keep(const Session& session);

    void forget(const std::string& owner);  ///< in memory and on the disk
    void forget_all();
    /// Off: keep() and restore_deepest leave the disk alone.
    void use_disk(bool is_on) { m_uses_disk = is_on; }
    /// Of the memory alone: there is none left, or the device is lost.
    void drop_memory() { m_cache.clear(); }
    [[nodiscard]] bool is_memory_empty() const { return m_cache.size() == 0; }
    /// Whether a file is worth reading depends on it; 0: not known yet.
    void set_tokens_per_second(double speed) { m_tokens_per_second = speed; }

    [[nodiscard]] const SnapshotFolder* folder_or_null() const { return m_folder.get(); }

private:
    [[nodiscard]] bool is_worth_reading(const SnapshotFolder::Found& found, int known) const;
    bool load(Session& session, const SnapshotFolder::Found& found);
    [[nodiscard]] const std::string& key_of(const Session& session);

    SnapshotCache m_cache;
    std::unique_ptr<SnapshotFolder> m_folder;
    std::string m_key;
    std::string m_key_device;  // the session's device when m_key was made
    bool m_uses_disk = true;
    double m_tokens_per_second = 0.0;
    double m_bytes_per_second = 500e6;  // of the disk; measured when something is read
};

}  // namespace lares
