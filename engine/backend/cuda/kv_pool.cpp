#include "engine/backend/cuda/kv_pool.h"

#include <algorithm>
#include <string>
#include <utility>

namespace lares::cuda {
namespace {

std::size_t part_bytes(const HParams& hparams, kernels::KvType type) {
    return static_cast<std::size_t>(hparams.d_kv()) * kernels::kKvBlock *
           (type == kernels::KvType::FP8 ? 1 : 2);
}

Error pool_is_full() {
    return {ErrorCode::OutOfMemory,
            "the card's memory for keys and values is full; close other conversations or choose a "
            "shorter context"};
}

}  // namespace

std::size_t KvPool::block_bytes(const HParams& hparams, kernels::KvType type) {
    return part_bytes(hparams, type) * 2 *
           static_cast<std::size_t>(hparams.n_layer(LayerKind::Attention));
}

Result<std::shared_ptr<KvPool>> KvPool::make(std::shared_ptr<Device> device,
                                             const HParams& hparams,
                                             kernels::KvType type,
                                             int n_block) {
    std::shared_ptr<KvPool> pool(new KvPool);
    pool->m_type = type;
    pool->m_n_block = static_cast<std::size_t>(n_block);
    pool->m_part_bytes = part_bytes(hparams, type);
    pool->m_n_layer = hparams.n_layer(LayerKind::Attention);
    ASSIGN_OR_RETURN(pool->m_memory,
                     DeviceMemory::make(device, pool->m_n_block * block_bytes(hparams, type)));
    pool->m_device = std::move(device);
    pool->m_free.reserve(pool->m_n_block);
    // Positions that nobody wrote are masked, and a masked NaN is still a NaN in a product.
    pool->m_device->zero(pool->m_memory.data(), pool->m_memory.bytes());
    for (int i = n_block - 1; i >= 0; --i) pool->m_free.push_back(i);
    return pool;
}

std::shared_ptr<const KvPool::Block> KvPool::take_or_null() {
    std::int32_t index = -1;
    {
        const std::scoped_lock lock(m_mutex);
        if (m_free.empty()) return nullptr;
        index = m_free.back();
        m_free.pop_back();
    }
    try {
        return std::make_shared<const Block>(shared_from_this(), index);
    } catch (...) {
        give_back(index);
        throw;
    }
}

void KvPool::give_back(std::int32_t index) {
    const std::scoped_lock lock(m_mutex);
    m_free.push_back(index);  // never allocates: the capacity is that of all blocks
}

std::byte* KvPool::keys(int attention_layer) const {
    return m_memory.data() +
           static_cast<std::size_t>(attention_layer) * 2 * m_n_block * m_part_bytes;
}
std::byte* KvPool::values(int attention_layer) const {
    return keys(attention_layer) + m_n_block * m_part_bytes;
}

void KvPool::copy(const Block& to, const Block& from) {
    for (int layer = 0; layer < m_n_layer; ++layer) {
        for (std::byte* part : {keys(layer), values(layer)})
            m_device->copy(part + static_cast<std::size_t>(to.index()) * m_part_bytes,
                           part + static_cast<std::size_t>(from.index()) * m_part_bytes,
                           m_part_bytes);
    }
}

Result<void> KvPool::download(std::span<std::byte> out, const Block& from) const {
    std::byte* to = out.data();
    for (int layer = 0; layer < m_n_layer; ++layer) {
        for (const std::byte* part : {keys(layer), values(layer)}) {
            RETURN_IF_ERROR(m_device->download(
                to, part + static_cast<std::size_t>(from.index()) * m_part_bytes, m_part_bytes));
            to += m_part_bytes;
        }
    }
    return {};
}

void KvPool::upload(const Block& to, std::span<const std::byte> bytes) {
    const std::byte* from = bytes.data();
    for (int layer = 0; layer < m_n_layer; ++layer) {
        for (std::byte* part : {keys(layer), values(layer)}) {
            m_device->upload(part + static_cast<std::size_t>(to.index()) * m_part_bytes, from,
                             m_part_bytes);
            from += m_part_bytes;
        }
    }
}

Result<KvTable> KvTable::make(const std::shared_ptr<Device>& device,
                              std::shared_ptr<KvPool> pool,
                              int n_ctx) {
    const std::size_t n_block = kernels::ceil_div(n_ctx, kernels::kKvBlock);
    KvTable table;
    table.m_device = device;
    table.m_pool = std::move(pool);
    table.m_blocks.reserve(n_block);
    ASSIGN_OR_RETURN(table.m_device_table,
                     DeviceMemory::make(device, n_block * sizeof(std::int32_t)));
    device->zero(table.m_device_table.data(), table.m_device_table.bytes());
    return table;
}

Result<void> KvTable::reserve(int first_new, int n) {
    const auto first = static_cast<std::size_t>(first_new / kernels::kKvBlock);
    const std::size_t needed = kernels::ceil_div(n, kernels::kKvBlock);
    // Everything that can fail comes first.
    std::shared_ptr<const KvPool::Block> own;
    const bool is_shared = first < m_blocks.size() && first_new % kernels::kKvBlock != 0 &&
                           m_blocks[first].use_count() > 1;
    if (is_shared && !(own = m_pool->take_or_null())) return pool_is_full();
    std::vector<std::shared_ptr<const KvPool::Block>> more;
    const std::size_t kept =
        std::min(m_blocks.size(), first_new % kernels::kKvBlock != 0 ? first + 1 : first);
    for (std::size_t i = kept; i < needed; ++i) {
        more.push_back(m_pool->take_or_null());
        if (!more.back()) return pool_is_full();
    }
    if (own) {
        m_pool->copy(*own, *m_blocks[first]);
        m_blocks[first] = std::move(own);
    }
    if (is_shared || !more.empty()) {
        m_blocks.resize(kept);
        for (auto& block : more) m_blocks.push_back(std::move(block));
        upload_table(first);
    }
    return {};
}

void KvTable::upload_table(std::size_t first) {
    std::int32_t indices[256];
    for (std::size_t from = first; from < m_blocks.size(); from += std::size(indices)) {
        const std::size_t n = std::min(std::size(indices), m_blocks.size() - from);
        for (std::size_t i = 0; i < n; ++i) indices[i] = m_blocks[from + i]->index();
        m_device->upload(m_device_table.as<std::int32_t>() + from, indices,
                         n * sizeof(std::int32_t));
    }
}

KvTable::Prefix KvTable::prefix(int n_positions) const {
    const std::size_t n = kernels::ceil_div(n_positions, kernels::kKvBlock);
    return {n_positions, {m_blocks.begin(), m_blocks.begin() + static_cast<std::ptrdiff_t>(n)}};
}

void KvTable::restore(const Prefix& prefix) {
    m_blocks.assign(prefix.blocks.begin(), prefix.blocks.end());
    upload_table(0);
}

Result<KvTable::Prefix> KvTable::upload(int n_positions,
                                        std::span<const std::span<const std::byte>> blocks) {
    Prefix prefix{n_positions, {}};
    for (const auto& bytes : blocks) {
        auto block = m_pool->take_or_null();
        if (!block) return pool_is_full();
        m_pool->upload(*block, bytes);
        prefix.blocks.push_back(std::move(block));
    }
    return prefix;
}

void KvTable::truncate(int n) {
    m_blocks.resize(
        std::min<std::size_t>(m_blocks.size(), kernels::ceil_div(n, kernels::kKvBlock)));
}

void KvTable::clear() {
    m_blocks.clear();
}

}  // namespace lares::cuda
