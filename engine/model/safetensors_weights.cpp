#include "engine/model/safetensors_weights.h"

#include "engine/tensor/dequantize.h"

#include <cmath>

namespace lares {
namespace {

/// The name after "backbone.layers.N.", or the whole of it.
std::string safetensors_suffix(WeightRole role) {
    switch (role) {
        case WeightRole::TokenEmbedding:
            return "backbone.embeddings.weight";
        case WeightRole::OutputNorm:
            return "backbone.norm_f.weight";
        case WeightRole::Output:
            return "lm_head.weight";
        case WeightRole::LayerNorm:
            return "norm.weight";
        case WeightRole::InProj:
            return "mixer.in_proj.weight";
        case WeightRole::ConvWeight:
            return "mixer.conv1d.weight";
        case WeightRole::ConvBias:
            return "mixer.conv1d.bias";
        case WeightRole::DtBias:
            return "mixer.dt_bias";
        case WeightRole::A:
            return "mixer.A_log";
        case WeightRole::D:
            return "mixer.D";
        case WeightRole::MixerNorm:
            return "mixer.norm.weight";
        case WeightRole::OutProj:
            return "mixer.out_proj.weight";
        case WeightRole::QProj:
            return "mixer.q_proj.weight";
        case WeightRole::KProj:
            return "mixer.k_proj.weight";
        case WeightRole::VProj:
            return "mixer.v_proj.weight";
        case WeightRole::OProj:
            return "mixer.o_proj.weight";
        case WeightRole::KScale:
            return "mixer.k_proj.k_scale";
        case WeightRole::VScale:
            return "mixer.v_proj.v_scale";
        case WeightRole::UpProj:
            return "mixer.up_proj.weight";
        case WeightRole::DownProj:
            return "mixer.down_proj.weight";
    }
    return {};
}

std::string safetensors_name(WeightId id) {
    if (id.layer < 0) return safetensors_suffix(id.role);
    return "backbone.layers." + std::to_string(id.layer) + "." + safetensors_suffix(id.role);
}

/// The shape without dimensions of 1, which a convolution's weight has in the middle.
Shape squeezed(const Shape& shape) {
    Shape result;
    for (int i = 0; i < shape.n_dims(); ++i)
        if (shape[i] != 1) result.append(shape[i]);
    return result;
}

/// F8_E4M3's numbers mean nothing without a scale, so only plain types stand alone.
bool is_plain(DType dtype) {
    return dtype == DType::F32 || dtype == DType::F16 || dtype == DType::BF16;
}

}  // namespace

bool SafetensorsWeights::has(WeightId id) const {
    return m_folder.find_tensor_or_null(safetensors_name(id)) != nullptr;
}

Result<const FileTensor*> SafetensorsWeights::find(const std::string& name) const {
    if (const FileTensor* tensor = m_folder.find_tensor_or_null(name)) return tensor;
    return Error{ErrorCode::NotFound,
                 m_folder.name() + ": tensor " + name +
                     " is missing; the folder is incomplete or of another model, download it "
                     "again"};
}

Result<TensorView> SafetensorsWeights::matrix(WeightId id,
                                              std::int64_t rows,
                                              std::int64_t cols) const {
    const std::string name = safetensors_name(id);
    ASSIGN_OR_RETURN(const FileTensor* tensor, find(name));
    TensorView view = tensor->view;
    if (view.shape != Shape{rows, cols})
        return Error{ErrorCode::Corrupt, m_folder.name() + ": tensor " + name + " has shape " +
                                             to_string(view.shape) + ", config.json calls for " +
                                             to_string(Shape{rows, cols})};
    if (view.dtype != DType::F8_E4M3) return view;
    // The file decides, not the list of excluded modules beside it (spec: nemotron-h.md §5).
    const std::string module = name.substr(0, name.size() - std::string_view("weight").size());
    RETURN_IF_ERROR(find(module + "weight_scale"));
    ASSIGN_OR_RETURN(view.scale, scale(module + "weight_scale", 1.0F));
    ASSIGN_OR_RETURN(view.input_scale, scale(module + "input_scale", 0.0F));
    return view;
}

Result<TensorView> SafetensorsWeights::floats(WeightId id, const Shape& shape) const {
    const std::string name = safetensors_name(id);
    ASSIGN_OR_RETURN(const FileTensor* tensor, find(name));
    const TensorView& stored = tensor->view;
    if (squeezed(stored.shape) != squeezed(shape))
        return Error{ErrorCode::Corrupt, m_folder.name() + ": tensor " + name + " has shape " +
                                             to_string(stored.shape) + ", config.json calls for " +
                                             to_string(shape)};
    if (!is_plain(stored.dtype))
        return Error{ErrorCode::Unsupported, m_folder.name() + ": tensor " + name + " has type " +
                                                 std::string(to_string(stored.dtype)) +
                                                 ", BF16 or F32 is expected"};
    TensorBuffer<float> buffer(static_cast<std::size_t>(shape.n_elements()));
    dequantize_row(stored.dtype, stored.data, buffer.data(), shape.n_elements());
    if (id.role == WeightRole::A)
        for (float& value : buffer.span()) value = -std::exp(value);
    TensorView view;
    view.shape = shape;
    view.data = reinterpret_cast<const std::byte*>(buffer.data());
    m_floats.push_back(std::move(buffer));  // moving keeps the address
    return view;
}

Result<float> SafetensorsWeights::scalar(WeightId id, float fallback) const {
    return scale(safetensors_name(id), fallback);
}

Result<float> SafetensorsWeights::scale(const std::string& name, float fallback) const {
    const FileTensor* tensor = m_folder.find_tensor_or_null(name);
    if (!tensor) return fallback;
    float value = 0.0F;
    if (tensor->view.shape.n_elements() == 1 && is_plain(tensor->view.dtype))
        dequantize_row(tensor->view.dtype, tensor->view.data, &value, 1);
    if (!(value > 0.0F) || !std::isfinite(value))
        return Error{ErrorCode::Corrupt,
                     m_folder.name() + ": tensor " + name + " is not one positive number"};
    return value;
}

}  // namespace lares
