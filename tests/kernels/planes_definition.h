#pragma once

#include "kernels/planes.h"

namespace lares::test {

/// kernels::repack_rows as kernels/planes.h defines the planes: every value out of its block, every
/// bit to its place. Slow; what the fast one is compared with.
void repack_by_definition(kernels::WeightType type,
                          std::int64_t rows,
                          std::int64_t cols,
                          std::int64_t first_row,
                          std::span<const std::byte> file_rows,
                          std::span<std::byte> planes);

}  // namespace lares::test
