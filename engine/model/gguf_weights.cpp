#include "engine/model/gguf_weights.h"

#include <cstdint>

namespace lares {
namespace {

std::string gguf_suffix(WeightRole role) {
    switch (role) {
        case WeightRole::TokenEmbedding:
            return "token_embd.weight";
        case WeightRole::OutputNorm:
            return "output_norm.weight";
        case WeightRole::Output:
            return "output.weight";
        case WeightRole::LayerNorm:
            return "attn_norm.weight";
        case WeightRole::InProj:
            return "ssm_in.weight";
        case WeightRole::ConvWeight:
            return "ssm_conv1d.weight";
        case WeightRole::ConvBias:
            return "ssm_conv1d.bias";
        case WeightRole::DtBias:
            return "ssm_dt.bias";
        case WeightRole::A:
            return "ssm_a";
        case WeightRole::D:
            return "ssm_d";
        case WeightRole::MixerNorm:
            return "ssm_norm.weight";
        case WeightRole::OutProj:
            return "ssm_out.weight";
        case WeightRole::QProj:
            return "attn_q.weight";
        case WeightRole::KProj:
            return "attn_k.weight";
        case WeightRole::VProj:
            return "attn_v.weight";
        case WeightRole::OProj:
            return "attn_output.weight";
        case WeightRole::UpProj:
            return "ffn_up.weight";
        case WeightRole::DownProj:
            return "ffn_down.weight";
        case WeightRole::KScale:
        case WeightRole::VScale:
            break;  // GGUF has none
    }
    return {};
}

std::string gguf_name(WeightId id) {
    if (id.layer < 0) return gguf_suffix(id.role);
    return "blk." + std::to_string(id.layer) + "." + gguf_suffix(id.role);
}

Error wrong_shape(const GgufFile& file,
                  const std::string& name,
                  const TensorView& view,
                  const Shape& expected) {
    return {ErrorCode::Corrupt, file.name() + ": tensor " + name + " has shape " +
                                    to_string(view.shape) + ", the model's dimensions call for " +
                                    to_string(expected)};
}

}  // namespace

bool GgufWeights::has(WeightId id) const {
    return m_file.find_tensor_or_null(gguf_name(id)) != nullptr;
}

Result<TensorView> GgufWeights::find(const std::string& name) const {
    if (const FileTensor* tensor = m_file.find_tensor_or_null(name)) return tensor->view;
    return Error{ErrorCode::NotFound,
                 m_file.name() + ": tensor " + name +
                     " is missing; the file is incomplete or of another model, download it again"};
}

Result<TensorView> GgufWeights::matrix(WeightId id, std::int64_t rows, std::int64_t cols) const {
    const std::string name = gguf_name(id);
    ASSIGN_OR_RETURN(TensorView view, find(name));
    if (view.rows() != rows || view.cols() != cols || view.shape.n_dims() != 2)
        return wrong_shape(m_file, name, view, {rows, cols});
    return view;
}

Result<TensorView> GgufWeights::floats(WeightId id, const Shape& shape) const {
    const std::string name = gguf_name(id);
    ASSIGN_OR_RETURN(TensorView view, find(name));
    // Converters write the same numbers as [n], [n, 1] or [groups, n / groups]; the order of the
    // bytes is the same, so only their number counts. A true matrix must have its rows.
    const bool fits =
        shape.n_dims() == 1 ? view.shape.n_elements() == shape.n_elements() : view.shape == shape;
    if (!fits) return wrong_shape(m_file, name, view, shape);
    if (view.dtype != DType::F32)
        return Error{ErrorCode::Unsupported, m_file.name() + ": tensor " + name + " has type " +
                                                 std::string(to_string(view.dtype)) +
                                                 ", F32 is expected"};
    if (reinterpret_cast<std::uintptr_t>(view.data) % alignof(float) != 0)
        return Error{ErrorCode::Corrupt,
                     m_file.name() + ": tensor " + name + " is not aligned to 4 bytes"};
    view.shape = shape;
    return view;
}

}  // namespace lares
