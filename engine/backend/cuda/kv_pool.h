#pragma once

#include "engine/backend/cuda/device_memory.h"
#include "engine/model/hparams.h"
#include "kernels/attention_decode.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace lares::cuda {

/// Blocks that a session of `n_ctx` tokens gets: a full context, and for the branches of a
/// conversation, which snapshots hold, as much again up to 4,096 positions. Snapshots go where that
/// is not enough.
[[nodiscard]] constexpr int kv_block_count(int n_ctx) {
    const int n = static_cast<int>(kernels::ceil_div(n_ctx, kernels::kKvBlock));
    return n + (n < 64 ? n : 64);
}

/// All keys and values on a device, in blocks of kKvBlock positions that are made at the start and
/// handed out: to sessions, and to the snapshots that share them. Thread safe.
class KvPool : public std::enable_shared_from_this<KvPool> {
public:
    /// One block of every attention layer; gives itself back.
    class Block {
    public:
        Block(std::shared_ptr<KvPool> pool, std::int32_t index)
            : m_pool(std::move(pool)), m_index(index) {}
        ~Block() { m_pool->give_back(m_index); }
        Block(const Block&) = delete;
        Block& operator=(const Block&) = delete;
        [[nodiscard]] std::int32_t index() const { return m_index; }

    private:
        std::shared_ptr<KvPool> m_pool;
        std::int32_t m_index;
    };

    /// Errors: OutOfMemory, DeviceFailed.
    [[nodiscard]] static Result<std::shared_ptr<KvPool>> make(std::shared_ptr<Device> device,
                                                              const HParams& hparams,
                                                              kernels::KvType type,
                                                              int n_block);

    /// nullptr where all are in use. Throws std::bad_alloc.
    [[nodiscard]] std::shared_ptr<const Block> take_or_null();
    /// Enqueues a copy of all layers' keys and values.
    void copy(const Block& to, const Block& from);
    /// A block's bytes: keys, then values, layer by layer. `out` and `bytes` are of block_bytes().
    /// Enqueues; errors: DeviceFailed.
    [[nodiscard]] Result<void> download(std::span<std::byte> out, const Block& from) const;
    void upload(const Block& to, std::span<const std::byte> bytes);

    /// [block][n_kv_head][kKvBlock][head_dim] of one attention layer.
    [[nodiscard]] std::byte* keys(int attention_layer) const;
    [[nodiscard]] std::byte* values(int attention_layer) const;
    [[nodiscard]] kernels::KvType type() const { return m_type; }
    [[nodiscard]] std::size_t n_block() const { return m_n_block; }
    [[nodiscard]] std::size_t size_bytes() const { return m_memory.bytes(); }
    [[nodiscard]] std::size_t block_bytes() const {
        return static_cast<std::size_t>(m_n_layer) * 2 * m_part_bytes;
    }
    [[nodiscard]] static std::size_t block_bytes(const HParams& hparams, kernels::KvType type);

private:
    KvPool() = default;
    void give_back(std::int32_t index);

    std::shared_ptr<Device> m_device;
    kernels::KvType m_type = kernels::KvType::F16;
    std::size_t m_n_block = 0;
    std::size_t m_part_bytes = 0;  // of the keys, or the values, of one layer in one block
    int m_n_layer = 0;             // attention layers
    DeviceMemory m_memory;         // [layer][keys, values][block]
    std::mutex m_mutex;
    std::vector<std::int32_t> m_free;
};

/// The blocks of one sequence, in order, and the table that kernels read. A block that a snapshot
/// shares is copied before somebody writes to it. Thread: that of the session.
class KvTable {
public:
    /// A prefix's blocks, kept for a snapshot.
    struct Prefix {
        int n_positions = 0;
        std::vector<std::shared_ptr<const KvPool::Block>> blocks;
    };

    /// Errors: OutOfMemory, DeviceFailed.
    [[nodiscard]] static Result<KvTable> make(const std::shared_ptr<Device>& device,
                                              std::shared_ptr<KvPool> pool,
                                              int n_ctx);

    /// Makes positions [first_new, n) writable. Errors: OutOfMemory: then nothing changed. Throws
    /// std::bad_alloc, likewise.
    [[nodiscard]] Result<void> reserve(int first_new, int n);
    /// Gives back the blocks that only positions from `n` on need.
    void truncate(int n);
    [[nodiscard]] Prefix prefix(int n_positions) const;
    void restore(const Prefix& prefix);
    /// Blocks of the pool with these bytes (KvPool::upload), which the sequence does not use yet.
    /// Errors: OutOfMemory. Throws std::bad_alloc.
    [[nodiscard]] Result<Prefix> upload(int n_positions,
                                        std::span<const std::span<const std::byte>> blocks);
    void clear();

    [[nodiscard]] const std::int32_t* device_table() const {
        return m_device_table.as<const std::int32_t>();
    }
    [[nodiscard]] const KvPool& pool() const { return *m_pool; }
    /// Of the table and the whole pool.
    [[nodiscard]] std::size_t size_bytes() const {
        return m_pool->size_bytes() + m_device_table.bytes();
    }

private:
    void upload_table(std::size_t first);

    std::shared_ptr<Device> m_device;
    std::shared_ptr<KvPool> m_pool;
    std::vector<std::shared_ptr<const KvPool::Block>> m_blocks;
    DeviceMemory m_device_table;  // int32 [blocks of a full context]
};

}  // namespace lares::cuda
