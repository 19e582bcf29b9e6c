#pragma once

#include "engine/tensor/dtype.h"

#include <cstddef>
#include <cstdint>

namespace lares {

/// The reverse of dequantize_row: writes blocks that stand for `n` values as nearly as the type
/// can. Scales (and minimums) are searched for: those with the least squared error, larger values
/// counting more, since it is their products that are felt. `importance`: how strongly each of the
/// `n` columns is used (ImportanceMatrix::Entry::means), finite and not negative; errors there
/// count as much more. Q8_0, where nothing is searched for, goes without it. Deterministic. F32,
/// F16 and BF16 are rounded. Preconditions: every value is finite and n a multiple of the type's
/// block_elements; `out` holds row_bytes(dtype, n) bytes; not F8_E4M3, whose scale is the whole
/// tensor's. Thread safe.
void quantize_row(DType dtype,
                  const float* values,
                  std::byte* out,
                  std::int64_t n,
                  const float* importance = nullptr);

}  // namespace lares
