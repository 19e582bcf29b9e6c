#pragma once

#include "kernels/launch.h"
#include "kernels/planes.h"

namespace lares::kernels {

enum class DenseType : std::int32_t { F16, BF16 };

/// Rows of a tensor in planes as a dense matrix, for products of many tokens on libraries and
/// tensor cores that know no blocks. Every value is the file's, rounded once to the dense type.
/// Shapes  w [rows, cols] in planes (planes.h)   out [n_row, cols], rows first_row and on
/// Memory  borrowed device pointers.
/// Threads 256 a block, a thread a value; grid.y is the row. One kernel a type,
///         `dequantize_<type>`. Bound by writing `out`.
struct DequantizeParams {
    PlanesView w;
    std::uint16_t* out = nullptr;
    std::int32_t first_row = 0;
    std::int32_t n_row = 0;
    DenseType type = DenseType::BF16;
};

/// A launch without a kernel where rows are outside or no whole blocks, or above 65535 rows at
/// once.
[[nodiscard]] Launch dequantize_launch(WeightType type, const DequantizeParams& params);

}  // namespace lares::kernels
