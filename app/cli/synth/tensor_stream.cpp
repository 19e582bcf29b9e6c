#include "app/cli/synth/tensor_stream.h"

#include "app/cli/synth/random_weights.h"
#include "engine/base/path_text.h"

#include <algorithm>

namespace lares::cli {
namespace {

/// Chunks made between two writes: enough for all threads, few enough to stop within a moment.
constexpr std::size_t kChunksAtOnce = 64;

std::uint64_t seedOf(std::uint64_t seed, std::size_t tensor) {
    return seed * 1'000'003 + tensor;
}

}  // namespace

TensorStream::TensorStream(const SynthRequest& request, std::uint64_t totalBytes)
    : m_request(request)
    , m_pool(request.n_threads)
    , m_buffer(kChunksAtOnce * kChunkBytes)
    , m_total(totalBytes) {}

Result<void> TensorStream::write(std::size_t i, DType dtype, bool isGguf, NewFile& file) {
    const SyntheticTensor& tensor = m_request.model.tensors[i];
    const std::uint64_t seed = seedOf(m_request.seed, i);
    if (tensor.kind == WeightKind::Matrix) return writeMatrix(tensor, dtype, seed, file);
    const auto size = static_cast<std::size_t>(tensor.hfShape.n_elements());
    return writeBytes(encoded(smallTensor(tensor.kind, size, isGguf, seed), dtype), file);
}

Result<void> TensorStream::writeBytes(std::span<const std::byte> bytes, NewFile& file) {
    if (m_request.stop.stop_requested())
        return Error{ErrorCode::Cancelled,
                     utf8_from_path(m_request.out) + ": stopped; nothing was left behind"};
    RETURN_IF_ERROR(file.write(bytes));
    m_done += bytes.size();
    if (m_request.showProgress)
        m_request.showProgress(static_cast<float>(m_done) / static_cast<float>(m_total));
    return {};
}

Result<void> TensorStream::writeMatrix(const SyntheticTensor& tensor,
                                       DType dtype,
                                       std::uint64_t seed,
                                       NewFile& file) {
    const RandomMatrix matrix(dtype, tensor.deviation, seed);
    const std::size_t chunk = matrix.chunkBytes();
    const std::size_t total =
        static_cast<std::size_t>(tensor.hfShape.rows()) * row_bytes(dtype, tensor.hfShape.cols());
    for (std::size_t begin = 0; begin < total; begin += kChunksAtOnce * chunk) {
        const std::size_t size = std::min(kChunksAtOnce * chunk, total - begin);
        const auto n_chunk = static_cast<std::int64_t>((size + chunk - 1) / chunk);
        m_pool.parallel_for(n_chunk, 1, [&](std::int64_t first, std::int64_t last, int) {
            for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i)
                matrix.fill(begin / chunk + i, std::span(m_buffer).subspan(
                                                   i * chunk, std::min(chunk, size - i * chunk)));
        });
        RETURN_IF_ERROR(writeBytes(std::span(m_buffer).first(size), file));
    }
    return {};
}

}  // namespace lares::cli
