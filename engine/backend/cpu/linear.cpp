#include "engine/backend/cpu/linear.h"

#include "engine/tensor/dequantize.h"

#include <algorithm>

namespace lares::cpu {
namespace {

/// Rows that one thread takes at a time: enough to make taking cheap, few enough to share evenly.
constexpr std::int64_t kGrainTiles = 8;

}  // namespace

Linear::Linear(
    const Kernels& kernels, ThreadPool& pool, bool is_exact, int max_rows, std::int64_t max_cols)
    : m_kernels(kernels), m_pool(pool), m_is_exact(is_exact) {
    const auto cols = static_cast<std::size_t>(padded(max_cols));
    const auto rows = static_cast<std::size_t>(max_rows);
    for (int i = 0; i < pool.n_threads(); ++i) {
        Tile tile;
        tile.q = TensorBuffer<std::uint8_t>(kTileRows * cols);
        tile.scale = TensorBuffer<float>(kTileRows * cols / 16);
        tile.min = TensorBuffer<float>(kTileRows * cols / 16);
        tile.values = TensorBuffer<float>(kTileRows * cols);
        m_tiles.push_back(std::move(tile));
    }
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
    const bool is_plain = traits(w.dtype).block_elements == 1;
    if (m_is_exact || is_plain)
        multiply_f32(w, y, ldy);
    else
        multiply_q8(w, y, ldy);
}

void Linear::quantize_input() {
    if (m_is_quantized) return;
    m_quantized = {m_q.data(), m_scale.data(), m_sum32.data(), m_sum16.data(), padded(m_cols)};
    m_pool.parallel_for(m_n, 8, [this](std::int64_t begin, std::int64_t end, int) {
        QuantizedRows part = m_quantized;
        part.q += begin * part.ld;
        part.scale += begin * (part.ld / 32);
        part.sum32 += begin * (part.ld / 32);
        part.sum16 += begin * (part.ld / 16);
        m_kernels.quantize_rows(m_x + begin * m_cols, m_cols, static_cast<int>(end - begin), m_cols,
                                part);
    });
    m_is_quantized = true;
}

void Linear::multiply_q8(const TensorView& w, float* y, std::int64_t ldy) {
    quantize_input();
    const std::int64_t n_rows = w.rows();
    const std::size_t row_size = w.row_size_bytes();
    const std::int64_t n_tiles = (n_rows + kTileRows - 1) / kTileRows;
    m_pool.parallel_for(
        n_tiles, kGrainTiles, [&](std::int64_t begin, std::int64_t end, int thread) {
            Tile& tile = m_tiles[static_cast<std::size_t>(thread)];
            UnpackedRows unpacked{
                tile.q.data(), tile.scale.data(), tile.min.data(), padded(m_cols), 32, false};
            for (std::int64_t row = begin * kTileRows; row < std::min(end * kTileRows, n_rows);
                 row += kTileRows) {
                const int n = static_cast<int>(std::min<std::int64_t>(kTileRows, n_rows - row));
                m_kernels.unpack_rows(w.dtype, w.row(row), row_size, n, m_cols, unpacked);
                m_kernels.dot_tile_q8(unpacked, n, m_quantized, m_n, y + row, ldy);
            }
        });
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
