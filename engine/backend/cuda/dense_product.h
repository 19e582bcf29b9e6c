#pragma once

#include "kernels/dequantize.h"

#include <cstddef>

namespace lares::cuda {

/// A product that a library of the device can do: y = x wᵀ, 16-bit numbers, sums and result f32.
/// All pointers are the device's, at multiples of 256 bytes.
struct DenseProduct {
    kernels::DenseType type = kernels::DenseType::BF16;  ///< of w and x
    const void* w = nullptr;                             ///< [rows, cols]
    const void* x = nullptr;                             ///< [n, cols]
    float* y = nullptr;                                  ///< [n, y_stride], `rows` of each
    int rows = 0;
    int cols = 0;  ///< a multiple of 8
    int n = 0;
    int y_stride = 0;
    void* work = nullptr;  ///< the library's own until the product is done
    std::size_t work_bytes = 0;
};

}  // namespace lares::cuda
