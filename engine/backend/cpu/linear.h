#pragma once

#include "engine/backend/cpu/kernels.h"
#include "engine/backend/cpu/packed_weights.h"
#include "engine/base/thread_pool.h"
#include "engine/tensor/tensor_buffer.h"
#include "engine/tensor/tensor_view.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace lares::cpu {

/// Matrix products of the CPU backend, y = x Wᵀ, with work buffers for up to `max_rows` rows of up
/// to `max_cols` values. Quantised matrices are read packed (packed_matrix.h) and multiplied with x
/// in 8 bits: for up to kFewRows rows of x straight from their bits, for more a thread unpacks a
/// few groups once, into its second-level cache, and uses them for all rows. Plain matrices, and
/// with exact products all of them, are read where they lie in the file and multiplied in f32. A
/// row's products are the same to the bit whether it comes alone or is one of up to kFewRows. One
/// thread at a time; nothing allocates after construction.
class Linear {
public:
    static constexpr int kFewRows = 8;

    /// `packed` null: dequantised weights times f32 activations, for any type; else it has every
    /// quantised matrix that is multiplied with.
    Linear(const Kernels& kernels,
           ThreadPool& pool,
           std::shared_ptr<const PackedWeights> packed,
           int max_rows,
           std::int64_t max_cols);

    /// Takes x [n, cols] for the products that follow; x must stay unchanged until then.
    void set_input(const float* x, int n, std::int64_t cols);

    [[nodiscard]] std::span<const float> input() const {
        return {m_x, static_cast<std::size_t>(m_n * m_cols)};
    }

    /// y [n, w.rows()] = input · wᵀ, rows of y `ldy` apart.
    void multiply(const TensorView& w, float* y, std::int64_t ldy);

    [[nodiscard]] std::size_t memory_bytes() const;

private:
    /// One thread's unpacked weights.
    struct Tile {
        TensorBuffer<std::uint8_t> q;
        TensorBuffer<float> scale;
        TensorBuffer<float> min;
        TensorBuffer<float> values;  // dequantised rows for the f32 products
    };

    void multiply_packed(const PackedMatrix& w, float* y, std::int64_t ldy);
    void multiply_few(const PackedMatrix& w, float* y, std::int64_t ldy);
    void multiply_groups(const PackedMatrix& w,
                         std::int64_t begin,
                         std::int64_t end,
                         Tile& tile,
                         float* y,
                         std::int64_t ldy);
    void multiply_f32(const TensorView& w, float* y, std::int64_t ldy);
    void quantize_input();

    const Kernels& m_kernels;
    ThreadPool& m_pool;
    std::shared_ptr<const PackedWeights> m_packed;
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
