#pragma once

#include "kernels/activations.h"
#include "kernels/launch.h"
#include "kernels/planes.h"

namespace lares::kernels {

/// What happens to a product before it is stored.
enum class Epilogue : std::int32_t {
    Store,     ///< y = W x
    Residual,  ///< y += W x
    Relu2,     ///< y = max(W x, 0)²: squared ReLU (So et al. 2021, arXiv:2109.08668, §4)
};

/// Matrix times vector, the product that decoding consists of. One kernel for each WeightType,
/// `matvec_<type>`, and one for two to kMaxVectors vectors that pass by the weights together,
/// `matvec_few_<type>`: each result is to the bit that of the vector alone.
/// Shapes  w [rows, cols] in planes (planes.h)   x [n_vector, cols]   y [n_vector, rows]
/// Dtypes  quantised w: x in 8 bits (activations.h), integer products, f32 sums; plain w: x in f32
///         x_norm: what x still has to be divided by, n_group * group_size = cols; its squares
///         [n_vector, n_group, group_size / 32]
/// Memory  borrowed device pointers, 16-byte aligned. x is padded as activations.h says. y may be
///         null where q_out takes the result: 8 bits in blocks of 32 rows; needs rows % 32 == 0.
/// Threads 256 a block. `lanes_per_group` of them (a power of two, 32 to 256) share kGroupRows
/// rows:
///         a thread takes one block column (16 bytes of plain types) of all 8 rows at a time, so
///         that a piece of x is loaded once for 8 rows and 8 to 25 loads are in flight.
/// Bound by reading w once. ~22 bytes and ~50 instructions for 32 values of Q5_0.
struct MatvecParams {
    PlanesView w;
    Q8Vector x_q8;
    const float* x = nullptr;
    PendingNorm x_norm;  ///< of x or x_q8
    float* y = nullptr;
    Q8Vector q_out;
    Epilogue epilogue = Epilogue::Store;
    std::int32_t lanes_per_group = 32;
    std::int32_t n_vector = 1;
};

inline constexpr int kMaxVectors = 4;

inline constexpr int kMatvecThreads = 256;

/// Blocks that a multiprocessor holds at a time, by the registers of each: a column of weights must
/// fit into them, or loading it early makes the kernel wait for what it spills.
[[nodiscard]] constexpr int matvec_blocks(WeightType type) {
    switch (type) {
        case WeightType::F32:
        case WeightType::F16:
        case WeightType::BF16:
        case WeightType::Q4_0:
            return 4;
        case WeightType::Q8_0:
            return 2;
        default:
            return 3;
    }
}
/// Likewise of `matvec_few_<type>`, which holds kMaxVectors times the sums. Not measured.
[[nodiscard]] constexpr int matvec_few_blocks(WeightType type) {
    switch (type) {
        case WeightType::FP8:
        case WeightType::Q4_K:
        case WeightType::Q5_K:
        case WeightType::Q6_K:
        case WeightType::IQ4_XS:
        case WeightType::Q2_K:
        case WeightType::Q3_K:
            return 1;
        default:
            return 2;
    }
}

/// `n_multiprocessor` of the device decides how finely rows are divided, whatever n_vector is: the
/// order of a sum depends on it. A launch without a kernel where the shapes are not as above.
[[nodiscard]] Launch matvec_launch(WeightType type, MatvecParams params, int n_multiprocessor);

}  // namespace lares::kernels
