#pragma once

#include "engine/session/snapshot_bytes.h"
#include "engine/state/kv_layout.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Lines of snapshots that no model made, for tests of the files and the folder they lie in.

namespace lares::test {

inline std::span<const std::byte> bytes_of(const std::string& text) {
    return std::as_bytes(std::span(text));
}

/// Memory that a SnapshotBytes owns.
struct MadeState {
    std::string recurrent;
    std::vector<std::string> blocks;
};

/// Snapshots at these positions of tokens first, first + 1, …; blocks before the last one of each
/// are equal, as they are in a conversation that went on.
inline SnapshotLine made_line(std::string key,
                              std::string owner,
                              const std::vector<int>& positions,
                              int first = 100) {
    SnapshotLine line{std::move(key), std::move(owner), {}};
    for (const int n : positions) {
        auto state = std::make_shared<MadeState>();
        state->recurrent = "state after " + std::to_string(first) + "+" + std::to_string(n);
        state->recurrent.resize(64, '.');
        const std::size_t n_blocks = kv_blocks_of(n);
        for (std::size_t i = 0; i < n_blocks; ++i) {
            std::string block = "block " + std::to_string(first) + "/" + std::to_string(i);
            if (i + 1 == n_blocks) block += " until " + std::to_string(n);
            block.resize(128, '.');
            state->blocks.push_back(std::move(block));
        }
        SnapshotBytes snapshot;
        for (int i = 0; i < n; ++i) snapshot.tokens.push_back(first + i);
        snapshot.logits = {static_cast<float>(n), 0.5F, -1.0F};
        snapshot.state = {n, bytes_of(state->recurrent), {}, state};
        for (const std::string& block : state->blocks)
            snapshot.state.kv_blocks.push_back(bytes_of(block));
        line.snapshots.push_back(std::move(snapshot));
    }
    return line;
}

inline bool is_same(const SnapshotBytes& a, const SnapshotBytes& b) {
    return a.tokens == b.tokens && a.logits == b.logits &&
           a.state.n_positions == b.state.n_positions &&
           std::ranges::equal(a.state.recurrent, b.state.recurrent) &&
           std::ranges::equal(a.state.kv_blocks, b.state.kv_blocks,
                              [](auto x, auto y) { return std::ranges::equal(x, y); });
}

}  // namespace lares::test
