#pragma once

#include "app/cli/synth/synthetic_model.h"
#include "engine/sampling/random.h"
#include "engine/tensor/dtype.h"

#include <cstdint>
#include <span>
#include <vector>

namespace lares::cli {

/// How many chunks a tensor is made in: each has its own random numbers, so that the bytes do not
/// depend on the number of threads.
inline constexpr std::size_t kChunkBytes = std::size_t{1} << 18;

/// Makes the bytes of one matrix, piece by piece: normal numbers of type F32, F16, BF16 or F8_E4M3,
/// or random valid blocks whose values have about the wanted standard deviation and no mean.
/// Deterministic by seed and tensor. Thread safe after construction.
class RandomMatrix {
public:
    RandomMatrix(DType dtype, double deviation, std::uint64_t seed);

    /// Bytes of all chunks but the last; whole blocks.
    [[nodiscard]] std::size_t chunkBytes() const;
    /// Fills chunk `index`; `out` is whole blocks and at most chunkBytes() long.
    void fill(std::uint64_t index, std::span<std::byte> out) const;

private:
    void makeNumbers(double deviation);
    void makeScales(double deviation);
    void fillNumbers(Random& random, std::span<std::byte> out) const;
    void fillBlocks(Random& random, std::span<std::byte> out) const;

    DType m_dtype;
    std::uint64_t m_seed;
    std::vector<std::byte> m_numbers;       // encoded normal quantiles to draw from
    std::vector<std::uint16_t> m_scales;    // halves, for a block's d
    std::vector<std::uint16_t> m_minimums;  // halves that cancel the mean of d's block
};

/// What F8_E4M3 codes of this deviation are multiplied with: its largest value becomes 448.
[[nodiscard]] float fp8Scale(double deviation);

/// The numbers of a small tensor, as the formats want them: `negatedA` is GGUF's -A, else its
/// logarithm.
[[nodiscard]] std::vector<float> smallTensor(WeightKind kind,
                                             std::size_t size,
                                             bool negatedA,
                                             std::uint64_t seed);

/// F32 to the bytes of F32 or BF16.
[[nodiscard]] std::vector<std::byte> encoded(std::span<const float> values, DType dtype);

}  // namespace lares::cli
