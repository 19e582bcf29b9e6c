#pragma once

#include "engine/tensor/tensor_view.h"

#include <cstddef>
#include <cstdint>

namespace lares {

/// Writes the `n` float32 values that a row of blocks stands for, bit for bit as ggml's reference
/// does (source: ggml-quants.c; layouts in engine/formats/gguf_format.md). Of F8_E4M3 it writes the
/// codes' values, without the tensor's scale. Any bytes are a valid
/// input: a scale may be NaN or infinite, an index can never leave its table.
/// Preconditions: n is a multiple of the type's block_elements; `row` holds row_bytes(dtype, n)
/// bytes, any alignment; `out` holds n floats. Thread safe.
void dequantize_row(DType dtype, const std::byte* row, float* out, std::int64_t n);

/// Row `i` of a tensor, its scale included: what a product with f32 must use.
void dequantize_row(const TensorView& tensor, std::int64_t i, float* out);

/// OCP FP8 E4M3 ("FN": no infinities, 0x7F and 0xFF are NaN, largest 448) to float32, exact.
[[nodiscard]] float e4m3_to_float(std::uint8_t bits);
/// IEEE half and bfloat16 to float32, exact.
[[nodiscard]] float half_to_float(std::uint16_t bits);
[[nodiscard]] float bfloat16_to_float(std::uint16_t bits);
/// Round to nearest, ties to even.
[[nodiscard]] std::uint16_t float_to_half(float value);

}  // namespace lares
