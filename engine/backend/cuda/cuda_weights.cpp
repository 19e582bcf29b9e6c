#include "engine/backend/cuda/cuda_weights.h"

#include "engine/base/page_memory.h"
#include "engine/base/thread_pool.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace lares::cuda {
namespace {

/// Rows are read, reordered and uploaded in portions of about this many bytes.
constexpr std::size_t kPortionBytes = std::size_t{8} << 20;
/// Rows of a portion are a multiple of this: then each plane of a portion ends at a multiple of 256
/// bytes (planes.h), so that its planes are pieces of the whole matrix's planes.
constexpr std::int64_t kPortionRows = 32 * kernels::kGroupRows;

std::int64_t portion_rows(const TensorView& file) {
    const auto rows = static_cast<std::int64_t>(kPortionBytes / file.row_size_bytes());
    return std::max(kPortionRows, rows / kPortionRows * kPortionRows);
}

Error unsupported(const std::string& what) {
    return {ErrorCode::Unsupported, "the graphics card's kernels do not know " + what};
}

}  // namespace

kernels::WeightType weight_type_of(DType dtype) {
    using kernels::WeightType;
    switch (dtype) {
        case DType::F32:
            return WeightType::F32;
        case DType::F16:
            return WeightType::F16;
        case DType::BF16:
            return WeightType::BF16;
        case DType::F8_E4M3:
            return WeightType::FP8;
        case DType::Q4_0:
            return WeightType::Q4_0;
        case DType::Q4_1:
            return WeightType::Q4_1;
        case DType::Q5_0:
            return WeightType::Q5_0;
        case DType::Q5_1:
            return WeightType::Q5_1;
        case DType::Q8_0:
            return WeightType::Q8_0;
        case DType::Q2_K:
            return WeightType::Q2_K;
        case DType::Q3_K:
            return WeightType::Q3_K;
        case DType::Q4_K:
            return WeightType::Q4_K;
        case DType::Q5_K:
            return WeightType::Q5_K;
        case DType::Q6_K:
            return WeightType::Q6_K;
        case DType::IQ4_NL:
            return WeightType::IQ4_NL;
        case DType::IQ4_XS:
            return WeightType::IQ4_XS;
    }
    return WeightType::F32;
}

Result<void> CudaWeights::check(const HParams& hp) {
    if (hp.n_layer(LayerKind::Mamba2) > 0) {
        if (hp.d_conv != 4)
            return unsupported("a convolution of " + std::to_string(hp.d_conv) + " taps (4 only)");
        if (hp.d_state > 128 || hp.d_state % 4 != 0)
            return unsupported("a state of " + std::to_string(hp.d_state) +
                               " (multiples of 4 up to 128)");
    }
    if (hp.n_layer(LayerKind::Attention) > 0 && hp.head_dim != 32 && hp.head_dim != 64 &&
        hp.head_dim != 128)
        return unsupported("attention heads of " + std::to_string(hp.head_dim) +
                           " (32, 64 and 128)");
    return {};
}

Result<std::shared_ptr<const CudaWeights>> CudaWeights::of(
    const Model& model,
    const std::shared_ptr<Device>& device,
    int n_threads,
    std::stop_token stop,
    const std::function<void(float)>& progress) {
    RETURN_IF_ERROR(check(model.hparams()));
    const auto make = [&]() -> Result<std::shared_ptr<const CudaWeights>> {
        ASSIGN_OR_RETURN(const auto made, allocate(model.weights(), device));
        RETURN_IF_ERROR(made->fill(n_threads, stop, progress));
        return std::shared_ptr<const CudaWeights>(made);
    };
    ASSIGN_OR_RETURN(const auto weights, model.backend_weights().get_or_make<CudaWeights>(make));
    if (weights->device() == device) return weights;
    return Error{ErrorCode::InvalidArgument, model.name() + " is in use on another device"};
}

Result<std::shared_ptr<CudaWeights>> CudaWeights::allocate(const Weights& weights,
                                                           const std::shared_ptr<Device>& device) {
    std::shared_ptr<CudaWeights> made(new CudaWeights(device));
    RETURN_IF_ERROR(made->bind(weights));
    return made;
}

Result<const float*> CudaWeights::add_vector(const TensorView& vector) {
    ASSIGN_OR_RETURN(DeviceMemory memory, DeviceMemory::make(m_device, vector.size_bytes()));
    m_vectors.push_back({vector, memory.data()});
    m_size_bytes += memory.bytes();
    m_memory.push_back(std::move(memory));
    return m_memory.back().as<const float>();
}

/// Parts stand below each other; all but the last must have whole groups of rows.
Result<DeviceMatrix> CudaWeights::add_matrix(std::span<const TensorView> parts) {
    std::int64_t rows = 0;
    for (const TensorView& part : parts) rows += part.rows();
    const kernels::WeightType type = weight_type_of(parts[0].dtype);
    const std::int64_t cols = parts[0].cols();
    ASSIGN_OR_RETURN(
        DeviceMemory memory,
        DeviceMemory::make(m_device, kernels::plane_layout(type, rows, cols).total_bytes));
    const DeviceMatrix matrix{
        type, kernels::planes_view(type, rows, cols, memory.data(), parts[0].scale)};
    std::int64_t first_row = 0;
    for (const TensorView& part : parts) {
        m_parts.push_back({part, matrix, first_row});
        first_row += part.rows();
    }
    m_size_bytes += memory.bytes();
    m_memory.push_back(std::move(memory));
    return matrix;
}

Result<void> CudaWeights::add_qkv(const AttentionWeights& from, DeviceAttention& to) {
    const TensorView parts[] = {from.q_proj, from.k_proj, from.v_proj};
    for (std::size_t first = 0; first < 3;) {
        std::size_t end = first + 1;
        while (end < 3 && parts[end].dtype == parts[first].dtype &&
               parts[end].scale == parts[first].scale &&
               parts[end - 1].rows() % kernels::kGroupRows == 0)
            ++end;
        ASSIGN_OR_RETURN(const DeviceMatrix matrix, add_matrix({parts + first, end - first}));
        to.qkv.push_back(matrix);
        first = end;
    }
    return {};
}

Result<void> CudaWeights::bind(const Weights& weights) {
    for (const LayerWeights& from : weights.layers) {
        DeviceLayer& layer = m_layers.emplace_back();
        ASSIGN_OR_RETURN(layer.norm, add_vector(from.norm));
        if (const auto* mamba = std::get_if<Mamba2Weights>(&from.mixer)) {
            DeviceMamba2 to;
            ASSIGN_OR_RETURN(to.in_proj, add_matrix(mamba->in_proj));
            ASSIGN_OR_RETURN(to.out_proj, add_matrix(mamba->out_proj));
            ASSIGN_OR_RETURN(to.conv_weight, add_vector(mamba->conv_weight));
            ASSIGN_OR_RETURN(to.conv_bias, add_vector(mamba->conv_bias));
            ASSIGN_OR_RETURN(to.dt_bias, add_vector(mamba->dt_bias));
            ASSIGN_OR_RETURN(to.A, add_vector(mamba->A));
            ASSIGN_OR_RETURN(to.D, add_vector(mamba->D));
            ASSIGN_OR_RETURN(to.norm, add_vector(mamba->norm));
            layer.mixer = to;
        } else if (const auto* attention = std::get_if<AttentionWeights>(&from.mixer)) {
            DeviceAttention to;
            RETURN_IF_ERROR(add_qkv(*attention, to));
            ASSIGN_OR_RETURN(to.o_proj, add_matrix(attention->o_proj));
            to.k_scale = attention->k_scale;
            to.v_scale = attention->v_scale;
            layer.mixer = std::move(to);
        } else {
            const auto& mlp = std::get<MlpWeights>(from.mixer);
            DeviceMlp to;
            ASSIGN_OR_RETURN(to.up_proj, add_matrix(mlp.up_proj));
            ASSIGN_OR_RETURN(to.down_proj, add_matrix(mlp.down_proj));
            layer.mixer = to;
        }
    }
    ASSIGN_OR_RETURN(m_token_embedding, add_matrix(weights.token_embedding));
    ASSIGN_OR_RETURN(m_output_norm, add_vector(weights.output_norm));
    m_output = m_token_embedding;
    if (weights.output.data != weights.token_embedding.data) {
        ASSIGN_OR_RETURN(m_output, add_matrix(weights.output));
    }
    return {};
}

void CudaWeights::pack(const Part& part, Rows rows, std::span<std::byte> planes, ThreadPool& pool) {
    const std::size_t row_bytes = part.file.row_size_bytes();
    pool.parallel_for((rows.n + kernels::kGroupRows - 1) / kernels::kGroupRows, 4,
                      [&](std::int64_t begin, std::int64_t end, int) {
                          const std::int64_t from = begin * kernels::kGroupRows;
                          const std::int64_t to = std::min(end * kernels::kGroupRows, rows.n);
                          const std::byte* bytes = part.file.row(rows.first + from);
                          const std::size_t size = static_cast<std::size_t>(to - from) * row_bytes;
                          populate_mapped(bytes, size);
                          kernels::repack_rows(part.to.type, rows.n, part.file.cols(), from,
                                               {bytes, size}, planes);
                          release_mapped(bytes, size);
                      });
}

void CudaWeights::upload(const Part& part, Rows rows, const std::byte* planes) {
    const kernels::WeightType type = part.to.type;
    const kernels::PlaneLayout layout = kernels::plane_layout(type, rows.n, part.file.cols());
    const kernels::GroupBytes of_group = kernels::group_bytes(type, part.file.cols());
    const auto group =
        static_cast<std::size_t>((part.first_row + rows.first) / kernels::kGroupRows);
    const auto n_group =
        static_cast<std::size_t>((rows.n + kernels::kGroupRows - 1) / kernels::kGroupRows);
    const auto upload_plane = [&](const std::uint8_t* plane, std::size_t from, std::size_t bytes) {
        if (bytes != 0)
            m_device->upload(const_cast<std::uint8_t*>(plane) + group * bytes, planes + from,
                             n_group * bytes);
    };
    upload_plane(part.to.planes.low, layout.low, of_group.low);
    upload_plane(part.to.planes.high, layout.high, of_group.high);
    upload_plane(part.to.planes.scale, layout.scale, of_group.scale);
    upload_plane(part.to.planes.super, layout.super, of_group.super);
}

Result<void> CudaWeights::fill(int n_threads,
                               const std::stop_token& stop,
                               const std::function<void(float)>& progress) {
    const auto planes_of = [](const Part& part, std::int64_t rows) {
        return kernels::plane_layout(part.to.type, rows, part.file.cols()).total_bytes;
    };
    std::size_t total = 0;
    std::size_t portion_bytes = 0;
    for (const Part& part : m_parts) {
        total += part.file.size_bytes();
        portion_bytes = std::max(
            portion_bytes, planes_of(part, std::min(portion_rows(part.file), part.file.rows())));
    }
    for (const Vector& vector : m_vectors)
        m_device->upload(vector.to, vector.file.data, vector.file.size_bytes());

    // One is packed while the card reads the other. It reads them where they were packed: uploads
    // from ordinary memory would have this thread copy each byte once more while the others wait.
    std::array<HostMemory, 2> portions;
    for (HostMemory& portion : portions) {
        ASSIGN_OR_RETURN(portion, HostMemory::make(m_device, portion_bytes));
    }
    ThreadPool pool(n_threads);
    std::size_t done = 0;
    for (const Part& part : m_parts) {
        const std::int64_t step = portion_rows(part.file);
        for (std::int64_t first = 0; first < part.file.rows(); first += step) {
            if (stop.stop_requested()) return Error{ErrorCode::Cancelled, "loading was stopped"};
            const Rows rows{first, std::min(step, part.file.rows() - first)};
            pack(part, rows, {portions[0].data(), planes_of(part, rows.n)}, pool);
            // The other is free when the card has read it, which it did while this one was packed.
            RETURN_IF_ERROR(m_device->wait());
            upload(part, rows, portions[0].data());
            std::swap(portions[0], portions[1]);
            done += static_cast<std::size_t>(rows.n) * part.file.row_size_bytes();
            if (progress) progress(static_cast<float>(done) / static_cast<float>(total));
        }
    }
    m_parts.clear();
    m_vectors.clear();
    return m_device->wait();
}

}  // namespace lares::cuda
