#include "engine/backend/cuda/library_products.h"

#include "engine/backend/cuda/megabytes.h"
#include "kernels/dense_terms.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace lares::cuda {
namespace {

using kernels::DenseType;
using kernels::WeightType;

/// Rows of a part are a multiple of this, so that its results begin at 256 bytes.
constexpr std::int64_t kPartRowUnit = 64;
/// Tokens are multiplied in multiples of this: fewer shapes to choose algorithms for.
constexpr std::int64_t kTokenUnit = 32;
/// As many as a grid has rows.
constexpr int kMostTokens = 65535;
constexpr std::size_t kWorkspaceAlignment = 256;

std::int64_t round_up(std::int64_t n, std::int64_t unit) {
    return (n + unit - 1) / unit * unit;
}

std::size_t aligned(std::int64_t bytes) {
    return static_cast<std::size_t>(round_up(bytes, kWorkspaceAlignment));
}

DenseType dense_type_of(WeightType type) {
    return type == WeightType::BF16 ? DenseType::BF16 : DenseType::F16;
}

/// A row with its padding, which is zeros (kernels/planes.h).
std::int64_t padded_cols(WeightType type, std::int64_t cols) {
    return round_up(cols, kernels::chunk_values(type));
}

/// The rows in equal parts.
std::int64_t part_rows(std::int64_t rows, std::int64_t padded, std::int64_t part_bytes) {
    const std::int64_t n_part = (rows * padded * 2 + part_bytes - 1) / part_bytes;
    return round_up((rows + n_part - 1) / n_part, kPartRowUnit);
}

}  // namespace

int library_tokens(WeightType type) {
    switch (type) {
        case WeightType::F16:
        case WeightType::BF16:
            return 64;
        case WeightType::FP8:
            return 128;
        default:
            return 0;
    }
}

std::optional<std::string> objection_to_library(const DeviceInfo& info) {
    if (info.compute_major >= 8) return std::nullopt;
    return "cuBLAS is not used: " + info.name + " has no tensor-core products of bf16";
}

void LibraryNeeds::add(WeightType type, std::int64_t rows, std::int64_t cols) {
    const int tokens = library_tokens(type);
    if (tokens == 0) return;
    m_tokens = m_tokens == 0 ? tokens : std::min(m_tokens, tokens);
    const std::int64_t padded = padded_cols(type, cols);
    m_terms = std::max(m_terms, kernels::kDenseTerms * padded);
    m_parts = std::max(m_parts, kernels::kDenseTerms * rows);
    if (type == WeightType::FP8)
        m_weights =
            std::max(m_weights, aligned(part_rows(rows, padded, m_part_bytes) * padded * 2));
}

LibraryNeeds LibraryNeeds::of(const CudaWeights& weights) {
    LibraryNeeds needs;
    const auto add = [&](const DeviceMatrix& matrix) {
        needs.add(matrix.type, matrix.rows(), matrix.cols());
    };
    for (const DeviceLayer& layer : weights.layers()) {
        if (const auto* mamba = std::get_if<DeviceMamba2>(&layer.mixer)) {
            add(mamba->in_proj);
            add(mamba->out_proj);
        } else if (const auto* attention = std::get_if<DeviceAttention>(&layer.mixer)) {
            for (const DeviceMatrix& matrix : attention->qkv) add(matrix);
            add(attention->o_proj);
        } else {
            const auto& mlp = std::get<DeviceMlp>(layer.mixer);
            add(mlp.up_proj);
            add(mlp.down_proj);
        }
    }
    return needs;
}

LibraryNeeds::Sizes LibraryNeeds::sizes(int max_batch) const {
    const std::int64_t n = round_up(max_batch, kTokenUnit);
    return {aligned(n * m_terms * 2), aligned(n * m_parts * 4), m_weights, aligned(n * 4)};
}

std::size_t LibraryNeeds::bytes(int max_batch) const {
    if (m_tokens == 0 || max_batch < m_tokens) return 0;
    const Sizes all = sizes(max_batch);
    return all.terms + all.parts + all.weights + all.scale + kLibraryWorkBytes;
}

LibraryProducts LibraryProducts::make(const std::shared_ptr<Device>& device,
                                      const LibraryNeeds& needs,
                                      int max_batch) {
    LibraryProducts made;
    const std::size_t bytes = needs.bytes(max_batch);
    if (bytes == 0) return made;
    made.m_device = device;
    made.m_part_bytes = needs.m_part_bytes;
    if (auto objection = objection_to_library(device->info())) {
        made.m_objection = *std::move(objection);
        return made;
    }
    if (!device->start_library()) return made;
    const auto free_bytes = device->free_bytes();
    auto memory = free_bytes && *free_bytes >= bytes + kLibraryModuleBytes
                      ? DeviceMemory::make(device, bytes)
                      : Result<DeviceMemory>(Error{ErrorCode::OutOfMemory, {}});
    if (!memory) {
        made.m_objection = "cuBLAS is not used: its work memory, " +
                           megabytes_needed(bytes + kLibraryModuleBytes) +
                           ", does not fit beside the model";
        return made;
    }
    made.m_memory = std::move(memory).value();
    const LibraryNeeds::Sizes sizes = needs.sizes(max_batch);
    std::byte* at = made.m_memory.data();
    const auto take = [&](std::size_t size) { return std::exchange(at, at + size); };
    made.m_terms = reinterpret_cast<std::uint16_t*>(take(sizes.terms));
    made.m_parts = reinterpret_cast<float*>(take(sizes.parts));
    made.m_weights = reinterpret_cast<std::uint16_t*>(take(sizes.weights));
    made.m_scale = reinterpret_cast<float*>(take(sizes.scale));
    made.m_work = at;
    return made;
}

std::string LibraryProducts::text() const {
    if (!m_device) return {};
    return m_objection.empty() ? m_device->library_text() : m_objection;
}

bool LibraryProducts::multiply(
    const DeviceMatrix& w, const float* x, float* y, int n, kernels::Epilogue epilogue) const {
    const int tokens = library_tokens(w.type);
    // Once it was refused there is none any more.
    if (!m_work || tokens == 0 || n < tokens || n > kMostTokens || !m_device->start_library())
        return false;
    const DenseType type = dense_type_of(w.type);
    const auto term_rows = static_cast<int>(round_up(n, kTokenUnit));
    const auto padded = static_cast<int>(padded_cols(w.type, w.cols()));
    m_device->launch(
        kernels::split_rows_launch(type, {x, m_terms, m_scale, n, w.cols(), padded, term_rows}));
    DenseProduct product{.type = type,
                         .w = w.planes.low,
                         .x = m_terms,
                         .y = m_parts,
                         .rows = w.rows(),
                         .cols = padded,
                         .n = kernels::kDenseTerms * term_rows,
                         .y_stride = w.rows(),
                         .work = m_work,
                         .work_bytes = kLibraryWorkBytes};
    float factor = 1.0F;
    if (w.type != WeightType::FP8) {
        if (!m_device->try_multiply(product)) return false;
    } else {
        factor = 256.0F * w.planes.tensor_scale;
        const std::int64_t step = part_rows(w.rows(), padded, m_part_bytes);
        for (std::int64_t row = 0; row < w.rows(); row += step) {
            const std::int64_t n_row = std::min(step, w.rows() - row);
            m_device->launch(kernels::widen_fp8_launch(
                {w.planes.low + row * padded, m_weights, n_row * padded / 16}));
            product.w = m_weights;
            product.y = m_parts + row;
            product.rows = static_cast<int>(n_row);
            if (!m_device->try_multiply(product)) return false;
        }
    }
    m_device->launch(
        kernels::join_terms_launch({m_parts, type == DenseType::F16 ? m_scale : nullptr, y, n,
                                    w.rows(), term_rows, factor, epilogue}));
    return true;
}

}  // namespace lares::cuda
