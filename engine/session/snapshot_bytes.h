#pragma once

#include "engine/backend/state_bytes.h"
#include "engine/tokenizer/bpe_tokenizer.h"

#include <string>
#include <vector>

namespace lares {

/// What a SessionSnapshot holds, in host memory, for keeping on a disk. (design: state.md)
struct SnapshotBytes {
    std::vector<TokenId> tokens;  ///< state.n_positions of them
    std::vector<float> logits;    ///< [n_vocab] after the last token; empty: none were computed
    StateBytes state;
};

/// Snapshots of one conversation, each of whose tokens begin those of the next.
struct SnapshotLine {
    std::string key;    ///< Session::snapshot_key: who can use them
    std::string owner;  ///< whose they are; empty: of no conversation alone
    std::vector<SnapshotBytes> snapshots;
};

}  // namespace lares
