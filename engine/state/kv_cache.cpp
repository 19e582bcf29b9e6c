#include "engine/state/kv_cache.h"

#include <algorithm>

namespace lares {
namespace {

std::size_t bytes_of_block(const HParams& hparams, KvType type) {
    return static_cast<std::size_t>(hparams.n_layer(LayerKind::Attention)) *
           static_cast<std::size_t>(hparams.n_kv_head) * kv_block_bytes(type, hparams.head_dim);
}

}  // namespace

KvCache::KvCache(const HParams& hparams, KvType type)
    : m_type(type)
    , m_head_dim(hparams.head_dim)
    , m_n_kv_head(static_cast<std::size_t>(hparams.n_kv_head))
    , m_head_bytes(kv_block_bytes(type, hparams.head_dim))
    , m_block_bytes(bytes_of_block(hparams, type)) {}

void KvCache::reserve(int first_new, int n) {
    const std::size_t n_blocks = kv_blocks_of(n);
    // Grow the list by doubling: reserving exactly would move it for each block.
    if (m_blocks.capacity() < n_blocks) m_blocks.reserve(std::max<std::size_t>(16, 2 * n_blocks));
    const auto first = static_cast<std::size_t>(first_new / kBlock);
    if (first < m_blocks.size() && first < n_blocks && m_blocks[first].use_count() > 1) {
        auto own = std::make_shared<TensorBuffer<std::byte>>(m_block_bytes);
        std::copy_n(m_blocks[first]->data(), m_block_bytes, own->data());
        m_blocks[first] = std::move(own);
    }
    while (m_blocks.size() < n_blocks)
        m_blocks.push_back(std::make_shared<TensorBuffer<std::byte>>(m_block_bytes));
}

KvCache::Prefix KvCache::prefix(int n_positions) const {
    Prefix prefix;
    prefix.n_positions = n_positions;
    prefix.blocks.assign(m_blocks.begin(),
                         m_blocks.begin() + static_cast<std::ptrdiff_t>(kv_blocks_of(n_positions)));
    return prefix;
}

void KvCache::restore(const Prefix& prefix) {
    std::vector<std::shared_ptr<TensorBuffer<std::byte>>> blocks;
    blocks.reserve(prefix.blocks.size());
    // A snapshot's blocks are const to everybody else; `reserve` copies a shared one before it is
    // written.
    for (const auto& block : prefix.blocks)
        blocks.push_back(std::const_pointer_cast<TensorBuffer<std::byte>>(block));
    m_blocks = std::move(blocks);
}

std::size_t KvCache::memory_bytes(const HParams& hparams, KvType type, int n) {
    return kv_blocks_of(n) * bytes_of_block(hparams, type);
}

}  // namespace lares
