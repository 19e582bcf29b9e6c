#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <initializer_list>
#include <string>

namespace lares {

/// Up to four dimensions, outermost first, the last one contiguous: a weight that maps `in` values
/// to `out` values is [out, in]. (GGUF stores the same numbers innermost first; the reader turns
/// them round.) Every dimension is at least 1 and the product fits in 63 bits.
class Shape {
public:
    static constexpr int kMaxDims = 4;

    Shape() = default;
    Shape(std::initializer_list<std::int64_t> dims) {
        assert(dims.size() <= kMaxDims);
        for (std::int64_t d : dims) m_dims[static_cast<std::size_t>(m_n_dims++)] = d;
    }

    [[nodiscard]] int n_dims() const noexcept { return m_n_dims; }
    [[nodiscard]] std::int64_t operator[](int i) const {
        return m_dims[static_cast<std::size_t>(i)];
    }

    /// Length of a contiguous row; 1 for a shape without dimensions.
    [[nodiscard]] std::int64_t cols() const noexcept {
        return m_n_dims ? m_dims[static_cast<std::size_t>(m_n_dims - 1)] : 1;
    }
    /// Number of rows: all dimensions but the last, multiplied.
    [[nodiscard]] std::int64_t rows() const noexcept {
        std::int64_t n = 1;
        for (int i = 0; i + 1 < m_n_dims; ++i) n *= m_dims[static_cast<std::size_t>(i)];
        return n;
    }
    [[nodiscard]] std::int64_t n_elements() const noexcept { return rows() * cols(); }

    void append(std::int64_t dim) {
        assert(m_n_dims < kMaxDims);
        m_dims[static_cast<std::size_t>(m_n_dims++)] = dim;
    }

    friend bool operator==(const Shape&, const Shape&) = default;

private:
    std::array<std::int64_t, kMaxDims> m_dims{};
    int m_n_dims = 0;
};

/// "[17504, 3136]"
[[nodiscard]] std::string to_string(const Shape& shape);

}  // namespace lares
