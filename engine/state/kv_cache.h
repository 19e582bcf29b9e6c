#pragma once

#include "engine/model/hparams.h"
#include "engine/state/kv_layout.h"
#include "engine/tensor/tensor_buffer.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace lares {

/// Keys and values of all attention layers, in blocks of kBlock positions. Blocks are shared
/// between a session and its snapshots, and so between branches of a conversation; a shared block
/// is copied when somebody is about to append to it (copy on write), so a branch costs at most one
/// block. Growing never copies what is there. Thread: that of the session.
class KvCache {
public:
    static constexpr int kBlock = kKvBlock;

    /// Blocks that hold the keys and values of a prefix. Cheap to copy.
    struct Prefix {
        int n_positions = 0;
        std::vector<std::shared_ptr<const TensorBuffer<std::byte>>> blocks;
    };

    KvCache(const HParams& hparams, KvType type);

    /// Makes positions [0, n) writable from `first_new` on. Throws std::bad_alloc; then nothing
    /// that a reader could see changed.
    void reserve(int first_new, int n);

    /// Where one head's keys and values of positions [block * kBlock, (block + 1) * kBlock) lie.
    [[nodiscard]] KvBlock block(int attention_layer, int kv_head, int block) const {
        const std::size_t index = static_cast<std::size_t>(attention_layer) * m_n_kv_head +
                                  static_cast<std::size_t>(kv_head);
        return kv_block_at(m_blocks[static_cast<std::size_t>(block)]->data() + index * m_head_bytes,
                           m_type, m_head_dim);
    }

    [[nodiscard]] Prefix prefix(int n_positions) const;
    /// Goes on from `prefix`, which must be of the same type; throws std::bad_alloc, then nothing
    /// changed.
    void restore(const Prefix& prefix);
    void clear() { m_blocks.clear(); }

    [[nodiscard]] KvType type() const { return m_type; }
    [[nodiscard]] std::size_t block_bytes() const { return m_block_bytes; }
    [[nodiscard]] std::size_t memory_bytes() const { return m_blocks.size() * block_bytes(); }
    /// What memory_bytes() will be with `n` positions.
    [[nodiscard]] static std::size_t memory_bytes(const HParams& hparams, KvType type, int n);

private:
    KvType m_type;
    int m_head_dim;
    std::size_t m_n_kv_head;
    std::size_t m_head_bytes;   // of one head in one block
    std::size_t m_block_bytes;  // of a whole block
    std::vector<std::shared_ptr<TensorBuffer<std::byte>>> m_blocks;
};

}  // namespace lares
