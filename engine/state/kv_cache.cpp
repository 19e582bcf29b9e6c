#include "engine/state/kv_cache.h"

#include <algorithm>

namespace lares {

KvCache::KvCache(const HParams& hparams)
    : m_n_kv_head(static_cast<std::size_t>(hparams.n_kv_head))
    , m_head_floats(static_cast<std::size_t>(kBlock) * static_cast<std::size_t>(hparams.head_dim))
    , m_block_floats(static_cast<std::size_t>(hparams.n_layer(LayerKind::Attention)) * 2 *
                     m_n_kv_head * m_head_floats) {}

void KvCache::reserve(int first_new, int n) {
    const auto n_blocks = static_cast<std::size_t>((n + kBlock - 1) / kBlock);
    m_blocks.reserve(n_blocks);
    const auto first = static_cast<std::size_t>(first_new / kBlock);
    if (first < m_blocks.size() && first < n_blocks && m_blocks[first].use_count() > 1) {
        auto own = std::make_shared<TensorBuffer<float>>(m_block_floats);
        std::copy_n(m_blocks[first]->data(), m_block_floats, own->data());
        m_blocks[first] = std::move(own);
    }
    while (m_blocks.size() < n_blocks)
        m_blocks.push_back(std::make_shared<TensorBuffer<float>>(m_block_floats));
}

KvCache::Prefix KvCache::prefix(int n_positions) const {
    Prefix prefix;
    prefix.n_positions = n_positions;
    const auto n_blocks = static_cast<std::size_t>((n_positions + kBlock - 1) / kBlock);
    prefix.blocks.assign(m_blocks.begin(),
                         m_blocks.begin() + static_cast<std::ptrdiff_t>(n_blocks));
    return prefix;
}

void KvCache::restore(const Prefix& prefix) {
    std::vector<std::shared_ptr<TensorBuffer<float>>> blocks;
    blocks.reserve(prefix.blocks.size());
    // A snapshot's blocks are const to everybody else; `reserve` copies a shared one before it is
    // written.
    for (const auto& block : prefix.blocks)
        blocks.push_back(std::const_pointer_cast<TensorBuffer<float>>(block));
    m_blocks = std::move(blocks);
}

}  // namespace lares
