#pragma once

#include "engine/backend/cuda/device_memory.h"
#include "engine/base/result.h"
#include "engine/base/thread_pool.h"
#include "engine/model/model.h"
#include "kernels/planes.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <variant>
#include <vector>

namespace lares::cuda {

/// A matrix [rows, cols] in planes (kernels/planes.h) in the device's memory.
struct DeviceMatrix {
    kernels::WeightType type = kernels::WeightType::F32;
    kernels::PlanesView planes;

    /// What its input must be: 8 bits (kernels/activations.h), or f32 for plain types.
    [[nodiscard]] bool takes_q8() const { return !kernels::is_plain(type); }
    [[nodiscard]] int rows() const { return planes.rows; }
    [[nodiscard]] int cols() const { return planes.cols; }
};

/// The weights of model/weights.h, on the device; vectors are f32.
struct DeviceMamba2 {
    DeviceMatrix in_proj;
    DeviceMatrix out_proj;
    const float* conv_weight = nullptr;  ///< [d_conv_channels, 4]
    const float* conv_bias = nullptr;
    const float* dt_bias = nullptr;
    const float* A = nullptr;
    const float* D = nullptr;
    const float* norm = nullptr;
};
struct DeviceAttention {
    /// q, k and v in this order, neighbours of one type as one matrix: 1 to 3 of them.
    std::vector<DeviceMatrix> qkv;
    DeviceMatrix o_proj;
    float k_scale = 1.0F;
    float v_scale = 1.0F;
};
struct DeviceMlp {
    DeviceMatrix up_proj;
    DeviceMatrix down_proj;
};
struct DeviceLayer {
    const float* norm = nullptr;
    std::variant<DeviceMamba2, DeviceAttention, DeviceMlp> mixer;
};

/// A model's weights in a device's memory, made once and shared by the model's sessions there.
/// Thread safe once filled.
class CudaWeights final : public BackendWeights {
public:
    /// Whether the kernels can compute a model of this shape. Errors: Unsupported, naming what.
    [[nodiscard]] static Result<void> check(const HParams& hparams);

    /// The model's weights on this device, read and uploaded now where no session did before.
    /// Errors: Unsupported, OutOfMemory, DeviceFailed, Cancelled; then nothing is kept.
    [[nodiscard]] static Result<std::shared_ptr<const CudaWeights>> of(
        const Model& model,
        const std::shared_ptr<Device>& device,
        int n_threads,
        std::stop_token stop = {},
        const std::function<void(float)>& progress = {});

    /// The first half of `of`: memory for everything, with nothing in it yet. `weights` must stay.
    [[nodiscard]] static Result<std::shared_ptr<CudaWeights>> allocate(
        const Weights& weights, const std::shared_ptr<Device>& device);
    /// The second half: reads the file, reorders it and uploads it.
    [[nodiscard]] Result<void> fill(int n_threads,
                                    const std::stop_token& stop,
                                    const std::function<void(float)>& progress);

    [[nodiscard]] const std::shared_ptr<Device>& device() const { return m_device; }
    [[nodiscard]] const std::vector<DeviceLayer>& layers() const { return m_layers; }
    [[nodiscard]] const DeviceMatrix& token_embedding() const { return m_token_embedding; }
    [[nodiscard]] const float* output_norm() const { return m_output_norm; }
    [[nodiscard]] const DeviceMatrix& output() const { return m_output; }
    [[nodiscard]] std::size_t size_bytes() const { return m_size_bytes; }

private:
    /// Rows of the file that become rows [first_row, …) of a matrix on the device.
    struct Part {
        TensorView file;
        DeviceMatrix to;
        std::int64_t first_row = 0;
    };
    /// Rows of a part: [first, first + n).
    struct Rows {
        std::int64_t first;
        std::int64_t n;
    };
    struct Vector {
        TensorView file;
        void* to = nullptr;
    };

    explicit CudaWeights(std::shared_ptr<Device> device) : m_device(std::move(device)) {}
    Result<void> bind(const Weights& weights);
    Result<DeviceMatrix> add_matrix(std::span<const TensorView> parts);
    Result<DeviceMatrix> add_matrix(const TensorView& matrix) { return add_matrix({&matrix, 1}); }
    Result<void> add_qkv(const AttentionWeights& from, DeviceAttention& to);
    Result<const float*> add_vector(const TensorView& vector);
    /// The rows as a matrix of their own, in planes.
    static void pack(const Part& part, Rows rows, std::span<std::byte> planes, ThreadPool& pool);
    /// Queues these planes as pieces of the whole matrix's.
    void upload(const Part& part, Rows rows, const std::byte* planes);

    std::shared_ptr<Device> m_device;
    std::vector<DeviceLayer> m_layers;
    DeviceMatrix m_token_embedding;
    const float* m_output_norm = nullptr;
    DeviceMatrix m_output;
    std::vector<DeviceMemory> m_memory;
    std::size_t m_size_bytes = 0;
    std::vector<Part> m_parts;      // until filled
    std::vector<Vector> m_vectors;  // likewise
};

/// The kernels' name for a file's type.
[[nodiscard]] kernels::WeightType weight_type_of(DType dtype);

}  // namespace lares::cuda
