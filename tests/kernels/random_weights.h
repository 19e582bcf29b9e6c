#pragma once

#include "kernels/planes.h"
#include "tests/kernels/run_kernel.h"

#include <cstddef>
#include <vector>

namespace lares::test {

/// A matrix as a file would hold it, and the same in planes.
struct RandomWeights {
    kernels::WeightType type;
    std::int64_t rows;
    std::int64_t cols;
    float tensor_scale = 1.0F;
    std::vector<std::byte> file;
    std::vector<std::byte> planes;

    /// The f32 values of a row, by the engine's own dequantisation (FP8: by the format's table).
    [[nodiscard]] std::vector<float> row(std::int64_t i) const;
};

/// Random blocks whose values have a standard deviation of about 0.05; codes and scales take every
/// value there is.
[[nodiscard]] RandomWeights random_weights(Generator& generator,
                                           kernels::WeightType type,
                                           std::int64_t rows,
                                           std::int64_t cols);

[[nodiscard]] std::vector<kernels::WeightType> all_weight_types();

}  // namespace lares::test
