#pragma once

#include "engine/tensor/dtype.h"

#include <cstddef>
#include <cstdint>

namespace lares {

/// Writes the `n` float32 values that a row of blocks stands for, bit for bit as ggml's reference
/// does (source: ggml-quants.c; layouts in engine/formats/gguf_format.md). Any bytes are a valid
/// input: a scale may be NaN or infinite, an index can never leave its table.
/// Preconditions: n is a multiple of the type's block_elements; `row` holds row_bytes(dtype, n)
/// bytes, any alignment; `out` holds n floats. Thread safe.
void dequantize_row(DType dtype, const std::byte* row, float* out, std::int64_t n);

/// IEEE half and bfloat16 to float32, exact.
[[nodiscard]] float half_to_float(std::uint16_t bits);
[[nodiscard]] float bfloat16_to_float(std::uint16_t bits);
/// Round to nearest, ties to even.
[[nodiscard]] std::uint16_t float_to_half(float value);

}  // namespace lares
