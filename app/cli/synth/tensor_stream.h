#pragma once

#include "app/cli/synth/model_writer.h"
#include "engine/base/thread_pool.h"

#include <vector>

namespace lares::cli {

/// Makes tensors' bytes with all threads and writes them, with progress and a way to stop.
class TensorStream {
public:
    /// `totalBytes`: of all tensors, for the progress.
    TensorStream(const SynthRequest& request, std::uint64_t totalBytes);

    /// Tensor `i` of the model in that type. `isGguf`: A as GGUF has it.
    [[nodiscard]] Result<void> write(std::size_t i, DType dtype, bool isGguf, NewFile& file);

    /// Bytes made elsewhere.
    [[nodiscard]] Result<void> writeBytes(std::span<const std::byte> bytes, NewFile& file);

private:
    [[nodiscard]] Result<void> writeMatrix(const SyntheticTensor& tensor,
                                           DType dtype,
                                           std::uint64_t seed,
                                           NewFile& file);

    const SynthRequest& m_request;
    ThreadPool m_pool;
    std::vector<std::byte> m_buffer;
    std::uint64_t m_total;
    std::uint64_t m_done = 0;
};

}  // namespace lares::cli
