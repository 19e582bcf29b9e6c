#include "engine/model/weights.h"

#include "engine/model/model.h"

#include <cstdint>
#include <string>

namespace lares {
namespace {

/// Finds tensors by name and checks what the file says of each before a pointer is bound.
class Binder {
public:
    explicit Binder(const GgufFile& file) : m_file(file) {}

    /// A matrix of any type the engine reads.
    Result<TensorView> matrix(const std::string& name, std::int64_t rows, std::int64_t cols) const {
        ASSIGN_OR_RETURN(TensorView view, find(name));
        if (view.rows() != rows || view.cols() != cols || view.shape.n_dims() != 2)
            return wrong_shape(name, view, {rows, cols});
        return view;
    }

    /// A small F32 tensor. Converters write the same numbers as [n], [n, 1] or [groups, n /
    /// groups]; the order of the bytes is the same, so only their number counts.
    Result<TensorView> vector(const std::string& name, std::int64_t n) const {
        ASSIGN_OR_RETURN(TensorView view, find(name));
        if (view.shape.n_elements() != n) return wrong_shape(name, view, {n});
        RETURN_IF_ERROR(check_floats(name, view));
        view.shape = {n};
        return view;
    }

    Result<TensorView> vector_2d(const std::string& name,
                                 std::int64_t rows,
                                 std::int64_t cols) const {
        ASSIGN_OR_RETURN(TensorView view, matrix(name, rows, cols));
        RETURN_IF_ERROR(check_floats(name, view));
        return view;
    }

    [[nodiscard]] bool has(const std::string& name) const {
        return m_file.find_tensor_or_null(name) != nullptr;
    }

private:
    Result<TensorView> find(const std::string& name) const {
        if (const GgufFile::Tensor* tensor = m_file.find_tensor_or_null(name)) return tensor->view;
        return Error{
            ErrorCode::NotFound,
            m_file.name() + ": tensor " + name +
                " is missing; the file is incomplete or of another model, download it again"};
    }
    Error wrong_shape(const std::string& name,
                      const TensorView& view,
                      const Shape& expected) const {
        return {ErrorCode::Corrupt, m_file.name() + ": tensor " + name + " has shape " +
                                        to_string(view.shape) +
                                        ", the model's dimensions call for " + to_string(expected)};
    }
    /// Small tensors are used in place as floats, so their address must suit one.
    Result<void> check_floats(const std::string& name, const TensorView& view) const {
        if (view.dtype != DType::F32)
            return Error{ErrorCode::Unsupported, m_file.name() + ": tensor " + name + " has type " +
                                                     std::string(to_string(view.dtype)) +
                                                     ", F32 is expected"};
        if (reinterpret_cast<std::uintptr_t>(view.data) % alignof(float) != 0)
            return Error{ErrorCode::Corrupt,
                         m_file.name() + ": tensor " + name + " is not aligned to 4 bytes"};
        return {};
    }

    const GgufFile& m_file;
};

Result<Mamba2Weights> bind_mamba2(const Binder& binder,
                                  const std::string& prefix,
                                  const HParams& hp) {
    Mamba2Weights w;
    ASSIGN_OR_RETURN(w.in_proj,
                     binder.matrix(prefix + "ssm_in.weight", hp.d_in_proj(), hp.d_model));
    ASSIGN_OR_RETURN(w.conv_weight, binder.vector_2d(prefix + "ssm_conv1d.weight",
                                                     hp.d_conv_channels(), hp.d_conv));
    ASSIGN_OR_RETURN(w.conv_bias, binder.vector(prefix + "ssm_conv1d.bias", hp.d_conv_channels()));
    ASSIGN_OR_RETURN(w.dt_bias, binder.vector(prefix + "ssm_dt.bias", hp.n_ssm_head));
    ASSIGN_OR_RETURN(w.A, binder.vector(prefix + "ssm_a", hp.n_ssm_head));
    ASSIGN_OR_RETURN(w.D, binder.vector(prefix + "ssm_d", hp.n_ssm_head));
    ASSIGN_OR_RETURN(w.norm, binder.vector(prefix + "ssm_norm.weight", hp.d_inner()));
    ASSIGN_OR_RETURN(w.out_proj,
                     binder.matrix(prefix + "ssm_out.weight", hp.d_model, hp.d_inner()));
    return w;
}

Result<AttentionWeights> bind_attention(const Binder& binder,
                                        const std::string& prefix,
                                        const HParams& hp) {
    AttentionWeights w;
    ASSIGN_OR_RETURN(w.q_proj, binder.matrix(prefix + "attn_q.weight", hp.d_q(), hp.d_model));
    ASSIGN_OR_RETURN(w.k_proj, binder.matrix(prefix + "attn_k.weight", hp.d_kv(), hp.d_model));
    ASSIGN_OR_RETURN(w.v_proj, binder.matrix(prefix + "attn_v.weight", hp.d_kv(), hp.d_model));
    ASSIGN_OR_RETURN(w.o_proj, binder.matrix(prefix + "attn_output.weight", hp.d_model, hp.d_q()));
    return w;
}

Result<MlpWeights> bind_mlp(const Binder& binder, const std::string& prefix, const HParams& hp) {
    MlpWeights w;
    ASSIGN_OR_RETURN(w.up_proj, binder.matrix(prefix + "ffn_up.weight", hp.d_ff, hp.d_model));
    ASSIGN_OR_RETURN(w.down_proj, binder.matrix(prefix + "ffn_down.weight", hp.d_model, hp.d_ff));
    return w;
}

Result<LayerWeights> bind_layer(const Binder& binder, int layer, const HParams& hp) {
    const std::string prefix = "blk." + std::to_string(layer) + ".";
    LayerWeights w;
    ASSIGN_OR_RETURN(w.norm, binder.vector(prefix + "attn_norm.weight", hp.d_model));
    switch (hp.layers[static_cast<std::size_t>(layer)]) {
        case LayerKind::Mamba2: {
            ASSIGN_OR_RETURN(w.mixer, bind_mamba2(binder, prefix, hp));
            break;
        }
        case LayerKind::Attention: {
            ASSIGN_OR_RETURN(w.mixer, bind_attention(binder, prefix, hp));
            break;
        }
        case LayerKind::Mlp: {
            ASSIGN_OR_RETURN(w.mixer, bind_mlp(binder, prefix, hp));
            break;
        }
    }
    return w;
}

}  // namespace

Result<Weights> bind_weights(const GgufFile& file, const HParams& hparams) {
    const Binder binder(file);
    Weights weights;
    ASSIGN_OR_RETURN(weights.token_embedding,
                     binder.matrix("token_embd.weight", hparams.n_vocab, hparams.d_model));
    for (int i = 0; i < hparams.n_layer(); ++i) {
        ASSIGN_OR_RETURN(auto layer, bind_layer(binder, i, hparams));
        weights.layers.push_back(std::move(layer));
    }
    ASSIGN_OR_RETURN(weights.output_norm, binder.vector("output_norm.weight", hparams.d_model));
    if (binder.has("output.weight")) {
        ASSIGN_OR_RETURN(weights.output,
                         binder.matrix("output.weight", hparams.n_vocab, hparams.d_model));
    } else {
        weights.output = weights.token_embedding;  // a file with tied embeddings
    }
    return weights;
}

}  // namespace lares
