#include "engine/backend/cpu/attention.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lares::cpu {
namespace {

int ceil_div(int a, int b) {
    return (a + b - 1) / b;
}

/// Sizes of one thread's scratch, for construction and for planning.
struct ScratchSizes {
    explicit ScratchSizes(const HParams& hp)
        : rows(static_cast<std::size_t>(hp.n_kv_head ? hp.n_head / hp.n_kv_head : 0) *
               Attention::kTileTokens)
        , q(rows * static_cast<std::size_t>(hp.head_dim))
        , out(rows * static_cast<std::size_t>(kv_value_width(hp.head_dim)))
        , floats(q + rows * (kKvBlock + 2) + out)
        , expanded(rows ? kv_block_bytes(KvType::F32, hp.head_dim) : 0) {}

    std::size_t rows, q, out, floats, expanded;
};

std::size_t parts_floats(const HParams& hp) {
    return static_cast<std::size_t>(Attention::kFewTokens) *
           static_cast<std::size_t>(Attention::kMaxSplits) * static_cast<std::size_t>(hp.n_head) *
           static_cast<std::size_t>(kv_value_width(hp.head_dim) + 2);
}

}  // namespace

Attention::Attention(const Kernels& kernels, ThreadPool& pool, const HParams& hparams)
    : m_kernels(kernels)
    , m_pool(pool)
    , m_n_head(hparams.n_head)
    , m_n_kv_head(hparams.n_kv_head)
    , m_n_shared(hparams.n_kv_head ? hparams.n_head / hparams.n_kv_head : 0)
    , m_head_dim(hparams.head_dim)
    , m_width(kv_value_width(hparams.head_dim))
    , m_parts(parts_floats(hparams)) {
    const ScratchSizes sizes(hparams);
    for (int i = 0; i < pool.n_threads(); ++i) {
        Scratch s;
        s.floats = TensorBuffer<float>(sizes.floats);
        s.n_visible = TensorBuffer<int>(sizes.rows);
        s.expanded = TensorBuffer<std::byte>(sizes.expanded);
        s.rows.dim = m_head_dim;
        s.rows.n_visible = s.visible = s.n_visible.data();
        s.rows.q = s.q = s.floats.data();
        s.rows.scores = s.q + sizes.q;
        s.rows.out = s.rows.scores + sizes.rows * kKvBlock;
        s.rows.max = s.rows.out + sizes.out;
        s.rows.sum = s.rows.max + sizes.rows;
        m_scratch.push_back(std::move(s));
    }
}

void Attention::store(
    const Step& step, KvCache& kv, const float* k, const float* v, std::int64_t ld) {
    m_pool.parallel_for(
        std::int64_t{step.n} * m_n_kv_head, 64, [&](std::int64_t begin, std::int64_t end, int) {
            for (std::int64_t i = begin; i < end; ++i) {
                const int token = static_cast<int>(i / m_n_kv_head);
                const int head = static_cast<int>(i % m_n_kv_head);
                const int position = step.position + token;
                const std::int64_t at = token * ld + std::int64_t{head} * m_head_dim;
                m_kernels.attention.store(k + at, v + at, m_head_dim,
                                          kv.block(step.layer, head, position / kKvBlock),
                                          position % kKvBlock);
            }
        });
}

void Attention::run(
    const Step& step, const KvCache& kv, const float* q, std::int64_t ld, float* out) {
    if (step.n == 1)
        run_few(step, kv, q, ld, out);
    else
        run_tiles(step, kv, q, ld, out);
}

Attention::Splits Attention::splits_of(int n_positions) {
    const int count = std::clamp(ceil_div(n_positions, kSplitPositions), 1, kMaxSplits);
    const int length = ceil_div(ceil_div(n_positions, count), kKvBlock) * kKvBlock;
    return {ceil_div(n_positions, length), length};
}

/// Tokens whose contexts are cut at the same places go together.
void Attention::run_few(
    const Step& step, const KvCache& kv, const float* q, std::int64_t ld, float* out) {
    for (int first = 0; first < step.n;) {
        const Splits splits = splits_of(step.position + first + 1);
        int end = first + 1;
        while (end < step.n && splits_of(step.position + end + 1) == splits) ++end;
        run_tokens(step, first, end - first, splits, kv, q, ld, out);
        first = end;
    }
}

void Attention::run_tiles(
    const Step& step, const KvCache& kv, const float* q, std::int64_t ld, float* out) {
    const int n_tiles = ceil_div(step.n, kTileTokens);
    m_pool.parallel_for(std::int64_t{n_tiles} * m_n_kv_head, 1,
                        [&](std::int64_t begin, std::int64_t end, int thread) {
                            Scratch& scratch = m_scratch[static_cast<std::size_t>(thread)];
                            for (std::int64_t i = begin; i < end; ++i) {
                                const int token = static_cast<int>(i / m_n_kv_head) * kTileTokens;
                                const int n = std::min(kTileTokens, step.n - token);
                                const Piece piece{static_cast<int>(i % m_n_kv_head), token, n, 0,
                                                  step.position + token + n,         n > 1};
                                attend(step, kv, q, ld, piece, scratch);
                                write_tile(piece, scratch, out);
                            }
                        });
}

void Attention::run_tokens(const Step& step,
                           int first,
                           int n_tokens,
                           const Splits& splits,
                           const KvCache& kv,
                           const float* q,
                           std::int64_t ld,
                           float* out) {
    const int n_positions = step.position + first + n_tokens;
    const std::int64_t n_pieces = std::int64_t{splits.count} * m_n_kv_head;
    m_pool.parallel_for(n_pieces, 1, [&](std::int64_t begin, std::int64_t end, int thread) {
        Scratch& scratch = m_scratch[static_cast<std::size_t>(thread)];
        for (std::int64_t i = begin; i < end; ++i) {
            const int split = static_cast<int>(i / m_n_kv_head);
            const int head = static_cast<int>(i % m_n_kv_head);
            const int from = split * splits.length;
            Piece piece{head, first, n_tokens, from, std::min(from + splits.length, n_positions),
                        false};
            if (i + 1 < n_pieces) {
                const auto next_split = static_cast<int>((i + 1) / m_n_kv_head);
                piece.after = kv.block(step.layer, static_cast<int>((i + 1) % m_n_kv_head),
                                       next_split * splits.length / kKvBlock)
                                  .keys;
            }
            attend(step, kv, q, ld, piece, scratch);
            if (splits.count == 1)
                write_tile(piece, scratch, out);
            else
                keep_parts(split, piece, scratch);
        }
    });
    if (splits.count == 1) return;
    m_pool.parallel_for(std::int64_t{n_tokens} * m_n_kv_head, n_tokens,
                        [&](std::int64_t begin, std::int64_t end, int) {
                            for (std::int64_t i = begin; i < end; ++i)
                                merge(first + static_cast<int>(i % n_tokens),
                                      static_cast<int>(i / n_tokens), splits.count, out);
                        });
}

void Attention::attend(const Step& step,
                       const KvCache& kv,
                       const float* q,
                       std::int64_t ld,
                       const Piece& piece,
                       Scratch& scratch) const {
    AttentionRows& rows = scratch.rows;
    rows.n_rows = piece.n_tokens * m_n_shared;
    const float factor = 1.0F / std::sqrt(static_cast<float>(m_head_dim));
    const std::int64_t group = std::int64_t{m_n_shared} * m_head_dim;
    for (int t = 0; t < piece.n_tokens; ++t) {
        const float* from = q + (piece.token + t) * ld + piece.kv_head * group;
        for (std::int64_t i = 0; i < group; ++i) scratch.q[t * group + i] = factor * from[i];
    }
    std::fill_n(rows.max, rows.n_rows, -std::numeric_limits<float>::infinity());
    std::fill_n(rows.sum, rows.n_rows, 0.0F);
    std::fill_n(rows.out, rows.n_rows * m_width, 0.0F);

    // OPTIMIZATION: a block is converted once for a whole tile. A single token's rows fit one group
    // of the kernel, which reads each element once anyway and converts it in registers; a few
    // tokens do what each would do alone.
    const bool is_expanded = piece.is_tile && kv.type() != KvType::F32;
    const KvBlock expanded = kv_block_at(scratch.expanded.data(), KvType::F32, m_head_dim);
    for (int first = piece.begin; first < piece.end; first += kKvBlock) {
        if (m_pool.is_stopped()) return;
        for (int r = 0; r < rows.n_rows; ++r) {
            const int seen = step.position + piece.token + r / m_n_shared + 1 - first;
            scratch.visible[r] = std::clamp(seen, 0, std::min(kKvBlock, piece.end - first));
        }
        const KvBlock block = kv.block(step.layer, piece.kv_head, first / kKvBlock);
        const int next = first + kKvBlock;
        rows.ahead = is_expanded        ? nullptr
                     : next < piece.end ? kv.block(step.layer, piece.kv_head, next / kKvBlock).keys
                                        : piece.after;
        if (is_expanded) m_kernels.attention.expand(block, m_head_dim, expanded);
        m_kernels.attention.attend(rows, is_expanded ? expanded : block);
    }
}

void Attention::write_tile(const Piece& piece, const Scratch& scratch, float* out) const {
    const AttentionRows& rows = scratch.rows;
    for (int r = 0; r < rows.n_rows; ++r) {
        const float factor = 1.0F / rows.sum[r];
        const int token = piece.token + r / m_n_shared;
        const int head = piece.kv_head * m_n_shared + r % m_n_shared;
        float* to = out + (std::int64_t{token} * m_n_head + head) * m_head_dim;
        const float* from = rows.out + r * m_width;
        for (int d = 0; d < m_head_dim; ++d) to[d] = from[d] * factor;
    }
}

void Attention::keep_parts(int split, const Piece& piece, const Scratch& scratch) {
    const AttentionRows& rows = scratch.rows;
    for (int r = 0; r < rows.n_rows; ++r) {
        const int token = piece.token + r / m_n_shared;
        const int head = piece.kv_head * m_n_shared + r % m_n_shared;
        float* part = m_parts.data() + part_offset(token, split, head);
        part[0] = rows.sum[r];
        part[1] = rows.max[r];
        std::copy_n(rows.out + r * m_width, m_width, part + 2);
    }
}

/// Adds up the parts of a token's context, each brought to the largest score of all of them.
void Attention::merge(int token, int kv_head, int n_splits, float* out) const {
    for (int r = 0; r < m_n_shared; ++r) {
        const int head = kv_head * m_n_shared + r;
        float* to = out + (std::int64_t{token} * m_n_head + head) * m_head_dim;
        float largest = -std::numeric_limits<float>::infinity();
        for (int s = 0; s < n_splits; ++s)
            largest = std::max(largest, m_parts[part_offset(token, s, head) + 1]);
        float sum = 0.0F;
        for (int s = 0; s < n_splits; ++s) {
            const float* part = m_parts.data() + part_offset(token, s, head);
            sum += part[0] * std::exp(part[1] - largest);
        }
        std::fill_n(to, m_head_dim, 0.0F);
        for (int s = 0; s < n_splits; ++s) {
            const float* part = m_parts.data() + part_offset(token, s, head);
            const float weight = std::exp(part[1] - largest) / sum;
            for (int d = 0; d < m_head_dim; ++d) to[d] += weight * part[2 + d];
        }
    }
}

std::size_t Attention::memory_bytes() const {
    std::size_t total = m_parts.size_bytes();
    for (const Scratch& s : m_scratch)
        total += s.floats.size_bytes() + s.n_visible.size_bytes() + s.expanded.size_bytes();
    return total;
}

std::size_t Attention::memory_bytes(const HParams& hparams, int n_threads) {
    const ScratchSizes sizes(hparams);
    return parts_floats(hparams) * sizeof(float) +
           static_cast<std::size_t>(n_threads) *
               (sizes.floats * sizeof(float) + sizes.rows * sizeof(int) + sizes.expanded);
}

}  // namespace lares::cpu
