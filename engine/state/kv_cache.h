#pragma once

#include "engine/model/hparams.h"
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
    static constexpr int kBlock = 64;

    /// Blocks that hold the keys and values of a prefix. Cheap to copy.
    struct Prefix {
        int n_positions = 0;
        std::vector<std::shared_ptr<const TensorBuffer<float>>> blocks;
    };

    explicit KvCache(const HParams& hparams);

    /// Makes positions [0, n) writable from `first_new` on. Throws std::bad_alloc; then nothing
    /// changed.
    void reserve(int first_new, int n);

    /// Keys or values of one head in one block: [kBlock, head_dim] floats.
    [[nodiscard]] float* keys(int attention_layer, int kv_head, int block) {
        return at(attention_layer, 0, kv_head, block);
    }
    [[nodiscard]] float* values(int attention_layer, int kv_head, int block) {
        return at(attention_layer, 1, kv_head, block);
    }

    [[nodiscard]] Prefix prefix(int n_positions) const;
    /// Goes on from `prefix`; throws std::bad_alloc, then nothing changed.
    void restore(const Prefix& prefix);
    void clear() { m_blocks.clear(); }

    [[nodiscard]] std::size_t block_bytes() const { return m_block_floats * sizeof(float); }
    [[nodiscard]] std::size_t memory_bytes() const { return m_blocks.size() * block_bytes(); }

private:
    [[nodiscard]] float* at(int attention_layer, int kind, int kv_head, int block) {
        const std::size_t index =
            (static_cast<std::size_t>(attention_layer) * 2 + static_cast<std::size_t>(kind)) *
                m_n_kv_head +
            static_cast<std::size_t>(kv_head);
        return m_blocks[static_cast<std::size_t>(block)]->data() + index * m_head_floats;
    }

    std::size_t m_n_kv_head;
    std::size_t m_head_floats;   // of one head's keys in one block
    std::size_t m_block_floats;  // of a whole block
    std::vector<std::shared_ptr<TensorBuffer<float>>> m_blocks;
};

}  // namespace lares
