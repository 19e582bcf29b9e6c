#include "engine/session/snapshot_tiers.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace lares {
namespace {

/// Of a conversation's snapshots, so many at its end go to the disk: after its last answer, to go
/// on from, and before it, to write another one.
constexpr std::size_t kOnDisk = 2;
/// A file that saves fewer tokens is not worth finding out.
constexpr int kFewTokens = 32;

}  // namespace

const std::string& SnapshotTiers::key_of(const Session& session) {
    if (m_key.empty() || m_key_device != session.device()) {
        m_key = session.snapshot_key();
        m_key_device = session.device();
    }
    return m_key;
}

void SnapshotTiers::remember(const Session& session,
                             const std::string& owner,
                             SnapshotCache::Disk disk) {
    if (m_cache.contains(session.tokens())) return;
    if (auto snapshot = session.snapshot()) m_cache.insert(std::move(*snapshot), owner, disk);
}

bool SnapshotTiers::is_worth_reading(const SnapshotFolder::Found& found, int known) const {
    const int saved = found.n_positions - known;
    if (saved < kFewTokens) return false;
    if (m_tokens_per_second <= 0.0) return true;
    return static_cast<double>(found.size_bytes) / m_bytes_per_second < saved / m_tokens_per_second;
}

/// Whether the session has gone there.
bool SnapshotTiers::load(Session& session, const SnapshotFolder::Found& found) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    const Result<SnapshotBytes> bytes = m_folder->load(found);
    if (!bytes) return false;
    auto snapshot = session.snapshot_of(*bytes);
    if (!snapshot && snapshot.error().code == ErrorCode::OutOfMemory && m_cache.size() > 0) {
        m_cache.clear();
        session.clear();
        snapshot = session.snapshot_of(*bytes);
    }
    if (!snapshot || !session.restore(*snapshot)) return false;
    m_cache.insert(std::move(*snapshot), found.owner, SnapshotCache::Disk::Settled);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    m_bytes_per_second = static_cast<double>(found.size_bytes) / std::max(seconds, 1e-6);
    return true;
}

Result<int> SnapshotTiers::restore_deepest(Session& session, std::span<const TokenId> prompt) {
    const bool is_live = begins_with(prompt, session.tokens()) &&
                         (session.tokens().size() < prompt.size() || session.has_logits());
    const int live = is_live ? session.position() : 0;
    const SessionSnapshot* snapshot = m_cache.deepest_prefix_or_null(prompt);
    const int in_memory = snapshot ? snapshot->position() : 0;
    if (m_folder && m_uses_disk) {
        const auto found = m_folder->deepest_prefix(key_of(session), prompt);
        if (found && is_worth_reading(*found, std::max(live, in_memory))) {
            if (load(session, *found)) return session.position();
            snapshot = m_cache.deepest_prefix_or_null(prompt);  // making room may have dropped it
        }
    }
    if (snapshot && (snapshot->position() > live || session.position() != live)) {
        const auto restored = session.restore(*snapshot);
        if (restored) return session.position();
        if (restored.error().code != ErrorCode::DeviceFailed) return restored.error();
        // Reading the prompt will fail likewise, and then go on with the CPU.
        session.clear();
        return 0;
    }
    if (!is_live || session.position() != live) {
        session.clear();
        return 0;
    }
    return live;
}

void SnapshotTiers::keep(const Session& session) {
    if (!m_folder || !m_uses_disk) return;
    for (SnapshotCache::Line& line : m_cache.take_lines_for_disk(kOnDisk)) {
        SnapshotLine out{key_of(session), std::move(line.owner), {}};
        for (const SessionSnapshot& snapshot : line.snapshots)
            if (auto bytes = session.bytes_of(snapshot)) out.snapshots.push_back(std::move(*bytes));
        if (!out.snapshots.empty()) m_folder->save(std::move(out));
    }
}

void SnapshotTiers::forget(const std::string& owner) {
    m_cache.erase(owner);
    if (m_folder) m_folder->remove(owner);
}

void SnapshotTiers::forget_all() {
    m_cache.clear();
    if (m_folder) m_folder->remove_all();
}

}  // namespace lares
