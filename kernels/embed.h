#pragma once

#include "kernels/launch.h"
#include "kernels/planes.h"

namespace lares::kernels {

/// The embedding rows of some tokens, as f32: bit for bit what the file's blocks stand for.
/// Shapes  w [n_vocab, d_model] in planes (planes.h)   tokens [n]   x [n, d_model]
/// Memory  borrowed device pointers. Tokens are read from device memory, so that a captured graph
///         goes on from the token that was sampled. A token outside [0, n_vocab) reads row 0.
/// Threads 256 a block, a thread a value; grid.y is the token. One kernel a type, `embed_<type>`.
struct EmbedParams {
    PlanesView w;
    const std::int32_t* tokens = nullptr;
    float* x = nullptr;
};

inline constexpr int kEmbedThreads = 256;

/// A launch without a kernel where a row is not whole blocks or n < 1.
[[nodiscard]] Launch embed_launch(WeightType type, const EmbedParams& params, int n);

}  // namespace lares::kernels
