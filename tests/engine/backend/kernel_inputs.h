#pragma once

#include "engine/backend/cpu/kernels.h"
#include "engine/tensor/dequantize.h"

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

namespace lares::test {

inline std::vector<float> random_floats(std::size_t n, unsigned seed, float scale = 1.0F) {
    std::mt19937 generator(seed);
    std::normal_distribution<float> normal(0.0F, scale);
    std::vector<float> values(n);
    for (float& v : values) v = normal(generator);
    return values;
}

/// Gives blocks sane scales: any bytes are valid, but a NaN scale would hide the rest.
inline void set_scales(DType dtype, std::vector<std::byte>& bytes) {
    const auto block = static_cast<std::size_t>(traits(dtype).block_bytes);
    const std::uint16_t scale = float_to_half(0.01F);
    for (std::size_t at = 0; at < bytes.size(); at += block) {
        const std::size_t offset = dtype == DType::Q2_K   ? 80
                                   : dtype == DType::Q3_K ? 108
                                   : dtype == DType::Q6_K ? 208
                                                          : 0;
        std::memcpy(bytes.data() + at + offset, &scale, 2);
        const bool has_min = dtype == DType::Q4_1 || dtype == DType::Q5_1 || dtype == DType::Q2_K ||
                             dtype == DType::Q4_K || dtype == DType::Q5_K;
        if (has_min) std::memcpy(bytes.data() + at + offset + 2, &scale, 2);
    }
}

inline std::vector<std::byte> random_rows(DType dtype,
                                          int n_rows,
                                          std::int64_t cols,
                                          unsigned seed) {
    std::mt19937 generator(seed);
    std::vector<std::byte> bytes(static_cast<std::size_t>(n_rows) * row_bytes(dtype, cols));
    for (std::byte& b : bytes) b = static_cast<std::byte>(generator());
    set_scales(dtype, bytes);
    return bytes;
}

/// Quantised activations with room for `n` rows.
struct Activations {
    Activations(const cpu::Kernels& kernels, const std::vector<float>& x, int n, std::int64_t cols)
        : ld(cpu::padded(cols))
        , q(static_cast<std::size_t>(n * ld))
        , scale(static_cast<std::size_t>(n * ld / 32))
        , sum32(scale.size())
        , sum16(2 * scale.size())
        , rows{q.data(), scale.data(), sum32.data(), sum16.data(), ld} {
        kernels.quantize_rows(x.data(), cols, n, cols, rows);
    }
    [[nodiscard]] double value(int row, std::int64_t col) const {
        return static_cast<double>(q[static_cast<std::size_t>(row * ld + col)]) *
               scale[static_cast<std::size_t>(row * (ld / 32) + col / 32)];
    }

    /// Is `got` the product of these weights and a row, but for the rounding of f32 sums?
    [[nodiscard]] bool is_product(int row, const std::vector<float>& w, double got) const {
        double want = 0.0;
        double size = 0.0;
        for (std::size_t c = 0; c < w.size(); ++c) {
            const double term = w[c] * value(row, static_cast<std::int64_t>(c));
            want += term;
            size += std::abs(term);
        }
        return std::abs(got - want) <= 4e-6 * size + 1e-7;
    }

    std::int64_t ld;
    std::vector<std::int8_t> q;
    std::vector<float> scale, sum32, sum16;
    cpu::QuantizedRows rows;
};

}  // namespace lares::test
