#pragma once

#include "engine/backend/cpu/kernels.h"
#include "engine/base/thread_pool.h"
#include "engine/tensor/tensor_buffer.h"
#include "engine/tensor/tensor_view.h"

#include <cstdint>
#include <vector>

namespace lares::cpu {

/// Matrix products of the CPU backend, y = x Wᵀ, with work buffers for up to `max_rows` rows of up
/// to `max_cols` values. Weights stay as they are in the file: each thread unpacks a tile of
/// kTileRows rows once and uses it for all rows of x. One thread at a time; nothing allocates after
/// construction.
class Linear {
public:
    /// `is_exact`: dequantised weights times f32 activations, for any type.
    Linear(const Kernels& kernels,
           ThreadPool& pool,
           bool is_exact,
           int max_rows,
           std::int64_t max_cols);

    /// Takes x [n, cols] for the products that follow; x must stay unchanged until then.
    void set_input(const float* x, int n, std::int64_t cols);

    /// y [n, w.rows()] = input · wᵀ, rows of y `ldy` apart.
    void multiply(const TensorView& w, float* y, std::int64_t ldy);

    [[nodiscard]] std::size_t memory_bytes() const;

private:
    /// One thread's unpacked tile.
    struct Tile {
        TensorBuffer<std::uint8_t> q;
        TensorBuffer<float> scale;
        TensorBuffer<float> min;
        TensorBuffer<float> values;  // dequantised rows for the f32 products
    };

    void multiply_q8(const TensorView& w, float* y, std::int64_t ldy);
    void multiply_f32(const TensorView& w, float* y, std::int64_t ldy);
    void quantize_input();

    const Kernels& m_kernels;
    ThreadPool& m_pool;
    bool m_is_exact;
    std::vector<Tile> m_tiles;  // one a thread

    const float* m_x = nullptr;
    int m_n = 0;
    std::int64_t m_cols = 0;
    bool m_is_quantized = false;  // of the current input
    TensorBuffer<std::int8_t> m_q;
    TensorBuffer<float> m_scale, m_sum32, m_sum16;
    QuantizedRows m_quantized;
};

}  // namespace lares::cpu
