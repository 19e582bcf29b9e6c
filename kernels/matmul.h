#pragma once

#include "kernels/activations.h"
#include "kernels/launch.h"
#include "kernels/matvec.h"
#include "kernels/planes.h"

namespace lares::kernels {

/// Matrix product of quantised weights with many tokens, in 8 bits on tensor cores: the same
/// integer products as matvec, so that a prompt read at once and token by token agree to rounding.
/// Shapes  w [rows, cols] in planes (planes.h)   x.q [n, cols], x.meta [n, cols / 32]   y [n, rows]
/// Memory  borrowed device pointers, 16-byte aligned.
/// Threads 128; a block has 64 rows and 64 tokens, a warp 16 of the rows. A word of a plane is what
///         a lane gives to the tensor core (device/mma.cuh), without a shuffle. grid.x is the
///         token, so that blocks which share weights run together and weights are read once into
///         L2.
/// Version 2: the next activations are on their way to the other half of shared memory, the next
/// weights to registers, while the current ones are multiplied. Version 1 waited for both. Bound by
/// the arithmetic around the tensor cores: a scale for each 32 columns. One kernel a quantised
/// type, `matmul_<type>`.
struct MatmulParams {
    PlanesView w;
    Q8Vector x;
    float* y = nullptr;
    std::int32_t n = 0;
    Epilogue epilogue = Epilogue::Store;
};

/// A launch without a kernel for a plain type, or where a row is not whole blocks.
[[nodiscard]] Launch matmul_launch(WeightType type, const MatmulParams& params);

/// Quantises rows: x [n, cols] to 8 bits in blocks of 32. Kernel `quantize_rows`, a warp a block;
/// without a kernel where cols is no multiple of 32.
struct QuantizeParams {
    const float* x = nullptr;
    Q8Vector q;
    std::int64_t n_block = 0;  ///< n * cols / 32
};
[[nodiscard]] Launch quantize_launch(const float* x, const Q8Vector& q, int n, int cols);

}  // namespace lares::kernels
