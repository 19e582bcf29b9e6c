#pragma once

#include "engine/tensor/dtype.h"
#include "engine/tensor/shape.h"

#include <cstddef>

namespace lares {

/// Borrowed tensor: type, shape and the first byte. Whoever owns the bytes (a MappedFile, a
/// TensorBuffer) must outlive it. Rows are contiguous blocks without padding; alignment is that of
/// the file, so 2 bytes at worst: read with memcpy or unaligned loads.
struct TensorView {
    DType dtype = DType::F32;
    Shape shape;
    const std::byte* data = nullptr;
    /// Every value is this times what the bytes say. Of F8_E4M3 the file's `weight_scale`; 1 for
    /// all other types, which carry their scales in their blocks.
    float scale = 1.0F;
    /// Of F8_E4M3: what the checkpoint's static scheme divides this matrix's input by before it
    /// rounds it to FP8; 0 where there is none. A product with f32 activations ignores it.
    float input_scale = 0.0F;

    [[nodiscard]] explicit operator bool() const noexcept { return data != nullptr; }
    [[nodiscard]] std::int64_t rows() const noexcept { return shape.rows(); }
    [[nodiscard]] std::int64_t cols() const noexcept { return shape.cols(); }
    [[nodiscard]] std::size_t row_size_bytes() const { return row_bytes(dtype, cols()); }
    [[nodiscard]] std::size_t size_bytes() const {
        return static_cast<std::size_t>(rows()) * row_size_bytes();
    }
    [[nodiscard]] const std::byte* row(std::int64_t i) const {
        return data + static_cast<std::size_t>(i) * row_size_bytes();
    }
};

}  // namespace lares
