#include "engine/backend/cpu/linear.h"

#include "engine/tensor/dequantize.h"

#include <algorithm>

namespace lares::cpu {
namespace {

/// Tiles of f32 rows that one thread takes at a time: enough to make taking cheap, few enough to
/// share evenly.
constexpr std::int64_t kGrainTiles = 8;
/// Portions a thread takes of one matrix times a few rows: the last ones end at about the same
/// time.
constexpr std::int64_t kPortionsPerThread = 8;
/// What is unpacked at once, 256 KiB of quants: half of a small second-level cache.
constexpr std::int64_t kBlockGroups = 4;
constexpr std::int64_t kBlockChunks = 128;
constexpr std::int64_t kMaxScalesPerChunk = 2;

}  // namespace

Linear::Linear(const Kernels& kernels,
               ThreadPool& pool,
               std::shared_ptr<const PackedWeights> packed,
               int max_rows,
               std::int64_t max_cols)
    : m_kernels(kernels), m_pool(pool), m_packed(std::move(packed)) {
    const auto cols = static_cast<std::size_t>(padded(max_cols));
    const auto rows = static_cast<std::size_t>(max_rows);
    for (int i = 0; i < pool.n_threads(); ++i) {
        Tile tile;
        tile.values = TensorBuffer<float>(kTileRows * cols);
        if (m_packed && max_rows > 1) {
            constexpr std::size_t kChunks = kBlockGroups * kBlockChunks;
            constexpr std::size_t kScales = kChunks * kMaxScalesPerChunk * kPackRows;
            tile.q = TensorBuffer<std::uint8_t>(kChunks * kChunkColumns * kPackRows);
            tile.scale = TensorBuffer<float>(kScales);
            tile.min = TensorBuffer<float>(kScales);
        }
        m_tiles.push_back(std::move(tile));
    }
    if (!m_packed) return;
    m_q = TensorBuffer<std::int8_t>(rows * cols);
    m_scale = TensorBuffer<float>(rows * cols / 32);
    m_sum32 = TensorBuffer<float>(rows * cols / 32);
    m_sum16 = TensorBuffer<float>(rows * cols / 16);
}

void Linear::set_input(const float* x, int n, std::int64_t cols) {
    m_x = x;
    m_n = n;
    m_cols = cols;
    m_is_quantized = false;
}

void Linear::multiply(const TensorView& w, float* y, std::int64_t ldy) {
    const PackedMatrix* packed = m_packed ? m_packed->find_or_null(w) : nullptr;
    if (packed)
        multiply_packed(*packed, y, ldy);
    else
        multiply_f32(w, y, ldy);
}

void Linear::quantize_input() {
    if (m_is_quantized) return;
    m_quantized = {m_q.data(), m_scale.data(), m_sum32.data(), m_sum16.data(), padded(m_cols)};
    m_pool.parallel_for(m_n, m_n <= kFewRows ? 1 : 8,
                        [this](std::int64_t begin, std::int64_t end, int) {
                            QuantizedRows part = m_quantized;
                            part.q += begin * part.ld;
                            part.scale += begin * (part.ld / 32);
                            part.sum32 += begin * (part.ld / 32);
                            part.sum16 += begin * (part.ld / 16);
                            m_kernels.quantize_rows(m_x + begin * m_cols, m_cols,
                                                    static_cast<int>(end - begin), m_cols, part);
                        });
    m_is_quantized = true;
}

void Linear::multiply_packed(const PackedMatrix& w, float* y, std::int64_t ldy) {
    quantize_input();
    if (m_n <= kFewRows) return multiply_few(w, y, ldy);
    const std::int64_t n_groups = w.n_groups();
    m_pool.parallel_for((n_groups + kBlockGroups - 1) / kBlockGroups, 1,
                        [&](std::int64_t begin, std::int64_t end, int thread) {
                            multiply_groups(w, begin * kBlockGroups,
                                            std::min(end * kBlockGroups, n_groups),
                                            m_tiles[static_cast<std::size_t>(thread)], y, ldy);
                        });
}

void Linear::multiply_few(const PackedMatrix& w, float* y, std::int64_t ldy) {
    const PackedKernels& kernels = *m_kernels.packed(w.dtype);
    const std::int64_t portions = kPortionsPerThread * m_pool.n_threads();
    m_pool.parallel_for(w.n_groups(), (w.n_groups() + portions - 1) / portions,
                        [&](std::int64_t begin, std::int64_t end, int) {
                            kernels.matvec(w, begin, end, m_quantized, m_n, y, ldy);
                        });
}

void Linear::multiply_groups(const PackedMatrix& w,
                             std::int64_t begin,
                             std::int64_t end,
                             Tile& tile,
                             float* y,
                             std::int64_t ldy) {
    constexpr int kTokens = 48;  // quantised, they stay in the caches while the groups pass by
    const PackedKernels& kernels = *m_kernels.packed(w.dtype);
    const std::int64_t n_chunks = w.n_cols / kChunkColumns;
    const auto part_of = [&](std::int64_t group) {
        const std::int64_t at = (group - begin) * kBlockChunks * kPackRows;
        return UnpackedGroup{tile.q.data() + at * kChunkColumns,
                             tile.scale.data() + at * kMaxScalesPerChunk,
                             tile.min.data() + at * kMaxScalesPerChunk};
    };
    for (std::int64_t chunk = 0; chunk < n_chunks; chunk += kBlockChunks) {
        const std::int64_t n = std::min(kBlockChunks, n_chunks - chunk);
        for (std::int64_t group = begin; group < end; ++group)
            kernels.unpack(w, group, chunk, n, part_of(group));
        for (int token = 0; token < m_n; token += kTokens)
            for (std::int64_t group = begin; group < end; ++group) {
                const std::int64_t row = group * kPackRows;
                kernels.dot(part_of(group), chunk, n, m_quantized, token,
                            std::min(kTokens, m_n - token), y + row, ldy,
                            static_cast<int>(std::min<std::int64_t>(kPackRows, w.n_rows - row)),
                            chunk > 0);
            }
    }
}

void Linear::multiply_f32(const TensorView& w, float* y, std::int64_t ldy) {
    const std::int64_t n_rows = w.rows();
    const std::size_t row_size = w.row_size_bytes();
    const bool is_plain =
        traits(w.dtype).block_elements == 1 && w.dtype != DType::F8_E4M3;  // which has a scale
    const std::int64_t n_tiles = (n_rows + kTileRows - 1) / kTileRows;
    m_pool.parallel_for(
        n_tiles, kGrainTiles, [&](std::int64_t begin, std::int64_t end, int thread) {
            float* values = m_tiles[static_cast<std::size_t>(thread)].values.data();
            for (std::int64_t row = begin * kTileRows; row < std::min(end * kTileRows, n_rows);
                 row += kTileRows) {
                const int n = static_cast<int>(std::min<std::int64_t>(kTileRows, n_rows - row));
                for (int r = 0; r < n; ++r) {
                    const std::byte* bytes = w.data + static_cast<std::size_t>(row + r) * row_size;
                    if (is_plain)
                        m_kernels.to_float(w.dtype, bytes, values + r * m_cols, m_cols);
                    else
                        dequantize_row(w, row + r, values + r * m_cols);
                }
                for (int r = n; r < kTileRows; ++r) std::fill_n(values + r * m_cols, m_cols, 0.0F);
                m_kernels.dot_tile_f32(values, m_cols, n, m_x, m_cols, m_n, m_cols, y + row, ldy);
            }
        });
}

std::size_t Linear::memory_bytes() const {
    std::size_t total =
        m_q.size_bytes() + m_scale.size_bytes() + m_sum32.size_bytes() + m_sum16.size_bytes();
    for (const Tile& tile : m_tiles)
        total += tile.q.size_bytes() + tile.scale.size_bytes() + tile.min.size_bytes() +
                 tile.values.size_bytes();
    return total;
}

}  // namespace lares::cpu
