#pragma once

#include "engine/backend/cuda/cuda_weights.h"
#include "engine/backend/cuda/device_memory.h"
#include "kernels/matvec.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace lares::cuda {

/// Tokens of a step from which a library multiplies weights of this type; 0: never. Below, reading
/// the weights takes most of the time, and our own kernels (kernels/matmul_plain.h) read them once
/// and need no other memory. FP8 weights must be written as f16 first, five bytes for the one that
/// our kernel reads, so they need more tokens. Quantised weights stay with our 8-bit kernels: at
/// 256 tokens a step, writing and reading an f16 matrix costs what the whole product does, and
/// prompts and single tokens would be rounded differently. Arithmetic; not measured on a card yet.
[[nodiscard]] int library_tokens(kernels::WeightType type);

/// Why a library is of no use on this card; nothing where it is. Before compute capability 8.0 (RTX
/// 30) there are no products of bf16 on tensor cores, so it might choose something slow.
[[nodiscard]] std::optional<std::string> objection_to_library(const DeviceInfo& info);

/// Most of a matrix that is written as f16 at a time: enough rows for a whole card, and not much
/// more than caches hold.
inline constexpr std::int64_t kLibraryPartBytes = std::int64_t{64} << 20;

/// What a library's products need of a card, known from types and shapes alone.
class LibraryNeeds {
public:
    explicit LibraryNeeds(std::int64_t part_bytes = kLibraryPartBytes) : m_part_bytes(part_bytes) {}
    /// A matrix of the layers. The output is not among them: one row a step is multiplied by it.
    void add(kernels::WeightType type, std::int64_t rows, std::int64_t cols);
    [[nodiscard]] static LibraryNeeds of(const CudaWeights& weights);
    /// Work memory for steps of at most `max_batch` tokens; 0 where none of them uses a library.
    [[nodiscard]] std::size_t bytes(int max_batch) const;

private:
    friend class LibraryProducts;

    struct Sizes {
        std::size_t terms = 0;  ///< of activations
        std::size_t parts = 0;  ///< their products
        std::size_t weights = 0;
        std::size_t scale = 0;
    };
    [[nodiscard]] Sizes sizes(int max_batch) const;

    std::int64_t m_part_bytes;
    int m_tokens = 0;          // from which any matrix is multiplied so; 0: none is
    std::int64_t m_terms = 0;  // 16-bit numbers of a token
    std::int64_t m_parts = 0;  // f32 of a token
    std::size_t m_weights = 0;
};

/// What cuBLAS may use for itself while it multiplies: what NVIDIA asks for on sm_90 and above.
inline constexpr std::size_t kLibraryWorkBytes = std::size_t{32} << 20;
/// Its handle and kernels, which it loads when it needs them: a figure on the safe side.
inline constexpr std::size_t kLibraryModuleBytes = std::size_t{64} << 20;

/// Matrix products of long steps by the device's library (Device::try_multiply), nearly as
/// exact as our own: activations are multiplied as two 16-bit terms (kernels/dense_terms.h), FP8
/// weights are written as f16 first, a part of the matrix at a time. An FP8 product of FP8
/// activations, which the library has as well, would be faster and keep 2^-4 of an activation: that
/// is the checkpoint's own arithmetic, but not this program's, which stays as near to exact as on
/// the processor. Where a library, memory or an algorithm is missing it does nothing, and the
/// caller's own kernels do. One thread at a time.
class LibraryProducts {
public:
    LibraryProducts() = default;
    /// Never fails; text() says why it does nothing. Takes LibraryNeeds::bytes of the device, if
    /// there is a library and that much and kLibraryModuleBytes are free.
    [[nodiscard]] static LibraryProducts make(const std::shared_ptr<Device>& device,
                                              const LibraryNeeds& needs,
                                              int max_batch);

    /// Queues y = x wᵀ with this epilogue, as matmul_plain. x [n, cols], y [n, rows], n at most
    /// max_batch. False: the caller is to do it; y is as it was.
    [[nodiscard]] bool multiply(
        const DeviceMatrix& w, const float* x, float* y, int n, kernels::Epilogue epilogue) const;

    /// Which library, or one sentence why there is none; empty where no product would use one.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::size_t size_bytes() const { return m_memory.bytes(); }

private:
    std::shared_ptr<Device> m_device;
    DeviceMemory m_memory;
    std::string m_objection;  // ours; the library's own is the device's to tell
    std::int64_t m_part_bytes = 0;
    std::uint16_t* m_terms = nullptr;
    float* m_scale = nullptr;
    float* m_parts = nullptr;
    std::uint16_t* m_weights = nullptr;
    void* m_work = nullptr;
};

}  // namespace lares::cuda
